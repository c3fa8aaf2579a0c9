import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension Session {
    /// Looks at everything at once.
    ///
    /// - Parameter only: the node to tell of; nil is all.
    func look(at only: String?) throws -> LookReport {
        if let only { _ = try node(only) }
        let probes = try probe(addresses())
        let sight = Sight(lab.timeline, now: MonotonicClock.now, ProgramHistory(lab.timeline))
        let held = try nodes.reduce(into: [String: Set<IPAddress>]()) { held, name in
            held[name] = Set(try lab[name].addresses().map(\.prefix.address))
        }
        let shown = try nodes.filter { only == nil || $0 == only }.map { try describe($0, sight, held[$0] ?? []) }
        let addresses = addresses().map { describe($0, sight, held, probes[$0]) }
        return LookReport(
            name: name, plan: plan, age: (sight.now - lab.start).inSeconds, addresses: addresses, nodes: shown,
            faults: lab.faultsInForce.map { "\($0)" }, hints: hints(sight, held))
    }

    /// One moment of the lab.
    struct Sight {
        var timeline: Timeline
        var now: Instant
        var programs: ProgramHistory

        init(_ timeline: Timeline, now: Instant, _ programs: ProgramHistory) {
            self.timeline = timeline
            self.now = now
            self.programs = programs
        }

        func ago(_ time: Instant) -> Double { max(.zero, now - time).inSeconds }

        /// The last event of a kind.
        func last(_ matches: (TimelineEvent) -> Bool) -> TimelineEvent? {
            timeline.last(before: Instant(nanoseconds: .max), where: matches)
        }
    }

    private func describe(
        _ address: IPAddress, _ sight: Sight, _ held: [String: Set<IPAddress>], _ probe: AddressProbe?
    ) -> LookReport.Address {
        let spans = sight.timeline.ownership(of: address)
        let owners = nodes.filter { held[$0]?.contains(address) ?? false }.map { node in
            LookReport.Owner(
                node: node, since: sight.ago(spans.last { $0.node == node && $0.until == nil }?.from ?? lab.start))
        }
        let shared = owners.count > 1 ? sight.timeline.sharedOwnership(of: address).last { $0.until == nil } : nil
        let lost = owners.isEmpty ? spans.compactMap(\.until).max() : nil
        return LookReport.Address(
            address: "\(address)", owners: owners, sharedFor: shared.map { sight.ago($0.from) },
            lostFor: lost.map(sight.ago), asker: probe?.asker, answers: probe?.answers ?? [])
    }

    private func describe(_ name: String, _ sight: Sight, _ held: Set<IPAddress>) throws -> LookReport.Node {
        guard run.routers.contains(name) else { return LookReport.Node(name: name, routers: []) }
        let daemon = run.program(of: name).process
        let program = sight.programs.program(daemon, on: name)
        let routers = routers(of: name).map { router in
            describe(router, of: name, since: program?.started ?? lab.start, sight, held)
        }
        return LookReport.Node(name: name, daemon: daemon, end: program?.end, routers: routers)
    }

    private func describe(
        _ router: VirtualRouterConfiguration, of node: String, since start: Instant, _ sight: Sight,
        _ held: Set<IPAddress>
    ) -> LookReport.Router {
        let sent = sight.last { $0.isAdvertisement(from: node, of: router) }
        let heard = sight.last { event in
            event.node == node && event.frameDirection == .received
                && event.advertisement?.0.virtualRouterID == router.virtualRouterID
        }
        let state = sight.last { event in
            guard event.node == node, event.time >= start, case .output(_, _, let line) = event.kind else {
                return false
            }
            return StateLine(line)?.name == router.name
        }
        var word: String?
        if case .output(_, _, let line)? = state?.kind { word = StateLine(line)?.state }
        let isSending = sent.map { isFresh($0, router, sight) && $0.advertisement?.0.priority != 0 } ?? false
        return LookReport.Router(
            name: router.name, virtualRouterID: Int(router.virtualRouterID), state: word,
            configuredPriority: Int(router.priority.rawValue),
            advertisedPriority: sent?.advertisement.map { Int($0.0.priority) },
            hasAddress: !router.addresses.isEmpty && router.addresses.allSatisfy { held.contains($0.prefix.address) },
            sent: sent.map { sight.ago($0.time) }, isSending: isSending,
            heard: heard.flatMap { event in
                event.advertisement.map { packet, carrier in
                    LookReport.Hearing(
                        node: owner(of: carrier.source) ?? "\(carrier.source)", priority: Int(packet.priority),
                        ago: sight.ago(event.time))
                }
            })
    }

    /// Whether an advertisement is so young that its sender cannot have missed another.
    private func isFresh(_ event: TimelineEvent, _ router: VirtualRouterConfiguration, _ sight: Sight) -> Bool {
        sight.now - event.time < router.advertisementInterval * 2
    }

    /// The node whose interface the topology gives an address.
    private func owner(of address: IPAddress) -> String? {
        lab.topology.nodes.first { node in
            node.interfaces.contains { $0.prefixes.contains { $0.address == address } }
        }?.name
    }
}

// MARK: - Hints

extension Session {
    private func hints(_ sight: Sight, _ held: [String: Set<IPAddress>]) -> [LookHint] {
        run.routers.flatMap { deadOwner($0, sight, held[$0] ?? []) + shyMaster($0, sight) } + rivals(sight, held)
            + equals()
    }

    /// A daemon that is dead cannot take its addresses away.
    private func deadOwner(_ node: String, _ sight: Sight, _ held: Set<IPAddress>) -> [LookHint] {
        let daemon = run.program(of: node).process
        guard let program = sight.programs.program(daemon, on: node), let end = program.end else { return [] }
        let left = routers(of: node).flatMap(\.addresses).map(\.prefix.address)
            .filter(held.contains)
        let time = program.ended.map { " \(Duration.seconds(sight.ago($0)).decimalSeconds(digits: 1)) s ago" } ?? ""
        let rest =
            left.isEmpty
            ? "" : "; its kernel keeps \(left.map(\.description).joined(separator: ", ")) and answers for it"
        return [
            LookHint(
                code: nil, sentence: "\(daemon) on \(node) ended\(time) (\(end))\(rest). labrun heal \(node) starts it."
            )
        ]
    }

    /// A master whose checks fail, and that nobody takes over from.
    private func shyMaster(_ node: String, _ sight: Sight) -> [LookHint] {
        routers(of: node).compactMap { router in
            guard let sent = sight.last({ $0.isAdvertisement(from: node, of: router) }), isFresh(sent, router, sight),
                let priority = sent.advertisement?.0.priority, priority > 0, priority < router.priority.rawValue
            else { return nil }
            let others = run.routers.filter { $0 != node }.flatMap { routers(of: $0) }
                .filter { $0.virtualRouterID == router.virtualRouterID }.map(\.priority.rawValue)
            let text =
                "\(node) advertises \(priority), and its file says \(router.priority.rawValue): a check of it fails"
            guard let highest = others.max(), priority >= highest else {
                return LookHint(code: nil, sentence: text + ".")
            }
            return LookHint(
                code: "VR110", sentence: text + ", but nobody else has more than \(highest): nothing moves.")
        }
    }

    /// Two that advertise one address, and that both have it.
    private func rivals(_ sight: Sight, _ held: [String: Set<IPAddress>]) -> [LookHint] {
        let claims = run.routers.flatMap { node in
            routers(of: node).compactMap { claim($0, of: node, sight, held[node] ?? []) }
        }
        // What was said before something was healed tells of what was wrong then.
        let healed = sight.last { if case .healed = $0.kind { true } else { false } }?.time ?? lab.start
        if claims.contains(where: { $0.time < healed }) { return [] }
        var hints: [LookHint] = []
        for (number, one) in claims.enumerated() {
            for other in claims[(number + 1)...]
            where other.node != one.node && !Set(one.packet.addresses).isDisjoint(with: other.packet.addresses) {
                hints.append(LookHints.contest(one, other))
            }
        }
        return hints
    }

    private func claim(
        _ router: VirtualRouterConfiguration, of node: String, _ sight: Sight, _ held: Set<IPAddress>
    ) -> LookClaim? {
        guard let event = sight.last({ $0.isAdvertisement(from: node, of: router) }), isFresh(event, router, sight),
            let (packet, carrier) = event.advertisement, packet.priority > 0,
            router.addresses.contains(where: { held.contains($0.prefix.address) }),
            case .frame(let frame) = event.kind
        else { return nil }
        let reached = sight.timeline[event.time...].compactMap { other -> String? in
            guard case .frame(let captured) = other.kind, captured.direction == .received,
                captured.octets == frame.octets
            else { return nil }
            return other.node
        }
        let isMulticast = event.frame?.ethernet.destination.isMulticast ?? true
        return LookClaim(
            node: node, time: event.time, packet: packet, isUnicast: !isMulticast, reached: Set(reached),
            source: carrier.source)
    }

    /// Two routers with one priority.
    private func equals() -> [LookHint] {
        let all = run.routers.flatMap { node in routers(of: node).map { (node, $0) } }
        return all.enumerated().flatMap { number, one in
            all[(number + 1)...].compactMap { other in
                guard one.0 != other.0, one.1.virtualRouterID == other.1.virtualRouterID,
                    one.1.family == other.1.family, one.1.priority == other.1.priority
                else { return nil }
                return LookHint(
                    code: "VR208",
                    sentence: """
                        \(one.0) and \(other.0) both have priority \(one.1.priority.rawValue): who is the master \
                        first stays it, and of two masters the higher address wins.
                        """)
            }
        }
    }
}

extension TimelineEvent {
    func isAdvertisement(from node: String, of router: VirtualRouterConfiguration) -> Bool {
        guard isAdvertisement(from: node), let (packet, carrier) = advertisement else { return false }
        return packet.virtualRouterID == router.virtualRouterID && carrier.source.family == router.family
    }
}
