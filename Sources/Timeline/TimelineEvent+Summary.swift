import Wire

extension TimelineEvent {
    /// What happened, in a few words, without the time: `node1 +192.168.1.100 on eth0`.
    public var summary: String {
        let place = node.map { "\($0) " } ?? ""
        switch kind {
        case .frame(let captured):
            let content = frame?.summary ?? "\(captured.originalLength) octets that make no sense"
            return "\(place)\(captured.interface) \(captured.direction.rawValue) \(content)"
        case .impaired(let frame): return "\(place)\(frame)"
        case .link(let interface, let isUp): return "\(place)\(interface) \(isUp ? "up" : "down")"
        case .addressAdded(let prefix, let interface): return "\(place)+\(prefix) on \(interface)"
        case .addressRemoved(let prefix, let interface): return "\(place)-\(prefix) on \(interface)"
        case .started(let process, _): return "\(place)\(process) starts"
        case .output(let process, _, let line): return "\(place)\(process): \(line)"
        case .exited(let process, let status): return "\(place)\(process): \(status)"
        case .crashed(let process, let crash): return "\(place)\(process): \(crash.summary)"
        case .routeAdded(let route): return "\(place)+route \(route)"
        case .routeRemoved(let route): return "\(place)-route \(route)"
        case .neighbor(let address, let change, let interface): return "\(place)\(address) \(change) on \(interface)"
        case .forwarding(let station, let change): return "\(station) \(change)"
        case .request(let request): return "\(place)\(request)"
        case .fault(let text): return "fault: \(text)"
        case .healed(let text): return "healed: \(text)"
        case .step(let text): return "step: \(text)"
        case .verdict(let claim, let outcome): return "\(outcome.rawValue): \(claim)"
        case .stall(let length): return "the host stood still for \(length.text)"
        case .lost(let source, let count): return "\(place)\(source) lost \(count.map(String.init) ?? "some") events"
        }
    }
}
