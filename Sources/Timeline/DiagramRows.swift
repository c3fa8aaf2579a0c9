import Wire

/// Folds a timeline into the rows of a diagram.
///
/// Advertisements that are alike share one row until anything else needs a row; the last one before a disruption keeps
/// a row of its own, since a failover is counted from it. Advertisements of several routers do not part one another.
struct DiagramRows {
    private(set) var rows: [DiagramRow] = []

    private let deliveries: Deliveries
    private let notable: Set<IPAddress>
    private let showsOutput: (TimelineEvent) -> Bool
    private let abridge: (String) -> String
    /// The row that takes a sender's next advertisement, by node and virtual router.
    private var openRuns: [Sender: Int] = [:]
    private var openBursts: [String: Int] = [:]
    private var heard: [Sender: Hearing] = [:]
    private var sent: [Sender: Instant] = [:]
    private var linksDown: Set<String> = []
    /// The row that takes the next loss of frames of a class at a node.
    private var openLosses: [String: Int] = [:]

    private struct Sender: Hashable {
        var node: String
        var virtualRouterID: UInt8
    }

    /// The last advertisement of another router that a router received.
    private struct Hearing {
        var sender: String
        var time: Instant
        var priority: UInt8
    }

    /// Handovers overlap by as much when a machine is loaded; only what lasts longer is worth a row.
    private static let ordinaryOverlap = Duration.milliseconds(250)

    init(
        _ timeline: Timeline, showsOutput: @escaping (TimelineEvent) -> Bool, abridge: @escaping (String) -> String
    ) {
        deliveries = Deliveries(timeline)
        notable = Self.notableAddresses(in: timeline, deliveries)
        self.showsOutput = showsOutput
        self.abridge = abridge
        for (index, event) in timeline.enumerated() { add(event, at: index) }
        for address in notable { addSharedOwnership(of: address, in: timeline) }
        // Stable: rows of one instant keep the order in which they came.
        rows = rows.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    private mutating func add(_ event: TimelineEvent, at index: Int) {
        switch event.kind {
        case .frame: addFrame(event, at: index)
        case .impaired(let frame): addImpaired(frame, event)
        case .link(let interface, let isUp): addLink(interface, isUp: isUp, event)
        case .addressAdded(let prefix, _): addAddress(prefix.address, added: true, event)
        case .addressRemoved(let prefix, _): addAddress(prefix.address, added: false, event)
        case .routeAdded(let route): addRoute(route, "+", event)
        case .routeRemoved(let route): addRoute(route, "-", event)
        case .neighbor(let address, let change, _): addNeighbor(address, change, event)
        case .forwarding(let station, let change): addForwarding(station, change, event)
        case .request: break
        case .started(let process, _): addCell("start \(process)", event)
        case .output(let process, _, let line):
            if showsOutput(event) {
                addCell(abridge(line), event)
            } else if let crash = event.crash {
                addCell("\(process): \(crash.summary)", event)
            }
        case .vanished: addCell("gone", event, disrupts: true)
        case .exited(let process, let status): addCell("\(process): \(status)", event, disrupts: true)
        case .crashed(let process, let crash): addCell("\(process): \(crash.summary)", event)
        case .fault(let text): addLine("fault: \(text)", event, isRuled: true, disrupts: true)
        case .healed(let text): addLine("healed: \(text)", event, isRuled: true)
        case .step(let text): addLine(text, event, isRuled: true)
        case .verdict(let text, let outcome): addLine(Self.mark(outcome) + text, event)
        case .stall(let length): addLine("the host stood still for \(length.text): no figure here counts", event)
        case .lost(let source, let count):
            addLine("\(source) lost \(count.map(String.init) ?? "some") events: the record has a hole", event)
        }
    }
}

// MARK: - Frames

extension DiagramRows {
    private mutating func addFrame(_ event: TimelineEvent, at index: Int) {
        guard let node = event.node, let fact = deliveries.facts[index] else { return }
        switch fact {
        case .advertisement(let packet) where event.isSent:
            addAdvertisement(packet, from: node, event.time, at: index)
        case .announcement(let address) where event.isSent:
            addAnnouncement(of: address, from: node, event.time, at: index)
        case .advertisement(let packet):
            guard let sender = deliveries.senders[index], sender != node else { return }
            heard[Sender(node: node, virtualRouterID: packet.virtualRouterID)] = Hearing(
                sender: sender, time: event.time, priority: packet.priority)
        case .announcement:
            return
        }
    }

    private mutating func addAdvertisement(
        _ packet: VRRPPacket, from node: String, _ time: Instant, at index: Int
    ) {
        let sender = Sender(node: node, virtualRouterID: packet.virtualRouterID)
        let run = DiagramRun(
            node: node, virtualRouterID: packet.virtualRouterID, priority: packet.priority,
            heardBy: deliveries.hearers[index] ?? [], hasAudience: deliveries.hasAudience(besides: node),
            showsID: deliveries.virtualRouterIDs.count > 1)
        let note = takeoverNote(packet, sender, time)
        sent[sender] = time
        if note != nil { closeRuns(disrupted: true) }
        if let open = openRuns[sender], case .advertisements(run, let count, _) = rows[open].content {
            rows[open].content = .advertisements(run, count: count + 1, last: time)
        } else {
            openRuns[sender] = rows.count
            rows.append(DiagramRow(time: time, content: .advertisements(run, count: 1, last: time), note: note))
        }
    }

    /// How long a router that begins to advertise had heard nothing from the one before it.
    private func takeoverNote(_ packet: VRRPPacket, _ sender: Sender, _ time: Instant) -> String? {
        guard let heard = heard[sender], packet.priority > 0 else { return nil }
        if let before = sent[sender], heard.time <= before || time - before <= packet.interval * 2 { return nil }
        let length = (time - heard.time).text
        let start = heard.priority == 0 ? "\(heard.sender) resigned" : "it last heard \(heard.sender)"
        return "\(length) after \(start)"
    }

    private mutating func addAnnouncement(
        of address: IPAddress, from node: String, _ time: Instant, at index: Int
    ) {
        let isHeard = !(deliveries.hearers[index] ?? []).isEmpty || !deliveries.hasAudience(besides: node)
        if let open = openBursts[node],
            case .announcements(_, let addresses, let count, let last, let wasHeard) = rows[open].content,
            time - last < .seconds(1)
        {
            let all = addresses.contains(address) ? addresses : addresses + [address]
            rows[open].content = .announcements(
                node: node, all, count: count + 1, last: time, isHeard: wasHeard || isHeard)
        } else {
            closeRuns()
            openBursts[node] = rows.count
            let content = DiagramRow.Content.announcements(
                node: node, [address], count: 1, last: time, isHeard: isHeard)
            rows.append(DiagramRow(time: time, content: content))
        }
    }

    /// Lets the next advertisements begin new rows; after a disruption the last one so far gets a row to itself, unless
    /// it reached nobody.
    private mutating func closeRuns(disrupted: Bool = false) {
        for open in openRuns.values.sorted() where disrupted {
            guard case .advertisements(let run, let count, let last) = rows[open].content, count > 1,
                !rows[open].isUnheard
            else { continue }
            rows[open].content = .advertisements(run, count: count - 1, last: last)
            rows.append(DiagramRow(time: last, content: .advertisements(run, count: 1, last: last)))
        }
        openRuns = [:]
    }
}

// MARK: - Everything else

extension DiagramRows {
    private mutating func append(_ row: DiagramRow, disrupts: Bool = false) {
        closeRuns(disrupted: disrupts)
        rows.append(row)
    }

    private mutating func addCell(_ text: String, _ event: TimelineEvent, disrupts: Bool = false) {
        guard let node = event.node else { return addLine(text, event, disrupts: disrupts) }
        append(DiagramRow(time: event.time, content: .cell(.init(node: node, text: text))), disrupts: disrupts)
    }

    /// Nothing was learned from a claim with a question mark.
    private static func mark(_ outcome: Outcome) -> String {
        switch outcome {
        case .passed: "ok    "
        case .inconclusive: "?     "
        case .failed: "FAIL  "
        }
    }

    private mutating func addLine(
        _ text: String, _ event: TimelineEvent, isRuled: Bool = false, disrupts: Bool = false
    ) {
        if isRuled { openLosses = [:] }
        let place = event.node.map { text.contains($0) ? "" : " (\($0))" } ?? ""
        append(DiagramRow(time: event.time, content: .line(text + place, isRuled: isRuled)), disrupts: disrupts)
    }

    /// What is lost explains what others do; everything else that a bad cable does would fill the picture. Losses that
    /// are alike share a row until something happens that is ruled.
    private mutating func addImpaired(_ frame: ImpairedFrame, _ event: TimelineEvent) {
        guard let node = event.node, frame.isLost else { return }
        let text = "\(frame.frameClass) lost, \(frame.direction.rawValue)"
        if let open = openLosses["\(node) \(text)"], case .losses(_, let count) = rows[open].content {
            rows[open].content = .losses(.init(node: node, text: text), count: count + 1)
        } else {
            openLosses["\(node) \(text)"] = rows.count
            rows.append(DiagramRow(time: event.time, content: .losses(.init(node: node, text: text), count: 1)))
        }
    }

    /// The first links to come up are the lab being built; only what went down before is worth a word.
    private mutating func addLink(_ interface: String, isUp: Bool, _ event: TimelineEvent) {
        let name = "\(event.node ?? "")/\(interface)"
        if isUp {
            if linksDown.remove(name) != nil { addCell("\(interface) up", event) }
        } else if linksDown.insert(name).inserted {
            addCell("\(interface) down", event, disrupts: true)
        }
    }

    private mutating func addAddress(_ address: IPAddress, added: Bool, _ event: TimelineEvent) {
        guard let node = event.node, notable.contains(address) else { return }
        if let last = rows.last, event.time - last.time < .milliseconds(10),
            case .addresses(node, added, let addresses) = last.content
        {
            let all = addresses.contains(address) ? addresses : addresses + [address]
            rows[rows.count - 1].content = .addresses(node: node, added: added, all)
        } else {
            append(DiagramRow(time: event.time, content: .addresses(node: node, added: added, [address])))
        }
    }

    /// A network on the link comes and goes with its address; what leads elsewhere is worth a row.
    private mutating func addRoute(_ route: NodeRoute, _ sign: String, _ event: TimelineEvent) {
        guard route.gateway != nil else { return }
        addCell("\(sign)route \(route)", event)
    }

    /// Who is found for the first time is the lab being built; who is found elsewhere has moved.
    private mutating func addNeighbor(_ address: IPAddress, _ change: NeighborChange, _ event: TimelineEvent) {
        guard case .found(let station, let before?) = change, before != station else { return }
        addCell("\(address) is at \(station)", event)
    }

    /// The port that a station is behind now stands for the bridge, which has no column.
    private mutating func addForwarding(_ station: MACAddress, _ change: ForwardingChange, _ event: TimelineEvent) {
        guard change.isMove, let port = change.now else { return }
        append(DiagramRow(time: event.time, content: .cell(.init(node: port.node, text: "\(station) is here"))))
    }

    private mutating func addSharedOwnership(of address: IPAddress, in timeline: Timeline) {
        for shared in timeline.sharedOwnership(of: address) {
            let length = (shared.until ?? timeline.endTime) - shared.from
            guard length > Self.ordinaryOverlap else { continue }
            let owners = shared.nodes.joined(separator: " and ")
            let end = shared.until == nil ? "to the end" : "for \(length.text)"
            let text = "** \(owners) both have \(address), \(end)"
            rows.append(DiagramRow(time: shared.from, content: .line(text, isRuled: false)))
        }
    }

    /// The addresses that routers advertise or announce: the rest is the lab being built. Without routers, every
    /// address.
    static func notableAddresses(in timeline: Timeline, _ deliveries: Deliveries) -> Set<IPAddress> {
        let changed = Set(timeline.compactMap(\.kind.address))
        let claimed = deliveries.facts.values.reduce(into: Set<IPAddress>()) { addresses, fact in
            switch fact {
            case .advertisement(let packet): addresses.formUnion(packet.addresses)
            case .announcement(let address): addresses.insert(address)
            }
        }
        return claimed.isEmpty ? changed : claimed.intersection(changed)
    }
}
