import Wire

/// Looks for the steps of a convergence in a record.
struct ConvergenceSearch {
    var timeline: Timeline
    var address: IPAddress
    var old: String
    var new: String
    var client: String
    var fault: Instant

    func finding(of name: Convergence.Name) -> Convergence.Finding {
        switch name {
        case .lastAdvertisement: lastAdvertisement
        case .firstAdvertisement: firstAdvertisement
        case .addressAdded: addressAdded
        case .announcement: announcement
        case .forwarding: forwarding
        case .neighbor: neighbor
        case .answer: answer
        }
    }

    private var takeover: Takeover? { timeline.takeover(of: address, from: old, to: new, after: fault) }

    private var lastAdvertisement: Convergence.Finding {
        guard let takeover else { return .missing("\(new) never advertised") }
        return takeover.lastHeard.map { .seen($0) } ?? .missing("\(new) had not heard \(old)")
    }

    private var firstAdvertisement: Convergence.Finding {
        takeover.map { .seen($0.first) } ?? .missing("\(new) never advertised \(address)")
    }

    private var addressAdded: Convergence.Finding {
        if let event = first({ $0.isAddition(of: address, to: new) }) { return .seen(event) }
        let hadIt = timeline.ownership(of: address).contains { $0.node == new && $0.from < fault }
        return hadIt ? .notNeeded("\(new) had it all the time") : .missing("\(new)'s kernel told of no such address")
    }

    private var announcing: TimelineEvent? { first { $0.isAnnouncement(of: address, from: new) } }

    private var announcement: Convergence.Finding {
        announcing.map { .seen($0) } ?? .missing("\(new) announced nothing")
    }

    /// Where the new router tells everybody to look for the address.
    private var station: MACAddress? {
        switch announcing?.frame?.content {
        case .arp(let packet): packet.senderMAC
        case .neighborAdvertisement(let message, _): message.linkLayerAddress
        default: nil
        }
    }

    private var forwarding: Convergence.Finding {
        guard let station else { return .missing("no announcement says which station to look for") }
        let moved = first { event in
            guard case .forwarding(station, let change) = event.kind else { return false }
            return change.now?.node == new
        }
        if let moved { return .seen(moved) }
        if owners(of: station, before: fault) == [new] {
            return .notNeeded("\(station) is \(new)'s own and stays where it is")
        }
        return .missing("no bridge told of \(station)")
    }

    private var neighbor: Convergence.Finding {
        guard let station else { return .missing("no announcement says which station to look for") }
        let changed = first { event in
            guard event.node == client, case .neighbor(address, let change, _) = event.kind else { return false }
            if case .found(station, _) = change { return true }
            return false
        }
        if let changed { return .seen(changed) }
        let before = timeline.last(before: fault) { event in
            guard event.node == client, case .neighbor(address, _, _) = event.kind else { return false }
            return true
        }
        if case .neighbor(_, .found(station, _), _) = before?.kind {
            return .notNeeded("\(client) knew \(station) before")
        }
        return .missing("\(client)'s kernel told of no change")
    }

    /// The first packet from the address that the new router sent and the client got.
    private var answer: Convergence.Finding {
        guard let takeover else { return .missing("\(new) never took over") }
        var sent: Set<[UInt8]> = []
        for event in timeline[fault...] {
            guard case .frame(let captured) = event.kind, let packet = event.frame?.ipPacket,
                packet.source == address, event.advertisement == nil, event.announcedAddress == nil
            else { continue }
            if event.node == new, event.isSent { sent.insert(captured.octets) }
            // The two ends of a cable are read one after the other; the kernel's stamps put them in order.
            if event.node == client, !event.isSent, sent.contains(captured.octets), event.time >= takeover.first.time {
                return .seen(event)
            }
        }
        return .missing("\(client) got nothing from \(new)")
    }

    private func first(_ condition: (TimelineEvent) -> Bool) -> TimelineEvent? {
        timeline.first(after: fault, where: condition)
    }

    /// The nodes that sent frames from a station.
    private func owners(of station: MACAddress, before end: Instant) -> Set<String> {
        Set(
            timeline[..<end].filter { $0.isSent && $0.frame?.ethernet.source == station }.compactMap(\.node))
    }
}
