import LabCourse
import Timeline
import Wire

/// What a node says in its advertisements about one virtual router, always the same but for the priority.
struct Voice {
    var node: String
    var packet: VRRPPacket
    var carrier: IPPacket
    /// The advertisements with which it claims to be the master, in order.
    var claims: [TimelineEvent]
    /// The highest priority that it claimed.
    var priority: UInt8

    var first: TimelineEvent { claims[0] }
    var addresses: Set<IPAddress> { Set(packet.addresses) }
    var isUnicast: Bool { !carrier.destination.isMulticast }

    /// What each of some nodes says, in the order of the nodes and then of their first words.
    static func all(in timeline: Timeline, of nodes: [String]) -> [Voice] {
        var voices: [Voice] = []
        for event in timeline {
            guard let node = event.node, nodes.contains(node), event.isSent,
                let (packet, carrier) = event.advertisement,
                packet.priority > 0
            else { continue }
            if let known = voices.firstIndex(where: { $0.node == node && $0.says(packet, to: carrier.destination) }) {
                voices[known].claims.append(event)
                voices[known].priority = max(voices[known].priority, packet.priority)
            } else {
                voices.append(
                    Voice(node: node, packet: packet, carrier: carrier, claims: [event], priority: packet.priority))
            }
        }
        return nodes.flatMap { node in voices.filter { $0.node == node } }
    }

    /// Whether another packet differs in nothing that a receiver compares.
    func says(_ other: VRRPPacket, to destination: IPAddress) -> Bool {
        packet.version == other.version && packet.virtualRouterID == other.virtualRouterID
            && packet.interval == other.interval && packet.authentication == other.authentication
            && addresses == Set(other.addresses) && carrier.destination.isMulticast == destination.isMulticast
            && carrier.source.family == destination.family
    }

    /// Whether both speak of the same virtual router, as far as a packet shows.
    func isSameGroup(as other: Voice) -> Bool {
        packet.virtualRouterID == other.packet.virtualRouterID && carrier.source.family == other.carrier.source.family
    }

    var password: String {
        switch packet.authentication {
        case .none: "no password"
        case .password(let octets): "the password '\(String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self))'"
        case .other(let type, _): "authentication of type \(type)"
        }
    }
}

/// What a run showed of two nodes that do not understand each other.
struct Disunity {
    var first: Voice
    var second: Voice

    /// The first two voices of different nodes of which something holds.
    static func search(
        _ observation: Observation, where contradict: (Voice, Voice) -> Bool
    ) -> Disunity? {
        let voices = Voice.all(in: observation.timeline, of: observation.submission.routers.map(\.node))
        for (index, voice) in voices.enumerated() {
            let other = voices[index...].first { $0.node != voice.node && contradict(voice, $0) }
            if let other { return Disunity(first: voice, second: other) }
        }
        return nil
    }
}

extension Observation {
    /// An instant as the capture and the logs of the run have it.
    func time(_ instant: Instant) -> String { (instant - origin).text }

    /// An advertisement, with what it says.
    func sight(of event: TimelineEvent, saying words: String) -> Diagnosis.Sight {
        Diagnosis.Sight("\(LabArtifact.capture) \(time(event.time))", "\(event.node ?? "somebody") sends \(words)")
    }

    /// The first line of a node's log that has one of some words in it.
    func line(saying words: [String], of node: String) -> Diagnosis.Sight? {
        for event in timeline {
            guard event.node == node, case .output(_, _, let line) = event.kind,
                words.contains(where: { line.contains($0) })
            else { continue }
            return Diagnosis.Sight("\(node).log \(time(event.time))", line)
        }
        return nil
    }

    /// When two kernels had an address longer than a handover takes.
    func sharing(of addresses: Set<IPAddress>) -> Diagnosis.Sight? {
        for address in addresses.sorted() {
            let shared = timeline.sharedOwnership(of: address).first { span in
                (span.until ?? timeline.endTime) - span.from > .milliseconds(250)
            }
            guard let shared else { continue }
            let end = shared.until.map { "until \(time($0))" } ?? "to the end"
            return Diagnosis.Sight(
                "kernels \(time(shared.from))", "\(shared.nodes.joined(separator: " and ")) have \(address) \(end)")
        }
        return nil
    }
}
