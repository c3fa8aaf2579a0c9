import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Mistake {
    static let wrongPeers = Mistake(
        .wrongPeers, "wrong peer list", .error,
        symptom:
            "On the master: both nodes hold the address. On the backup: nothing, until it has to lead.",
        reason: """
            A node with unicast_peer sends to these addresses and nowhere else. For one that nobody has it asks by ARP \
            for ever; the node's own is sent to itself. The other node then hears nobody. On a backup, which sends \
            nothing, the mistake waits for the failover: then the former master returns, hears nobody, and both lead.
            """,
        wrong: "node1 (.11)   unicast_peer { 192.168.1.13 }",
        right: "node1 (.11)   unicast_peer { 192.168.1.12 }",
        inFiles: { submission in
            Counterparts.all(in: submission).flatMap { pair in
                [PeerList(of: pair.first, to: pair.second), PeerList(of: pair.second, to: pair.first)]
                    .compactMap { $0.diagnosis }
            }
        },
        onWire: { observation in SilentMaster.all(in: observation).map { $0.diagnosis(in: observation) } },
        specimens: [
            .pair("VR209-master", peers("192.168.1.13", "192.168.1.11")),
            .pair("VR209-backup", peers("192.168.1.12", "192.168.1.13"), isFoundOnWire: false),
            .pair("VR209-self", peers("192.168.1.12", "192.168.1.12"), isFoundOnWire: false),
        ],
        demonstration: .twoMasters("node1 talks to an address that nobody has, so node2 hears nobody"))
}

/// Both nodes with one peer each.
private func peers(_ master: String, _ backup: String) -> [Specimen.Change] {
    [
        .adding("unicast_peer {", "    \(master)", "}", to: LabFile.master),
        .adding("unicast_peer {", "    \(backup)", "}", to: LabFile.backup),
    ]
}

/// Whom a node talks to, beside the one to whom it should.
private struct PeerList {
    var speaker: PairedRouter
    var listener: PairedRouter

    init(of speaker: PairedRouter, to listener: PairedRouter) {
        self.speaker = speaker
        self.listener = listener
    }

    /// What is wrong with it; nothing when the other node listens to the group, which is another mistake.
    var diagnosis: Diagnosis? {
        guard speaker.isUnicast, listener.isUnicast, let wanted = listener.source else { return nil }
        let peers = speaker.router.unicastPeers
        let own = peers.first { speaker.nodeAddresses.contains($0) }
        guard own != nil || !peers.contains(wanted) else { return nil }
        let list = peers.map { "\($0)" }.joined(separator: ", ")
        let fault =
            own.map { "\($0) is its own address" }
            ?? "\(listener.node) talks from \(wanted), and the list has only \(list.isEmpty ? "nobody" : list)"
        return Diagnosis(
            .wrongPeers, .error, at: [speaker.place(["unicast_peer"])],
            "\(speaker.node) does not reach \(listener.node): \(fault).",
            remedy: "unicast_peer { \(wanted) } on \(speaker.node)")
    }
}

/// A node that took its address and told nobody.
private struct SilentMaster {
    var router: PairedRouter
    /// When its kernel had the address.
    var owned: TimelineEvent
    /// Requests for a peer's Ethernet address that nobody answered.
    var requests: [TimelineEvent]

    static func all(in observation: Observation) -> [SilentMaster] {
        observation.submission.routers.flatMap { node in
            node.reading.routers.compactMap { router in
                let paired = PairedRouter(
                    node: node.node, interfaces: node.interfaces, reading: node.reading, router: router)
                return paired.isUnicast ? search(paired, observation.timeline) : nil
            }
        }
    }

    private static func search(_ router: PairedRouter, _ timeline: Timeline) -> SilentMaster? {
        let owned = timeline.first(after: .zero) { event in
            router.advertised.contains { event.isAddition(of: $0, to: router.node) }
        }
        guard let owned else { return nil }
        let span = owned.time...(owned.time + router.interval * 2)
        let node = router.node
        let isOver = timeline.first(after: span.upperBound) { $0.node == node } == nil
        // What was merely late was recorded all the same.
        let isSpoiled =
            !timeline.losses(in: span).isEmpty || !timeline.stalls(in: span, longerThan: router.interval).isEmpty
        let hasSpoken = timeline.contains { event in
            guard event.node == node else { return false }
            if case .exited = event.kind { return span.contains(event.time) }
            return event.isAdvertisement(from: node)
        }
        guard !isOver, !isSpoiled, !hasSpoken else { return nil }
        return SilentMaster(router: router, owned: owned, requests: requests(of: router, timeline))
    }

    private static func requests(of router: PairedRouter, _ timeline: Timeline) -> [TimelineEvent] {
        timeline.filter { event in
            guard event.node == router.node, event.isSent, case .arp(let packet)? = event.frame?.content,
                packet.operation == .request, !packet.isGratuitous
            else { return false }
            return router.router.unicastPeers.contains(.v4(packet.targetAddress))
        }.events
    }

    func diagnosis(in observation: Observation) -> Diagnosis {
        let peers = router.router.unicastPeers.map { "\($0)" }.joined(separator: ", ")
        var sights = [
            Diagnosis.Sight("\(router.node) kernel \(observation.time(owned.time))", owned.summary),
            Diagnosis.Sight(LabArtifact.capture, "not one advertisement of \(router.node) on the wire"),
        ]
        if let first = requests.first {
            sights.append(
                Diagnosis.Sight(
                    "\(LabArtifact.capture) \(observation.time(first.time))",
                    "\(router.node) asks who has \(peers), \(requests.count) times"))
        }
        sights += [observation.sharing(of: router.advertised)].compactMap(\.self)
        return Diagnosis(
            .wrongPeers, .error, at: [router.place(["unicast_peer"])],
            "\(router.node) holds its address and nobody hears of it: it talks to \(peers).",
            remedy: "give \(router.node) the addresses from which the other nodes talk as unicast_peer",
            sights: sights)
    }
}
