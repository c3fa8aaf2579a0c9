import Wire

/// Which frames of routers were sent and who received each, by the events' positions.
struct Deliveries {
    /// What a frame says, as far as a diagram tells it.
    enum Fact: Hashable {
        case advertisement(VRRPPacket)
        case announcement(IPAddress)
    }

    private(set) var facts: [Int: Fact] = [:]
    /// The nodes that received a sent frame.
    private(set) var hearers: [Int: Set<String>] = [:]
    /// The node that had sent a received frame.
    private(set) var senders: [Int: String] = [:]
    private(set) var virtualRouterIDs: Set<UInt8> = []
    /// The nodes whose frames are recorded, when received ones are recorded at all.
    private var listeners: Set<String> = []

    /// Frames that are alike and follow one another faster than this are a burst.
    private static let burstPause = Duration.milliseconds(5)

    /// Pairs every received frame with a sent one of the same octets: within a burst the first that the node has not
    /// received yet, else the latest.
    init(_ timeline: Timeline) {
        var bursts: [[UInt8]: [Int]] = [:]
        for (index, event) in timeline.enumerated() {
            guard let node = event.node, case .frame(let captured) = event.kind else { continue }
            listeners.insert(node)
            guard let fact = Self.fact(of: event) else { continue }
            facts[index] = fact
            if case .advertisement(let packet) = fact { virtualRouterIDs.insert(packet.virtualRouterID) }
            let burst = bursts[captured.octets, default: []]
            if captured.direction == .sent {
                let continues = burst.last.map { event.time - timeline[$0].time < Self.burstPause } ?? false
                bursts[captured.octets] = continues ? burst + [index] : [index]
            } else if let origin = burst.first(where: { !hearers[$0, default: []].contains(node) }) ?? burst.last {
                hearers[origin, default: []].insert(node)
                senders[index] = timeline[origin].node
            }
        }
        if !timeline.contains(where: { $0.frameDirection == .received }) { listeners = [] }
    }

    /// Whether anybody else's frames are recorded, so that a frame that nobody received was lost.
    func hasAudience(besides node: String) -> Bool {
        listeners.contains { $0 != node }
    }

    private static func fact(of event: TimelineEvent) -> Fact? {
        if let address = event.announcedAddress { return .announcement(address) }
        return event.advertisement.map { .advertisement($0.0) }
    }
}
