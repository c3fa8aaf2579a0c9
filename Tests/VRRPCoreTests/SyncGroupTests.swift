import Testing
import VRRPCore
import Wire

/// Two routers on two links, in one group.
private struct Pair: RouterClock {
    var router: Router
    var now = Instant.zero

    init(priority: UInt8 = 100, _ change: (inout RouterConfiguration) -> Void = { _ in }) {
        var configuration = RouterConfiguration(virtualRouters: [
            Self.member("A", on: "eth0", priority), Self.member("B", on: "eth1", priority),
        ])
        configuration.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A", "B"])]
        change(&configuration)
        router = Router(configuration)
    }

    /// Begins with both links up and the daemon started, at time zero.
    init(started priority: UInt8, _ change: (inout RouterConfiguration) -> Void = { _ in }) {
        self.init(priority: priority, change)
        send(.interface("eth0", .ready))
        send(.interface("eth1", .ready))
        send(.start)
    }

    /// Begins as masters, by silence.
    init(active priority: UInt8, _ change: (inout RouterConfiguration) -> Void = { _ in }) {
        self.init(started: priority, change)
        reachDeadline()
    }

    static func member(_ name: String, on interface: String, _ priority: UInt8) -> VirtualRouterConfiguration {
        .tutorial(priority: priority) {
            ($0.name, $0.interface, $0.addresses[0].interface) = (name, interface, interface)
        }
    }

    var states: [String] { router.virtualRouters.map(\.state.description) }

    @discardableResult
    mutating func hear(_ priority: UInt8, on interface: String, after delay: Duration = .zero) -> [RouterAction] {
        var packet = VRRPPacket.valid(for: .tutorial())
        packet.priority = priority
        var datagram = Datagram.carrying(packet)
        datagram.interface = interface
        return send(.datagram(datagram), after: delay)
    }
}

extension [RouterAction] {
    /// Transitions with the names of whom they are about, in order.
    fileprivate var told: [String] {
        compactMap { action in
            guard case .transition(let transition) = action else { return nil }
            return "\(transition.router) \(transition.state.rawValue) \(transition.priority)"
        }
    }
}

@Suite("Sync groups")
struct SyncGroupTests {
    @Test("At the start the group is told of before its members; later it comes last")
    func order() {
        var pair = Pair()
        pair.send(.interface("eth0", .ready))
        pair.send(.interface("eth1", .ready))
        #expect(pair.router.state(ofGroup: "G") == nil)
        #expect(pair.send(.start).told == ["G BACKUP 0", "A BACKUP 100", "B BACKUP 100"])
        #expect(pair.reachDeadline().told == ["B MASTER 100", "A MASTER 100", "G MASTER 0"])
        #expect(pair.router.state(ofGroup: "G") == .master)
        #expect(pair.router.state(ofGroup: "H") == nil)
        #expect(pair.send(.stop).told == ["A STOP 100", "B STOP 100", "G STOP 0"])
    }

    @Test("Nobody becomes master alone: whoever hears no master waits on while the other hears one")
    func together() {
        var pair = Pair(started: 100)
        for _ in 0..<10 {
            pair.hear(200, on: "eth1", after: .seconds(1))
            #expect(pair.send(.deadline).steps.isEmpty)
        }
        #expect(pair.states == ["BACKUP", "BACKUP"])
        // A has been ready for long; B's silence completes the set.
        let actions = pair.send(.deadline, after: .nanoseconds(3_609_375_000))
        #expect(actions.told == ["B MASTER 100", "A MASTER 100", "G MASTER 0"])
        #expect(actions.logs.contains("VRRP_Group(G) Syncing instances to MASTER state"))
    }

    @Test("A member that hears a master again is ready no longer")
    func notReadyAnyMore() {
        var pair = Pair(started: 100)
        pair.hear(200, on: "eth1", after: .seconds(3))
        pair.send(.deadline, after: .milliseconds(700))
        pair.hear(200, on: "eth0", after: .milliseconds(100))
        pair.send(.deadline, after: .seconds(3))
        #expect(pair.states == ["BACKUP", "BACKUP"])
        pair.send(.deadline, after: .seconds(1))
        #expect(pair.states == ["MASTER", "MASTER"])
    }

    @Test("A member that a reload brings into a group of masters follows them, and does not topple them")
    func newMember() {
        var pair = Pair(active: 100) {
            $0.virtualRouters.removeLast()
            $0.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A"])]
        }
        #expect(pair.router.state(ofGroup: "G") == .master)
        var configuration = RouterConfiguration(virtualRouters: [
            Pair.member("A", on: "eth0", 100), Pair.member("B", on: "eth1", 100),
        ])
        configuration.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A", "B"])]
        _ = pair.router.reconfigure(configuration, at: pair.now)
        #expect(pair.states == ["MASTER", "BACKUP"])
        pair.hear(50, on: "eth1", after: .milliseconds(10))
        pair.hear(0, on: "eth1", after: .milliseconds(10))
        #expect(pair.states == ["MASTER", "BACKUP"])
        #expect(pair.reachDeadline().told == ["B MASTER 100"])
        #expect(pair.router.state(ofGroup: "G") == .master)
    }

    @Test("A new member that hears a stronger master pulls the group of masters down")
    func newMemberFollows() {
        var pair = Pair(active: 100) {
            $0.virtualRouters.removeLast()
            $0.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A"])]
        }
        var configuration = RouterConfiguration(virtualRouters: [
            Pair.member("A", on: "eth0", 100), Pair.member("B", on: "eth1", 100),
        ])
        configuration.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A", "B"])]
        _ = pair.router.reconfigure(configuration, at: pair.now)
        #expect(pair.hear(200, on: "eth1").told == ["A BACKUP 100", "G BACKUP 0"])
        #expect(pair.states == ["BACKUP", "BACKUP"])
    }

    @Test("The fault of one member is the fault of all; it resigns twice, the others once")
    func fault() {
        var pair = Pair(active: 100) {
            $0.virtualRouters[1].trackedScripts = [TrackedItem("chk")]
            $0.scripts = [ScriptConfiguration(name: "chk")]
        }
        #expect(pair.states == ["INIT", "INIT"])
        pair.send(.scriptResult(name: "chk", succeeded: true))
        pair.reachDeadline()
        let actions = pair.send(.scriptResult(name: "chk", succeeded: false))
        #expect(
            actions.steps == [
                "advertise 0", "advertise 0", "remove 1", "FAULT 100", "advertise 0", "remove 1", "FAULT 100",
                "G FAULT",
            ])
        #expect(actions.told == ["B FAULT 100", "A FAULT 100", "G FAULT 0"])
        #expect(actions.logs.contains("VRRP_Group(G) Syncing instances to FAULT state"))
        #expect(pair.router.virtualRouters[0].state == .initialize([.memberInFault(group: "G")]))
        let repaired = pair.send(.scriptResult(name: "chk", succeeded: true))
        #expect(repaired.told == ["A BACKUP 100", "B BACKUP 100", "G BACKUP 0"])
    }

    @Test("A dead link lets its own member go without a word, and the other one resign once")
    func deadLink() {
        var pair = Pair(active: 100)
        let actions = pair.send(.interface("eth0", .down))
        #expect(actions.steps == ["remove 1", "FAULT 100", "advertise 0", "remove 1", "FAULT 100", "G FAULT"])
        #expect(actions.told == ["A FAULT 100", "B FAULT 100", "G FAULT 0"])
    }

    @Test("When one member yields, the others step down without resigning")
    func yielding() {
        var pair = Pair(active: 100)
        let actions = pair.hear(200, on: "eth1")
        #expect(
            actions.steps == [
                "advertise 100", "remove 1", "BACKUP 100", "advertise 100", "remove 1", "BACKUP 100", "G BACKUP",
            ])
        #expect(actions.told == ["B BACKUP 100", "A BACKUP 100", "G BACKUP 0"])
        #expect(actions.logs.contains("VRRP_Group(G) Syncing instances to BACKUP state"))
        #expect((pair.router.nextDeadline.map { $0 - pair.now })?.nanoseconds == 3_609_375_000)
    }

    @Test("When one member hears a weaker master, all announce")
    func contest() {
        var pair = Pair(active: 100)
        let announced = pair.hear(50, on: "eth0").compactMap { action -> String? in
            guard case .announce(_, let count, let router) = action else { return nil }
            return "\(router)x\(count)"
        }
        #expect(announced == ["Ax5", "Bx5"])
    }

    @Test("Owners lead at once only when the whole group owns its addresses; in a mixed one they wait a moment")
    func owners() {
        let eager: (inout RouterConfiguration) -> Void = { configuration in
            for place in 0...1 { configuration.virtualRouters[place].startsAsMaster = true }
        }
        #expect(Pair(started: 255, eager).states == ["MASTER", "MASTER"])
        var mixed = Pair(started: 255) {
            eager(&$0)
            $0.virtualRouters[1].priority = .standard
        }
        #expect(mixed.states == ["BACKUP", "BACKUP"])
        #expect(mixed.router.nextDeadline?.nanoseconds == 1_003_906_250)
        mixed.reachDeadline()
        #expect(mixed.states == ["BACKUP", "BACKUP"])
        mixed.send(.deadline, after: .seconds(3))
        #expect(mixed.states == ["MASTER", "MASTER"])
    }

    @Test("What the group watches without weight concerns every member, and the first one is the one who goes first")
    func groupTracker() {
        var pair = Pair(active: 100) { $0.syncGroups[0].trackedInterfaces = [TrackedItem("eth2")] }
        #expect(pair.states == ["FAULT", "FAULT"])
        let up = InterfaceState(isUp: true)
        #expect(pair.send(.interface("eth2", up)).told == ["A BACKUP 100", "B BACKUP 100", "G BACKUP 0"])
        pair.reachDeadline()
        let steps = pair.send(.interface("eth2", .absent)).steps
        #expect(
            steps == [
                "advertise 0", "advertise 0", "remove 1", "FAULT 100", "advertise 0", "remove 1", "FAULT 100",
                "G FAULT",
            ])
    }

    @Test("Weights mean nothing in a group, unless it uses them: then each counts once, for everybody")
    func weights() {
        for (usesWeights, expected) in [(false, [100, 100]), (true, [65, 65])] as [(Bool, [UInt8])] {
            let pair = Pair(started: 100) {
                $0.syncGroups[0].usesWeights = usesWeights
                $0.syncGroups[0].trackedInterfaces = [
                    TrackedItem("eth2", weight: -20), TrackedItem("eth3", weight: -10),
                ]
                $0.virtualRouters[0].trackedInterfaces = [TrackedItem("eth2", weight: -20)]
                $0.virtualRouters[1].trackedInterfaces = [TrackedItem("eth4", weight: -5)]
            }
            #expect(pair.router.virtualRouters.map(\.effectivePriority.rawValue) == expected)
        }
    }

    @Test("A group that is told of priorities makes its members tell of theirs")
    func priorities() {
        var pair = Pair(started: 100) {
            $0.syncGroups[0].usesWeights = true
            $0.syncGroups[0].notifiesPriorityChanges = true
            $0.syncGroups[0].trackedInterfaces = [TrackedItem("eth2", weight: 20)]
        }
        let told = pair.send(.interface("eth2", InterfaceState(isUp: true))).told
        #expect(told == ["A BACKUP_PRIORITY 120", "B BACKUP_PRIORITY 120"])
    }

    @Test("A reload that changes nothing tells a group nothing, and one that adds a member moves no address")
    func reload() {
        var pair = Pair(active: 100)
        let before = pair.router
        var configuration = RouterConfiguration(virtualRouters: pair.router.virtualRouters.map(\.configuration))
        configuration.syncGroups = [SyncGroupConfiguration(name: "G", members: ["A", "B"])]
        #expect(pair.router.reconfigure(configuration, at: pair.now).isEmpty)
        #expect(pair.router == before)
        configuration.virtualRouters.append(.tutorial { ($0.name, $0.virtualRouterID) = ("C", 52) })
        configuration.syncGroups[0].members.append("C")
        #expect(pair.router.reconfigure(configuration, at: pair.now).steps == ["remove 1", "BACKUP 100"])
        #expect(pair.states == ["MASTER", "MASTER", "BACKUP"])
        let actions = pair.send(.deadline, after: .nanoseconds(3_609_375_000))
        #expect(actions.told == ["C MASTER 100"])
        #expect(pair.states == ["MASTER", "MASTER", "MASTER"])
    }

    @Test("In every trace of four events all members are masters, or none is, and only masters have addresses")
    func allTraces() {
        let events: [(String, (inout Pair) -> [RouterAction])] = [
            ("deadline", { $0.reachDeadline() }),
            ("weaker on A", { $0.hear(50, on: "eth0", after: .milliseconds(300)) }),
            ("stronger on A", { $0.hear(200, on: "eth0", after: .milliseconds(300)) }),
            ("stronger on B", { $0.hear(200, on: "eth1", after: .milliseconds(300)) }),
            ("resignation on B", { $0.hear(0, on: "eth1", after: .milliseconds(300)) }),
            ("A down", { $0.send(.interface("eth0", .down), after: .milliseconds(300)) }),
            ("A up", { $0.send(.interface("eth0", .ready)) }),
            ("B down", { $0.send(.interface("eth1", .down), after: .milliseconds(300)) }),
            ("B up", { $0.send(.interface("eth1", .ready)) }),
        ]
        var traces: [(pair: Pair, installed: Set<String>, names: [String])] = [
            (Pair(started: 100), [], ["started"]), (Pair(active: 100), ["A", "B"], ["active"]),
        ]
        for _ in 1...4 {
            traces = traces.flatMap { trace in
                events.map { name, event in
                    var next = trace
                    next.names.append(name)
                    for action in event(&next.pair) {
                        if case .install(_, let router) = action { next.installed.insert(router) }
                        if case .remove(_, let router) = action { next.installed.remove(router) }
                    }
                    let states = next.pair.states
                    let isAllOrNone = Set(states.map { $0 == "MASTER" }).count == 1
                    let isFaultOfAll = Set(states.map { $0 == "FAULT" }).count == 1
                    #expect(isAllOrNone && isFaultOfAll, "\(next.names): \(states)")
                    #expect(next.installed == (states[0] == "MASTER" ? ["A", "B"] : []), "\(next.names)")
                    return next
                }
            }
        }
        #expect(traces.count == 2 * 6_561)
    }
}
