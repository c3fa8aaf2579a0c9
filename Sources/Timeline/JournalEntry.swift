import Wire

/// A line of a program or a mark of the scenario as an entry of a systemd journal, in its export format.
///
/// Format: https://systemd.io/JOURNAL_EXPORT_FORMATS/
struct JournalEntry {
    private var time: Instant
    private var node: String?
    private var process: String
    private var message: String
    private var urgency: Urgency

    /// As in syslog(3).
    private enum Urgency: UInt8 {
        case error = 3
        case warning = 4
        case notice = 5
        case information = 6
    }

    /// Nil for what belongs into no journal.
    init?(_ event: TimelineEvent) {
        (time, node) = (event.time, event.node)
        switch event.kind {
        case .output(let process, _, let line):
            (self.process, message, urgency) = (process, line, .information)
        case .started(let process, let arguments):
            (self.process, message) = (process, "started: " + arguments.joined(separator: " "))
            urgency = .notice
        case .exited(let process, let status):
            (self.process, message, urgency) = (process, "ended: \(status)", .notice)
        default:
            guard let mark = event.mark else { return nil }
            (process, message) = ("lab", mark)
            switch event.kind {
            case .verdict(_, .failed), .crashed: urgency = .error
            case .fault, .stall, .lost: urgency = .warning
            default: urgency = .notice
            }
        }
    }

    /// A block of its own: the entry's time is a field, in microseconds.
    func block(_ realTimeOffset: Duration) -> PCAPNGBlock {
        let microseconds = max(0, (time + realTimeOffset).nanoseconds) / 1000
        var octets = Self.field("__REALTIME_TIMESTAMP", "\(microseconds)")
        octets += Self.field("__MONOTONIC_TIMESTAMP", "\(max(0, time.nanoseconds) / 1000)")
        if let node { octets += Self.field("_HOSTNAME", node) }
        octets += Self.field("SYSLOG_IDENTIFIER", process)
        octets += Self.field("PRIORITY", "\(urgency.rawValue)")
        octets += Self.field("MESSAGE", message)
        var block = PCAPNGBlock(type: 9)
        block.append(padded: octets)
        return block
    }

    /// A value with line ends in it is told with its length, eight octets, lowest first.
    private static func field(_ name: String, _ value: String) -> [UInt8] {
        let octets = Array(value.utf8)
        guard octets.contains(where: { $0 < 0x20 && $0 != 0x09 }) else {
            return Array("\(name)=".utf8) + octets + [0x0a]
        }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: octets.count >> (8 * $0)) }
        return Array("\(name)\n".utf8) + length + octets + [0x0a]
    }
}

extension TimelineEvent {
    /// What the scenario, its judges and the host did, in words; nil for what nodes did.
    var mark: String? {
        switch kind {
        case .fault(let what): "fault: \(what)"
        case .healed(let what): "healed: \(what)"
        case .step(let what): "step: \(what)"
        case .verdict(let what, let outcome): "\(outcome == .failed ? "FAILED" : outcome.rawValue): \(what)"
        case .stall(let length): "the host stood still for \(length.text)"
        case .lost(let source, let count): "\(source) lost \(count.map(String.init) ?? "some") events"
        case .impaired(let frame): "\(frame)"
        case .crashed(let process, let crash): "\(process): \(crash.summary)"
        case .frame, .link, .addressAdded, .addressRemoved, .routeAdded, .routeRemoved, .neighbor, .forwarding,
            .started, .output, .exited, .request:
            nil
        }
    }
}
