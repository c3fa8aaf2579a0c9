import Wire

/// What a picture tells of a timeline, node by node.
struct SwimlaneStory {
    struct Advertisement {
        var node: String
        var time: Instant
        var priority: UInt8
        /// Which virtual router it is about: several may have one number in two address families.
        var router: RouterKey
        var interval: Duration
        var hearers: Set<String>
        /// The first that its sender sent after it had been silent for a while, or the last before that.
        var isEdge = false
        /// Another priority than in its sender's advertisement before.
        var isChange = false
    }

    /// A virtual router as the wire tells them apart.
    struct RouterKey: Hashable {
        var identifier: UInt8
        var family: AddressFamily?
    }

    /// Something short that happened at a node.
    struct Moment {
        var node: String
        var time: Instant
        var text: String
    }

    /// Something that lasted; what has no end lasts to the end of the record.
    struct Stretch {
        var node: String?
        var from: Instant
        var until: Instant?
        var text: String
    }

    /// What a router was, from one word of its own to the next.
    struct State {
        var node: String
        /// The virtual router's name; empty where only the wire tells of it.
        var router: String
        var word: String
        var from: Instant
        var until: Instant?
        /// Who says so.
        var source: String
    }

    struct Verdict {
        var time: Instant
        var text: String
        var outcome: Outcome
    }

    private(set) var nodes: [String]
    private(set) var hiddenNodes: Int
    private(set) var end: Instant
    private(set) var advertisements: [Advertisement] = []
    private(set) var announcements: [Moment] = []
    private(set) var learned: [Moment] = []
    private(set) var starts: [Moment] = []
    private(set) var ends: [Moment] = []
    // Those below are filled by an extension in its own file.
    var states: [State] = []
    var told: [Moment] = []
    var results: [(moment: Moment, isGood: Bool)] = []
    private(set) var requests: [(node: String, request: ClientRequest, end: Instant)] = []
    private(set) var faults: [Stretch] = []
    private(set) var steps: [(time: Instant, text: String)] = []
    private(set) var stalls: [Stretch] = []
    private(set) var losses: [(time: Instant, text: String)] = []
    private(set) var linksDown: [Stretch] = []
    private(set) var verdicts: [Verdict] = []
    let expectations: [Swimlanes.Expectation]
    private(set) var handovers: [ClosedRange<Instant>] = []
    /// Those that routers claim, at most so many as a lane has room for; those of which two had one come first.
    private(set) var addresses: [IPAddress] = []
    private(set) var ownership: [IPAddress: [OwnershipSpan]] = [:]
    private(set) var clashes: [IPAddress: [SharedOwnership]] = [:]

    private static let addressesPerLane = 3

    init(_ timeline: Timeline, _ options: Swimlanes.Options) {
        let all = options.nodes ?? timeline.nodes
        nodes = Array(all.prefix(max(options.maximumNodes, 1)))
        hiddenNodes = all.count - nodes.count
        expectations = options.expectations
        end = timeline.endTime
        let deliveries = Deliveries(timeline)
        for (index, event) in timeline.enumerated() {
            note(event, deliveries.facts[index], hearers: deliveries.hearers[index] ?? [])
            if let sign = options.reading(event) { note(sign, event) }
        }
        states += Self.statesOnTheWire(advertisements, besides: Set(states.map(\.node)))
        for address in DiagramRows.notableAddresses(in: timeline, deliveries) {
            ownership[address] = timeline.ownership(of: address)
            clashes[address] = timeline.sharedOwnership(of: address)
        }
        addresses = Array(
            ownership.keys.sorted { left, right in
                let (first, second) = (clashes[left]?.count ?? 0, clashes[right]?.count ?? 0)
                return first == second ? left < right : first > second
            }.prefix(Self.addressesPerLane))
        markEdges()
        handovers = Self.handovers(in: timeline, advertisements)
    }

    // MARK: Reading

    private mutating func note(_ event: TimelineEvent, _ fact: Deliveries.Fact?, hearers: Set<String>) {
        let node = event.node ?? ""
        let moment = { (text: String) in Moment(node: node, time: event.time, text: text) }
        switch event.kind {
        case .frame: if event.isSent, let fact { note(fact, moment(""), hearers: hearers) }
        case .link(let interface, let isUp): noteLink("\(interface) down", node, event.time, isUp: isUp)
        case .neighbor(let address, let change, _):
            if case .found(let mac, _?) = change { learned.append(moment("\(address) is at \(mac)")) }
        case .forwarding(let mac, let change):
            guard let port = change.now, change.before != nil else { return }
            learned.append(Moment(node: port.node, time: event.time, text: "the bridge finds \(mac) here"))
        case .request(let request): requests.append((node, request, event.time))
        case .crashed(let process, let crash):
            ends.append(moment("\(process): \(crash.summary)"))
            endStates(of: process, node, event.time)
        case .started(let process, _): starts.append(moment("\(process) starts"))
        case .exited(let process, let status):
            ends.append(moment("\(process): \(status)"))
            endStates(of: process, node, event.time)
        case .fault(let text): faults.append(Stretch(node: event.node, from: event.time, until: nil, text: text))
        case .healed(let text):
            guard let open = faults.lastIndex(where: { $0.text == text && $0.until == nil }) else { return }
            faults[open].until = event.time
        case .step(let text): steps.append((event.time, text))
        case .verdict(let text, let outcome):
            verdicts.append(Verdict(time: event.time, text: text, outcome: outcome))
        case .stall(let length):
            stalls.append(
                Stretch(node: nil, from: event.time - length, until: event.time, text: "stood still, \(length.text)"))
        case .lost(let source, _): losses.append((event.time, "\(source) lost events"))
        case .addressAdded, .addressRemoved, .routeAdded, .routeRemoved, .output, .impaired: return
        }
    }

    private mutating func note(_ fact: Deliveries.Fact, _ moment: Moment, hearers: Set<String>) {
        switch fact {
        case .advertisement(let packet):
            advertisements.append(
                Advertisement(
                    node: moment.node, time: moment.time, priority: packet.priority,
                    router: RouterKey(
                        identifier: packet.virtualRouterID, family: packet.addresses.first?.family),
                    interval: packet.interval, hearers: hearers))
        case .announcement(let address):
            announcements.append(Moment(node: moment.node, time: moment.time, text: "announces \(address)"))
        }
    }

    private mutating func noteLink(_ text: String, _ node: String, _ time: Instant, isUp: Bool) {
        let open = linksDown.lastIndex { $0.node == node && $0.text == text && $0.until == nil }
        if isUp, let open {
            linksDown[open].until = time
        } else if !isUp, open == nil {
            linksDown.append(Stretch(node: node, from: time, until: nil, text: text))
        }
    }

    // MARK: Handovers

    /// A sender's advertisements without a longer pause are a run: its ends are edges.
    private mutating func markEdges() {
        struct Run {
            var last: Int
            var priority: UInt8
        }
        var runs: [RouterKey: [String: Run]] = [:]
        for index in advertisements.indices {
            let advertisement = advertisements[index]
            let before = runs[advertisement.router]?[advertisement.node]
            let pause = before.map { advertisement.time - advertisements[$0.last].time } ?? .zero
            if before == nil || before?.priority == 0 || pause > advertisement.interval * 5 / 2 {
                advertisements[index].isEdge = true
                advertisements[index].isChange = true
                if let before { advertisements[before.last].isEdge = true }
            } else if before?.priority != advertisement.priority {
                advertisements[index].isChange = true
            }
            runs[advertisement.router, default: [:]][advertisement.node] = Run(
                last: index, priority: advertisement.priority)
        }
        for run in runs.values.flatMap(\.values) { advertisements[run.last].isEdge = true }
    }

    /// The moments in which one sender follows another, from its first advertisement to what the others learned of it;
    /// the first few.
    private static func handovers(
        in timeline: Timeline, _ advertisements: [Advertisement]
    ) -> [ClosedRange<Instant>] {
        var windows: [ClosedRange<Instant>] = []
        var senders: [RouterKey: String] = [:]
        for after in advertisements where after.priority > 0 && windows.count < 3 {
            defer { senders[after.router] = after.node }
            guard let before = senders[after.router], before != after.node else { continue }
            guard windows.last.map({ after.time > $0.upperBound }) ?? true else { continue }
            let consequences = timeline[after.time...(after.time + .milliseconds(80))].filter { event in
                switch event.kind {
                case .addressAdded, .neighbor, .forwarding: true
                default: event.isSent && event.announcedAddress != nil
                }
            }
            guard !consequences.isEmpty else { continue }
            let end = Swift.max(consequences.endTime, after.time + .microseconds(500))
            let margin = (end - after.time) / 8
            windows.append(after.time - margin...end + margin)
        }
        return windows
    }
}
