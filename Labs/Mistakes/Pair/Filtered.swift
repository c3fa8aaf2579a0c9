import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

extension Mistake {
    static let filtered = Mistake(
        .filtered, "IP protocol 112 is filtered", .error,
        symptom:
            "Both nodes are masters although the files agree; no log says anything, and tcpdump shows the packets.",
        reason: """
            VRRP is neither TCP nor UDP but an IP protocol of its own, number 112, to 224.0.0.18. A packet filter that \
            lets in what it knows drops it. tcpdump looks before the filter, so it shows advertisements that the \
            daemon never gets. Nobody is told: not the daemon, and not its peer.
            """,
        wrong: "-A INPUT -p tcp --dport 22 -j ACCEPT\n-P INPUT DROP",
        right: "-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p vrrp -j ACCEPT\n-P INPUT DROP",
        onWire: { observation in UnheardMaster.all(in: observation).map { $0.diagnosis(in: observation) } },
        specimens: [.pair("VR206-input", [], isFoundInFiles: false)],
        demonstration: .twoMasters("node2's own filter keeps from its daemon what reaches its interface") { run in
            let node = run.routers[run.routers.count - 1]
            try run.lab.inject(.filter(LinkEnd(node, "eth0"), ipProtocol: VRRPPacket.protocolNumber))
        })
}

/// A master that goes on although better advertisements reach its interface.
struct UnheardMaster {
    /// The node that does not hear.
    var listener: Voice
    /// The better advertisements, as they reached its interface.
    var arrivals: [TimelineEvent]
    /// What it still claimed when it should have been silent.
    var claims: [TimelineEvent]

    /// Every node of a run of which that is true, with two claims and two arrivals at least.
    static func all(in observation: Observation) -> [UnheardMaster] {
        let nodes = observation.submission.routers.map(\.node)
        return Voice.all(in: observation.timeline, of: nodes).compactMap { search($0, observation.timeline) }
    }

    private static func search(_ listener: Voice, _ timeline: Timeline) -> UnheardMaster? {
        let arrivals = timeline.filter { event in
            guard event.time >= listener.first.time, event.node == listener.node, event.frameDirection == .received,
                let (packet, carrier) = event.advertisement, carrier.hopLimit == 255,
                listener.says(packet, to: carrier.destination)
            else { return false }
            return (listener.priority, listener.carrier.source) < (packet.priority, carrier.source)
        }
        guard let first = arrivals.first, arrivals.count > 1 else { return nil }
        // Who yields may send one last advertisement, and at once.
        let late = first.time + listener.packet.interval / 2
        let claims = listener.claims.filter { $0.time > late }
        return claims.count < 2 ? nil : UnheardMaster(listener: listener, arrivals: arrivals.events, claims: claims)
    }

    func diagnosis(in observation: Observation) -> Diagnosis {
        let node = listener.node
        let heard = arrivals[0].advertisement?.0.priority ?? 0
        let sights = [
            Diagnosis.Sight(
                "\(LabArtifact.capture) \(observation.time(arrivals[0].time))",
                "an advertisement with priority \(heard) reaches \(node), and \(arrivals.count - 1) more"),
            Diagnosis.Sight(
                "\(LabArtifact.capture) \(observation.time(claims[0].time))",
                "\(node) still claims priority \(listener.priority), and \(claims.count - 1) times more"),
        ]
        return Diagnosis(
            .filtered, .error, at: [],
            "\(node) goes on as a master although better advertisements reach its interface: something between the "
                + "interface and the daemon drops them.",
            remedy: "let IP protocol 112 to 224.0.0.18 (or from the peers) into \(node): iptables -I INPUT -p vrrp "
                + "-j ACCEPT",
            sights: sights + [observation.sharing(of: listener.addresses)].compactMap(\.self))
    }
}
