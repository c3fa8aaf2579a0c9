import Testing
import VRRPCore
import Wire

@Suite("A reload")
struct ReconfigurationTests {
    private let third = VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 9, 0, 102))), interface: "eth0")

    private func reload(
        _ bench: inout Bench, after delay: Duration = .zero, scripts: [ScriptConfiguration] = [],
        _ configurations: VirtualRouterConfiguration...
    ) -> [RouterAction] {
        bench.now = bench.now + delay
        let configuration = RouterConfiguration(virtualRouters: configurations, scripts: scripts)
        return bench.router.reconfigure(configuration, at: bench.now)
    }

    @Test("The same file changes nothing, in no state", arguments: Situation.allCases)
    func same(situation: Situation) {
        var bench = situation.bench
        let before = bench.router
        let configuration = bench.virtualRouter.configuration
        let actions = reload(
            &bench, after: .milliseconds(10), scripts: [ScriptConfiguration(name: "chk")], configuration)
        #expect(actions.isEmpty)
        #expect(bench.router == before)
    }

    @Test("A master with a new priority stays master and says so in one advertisement")
    func masterPriority() {
        var bench = Bench(active: .tutorial(priority: 100))
        let actions = reload(&bench, after: .milliseconds(400), .tutorial(priority: 150))
        #expect(actions.steps == ["advertise 150"])
        #expect(actions.logs == ["(VI_1) Changing effective priority from 100 to 150"])
        #expect(bench.state.description == "MASTER")
        #expect(bench.virtualRouter.statistics.becameMaster == 1)
        #expect(bench.nanosecondsLeft == 1_000_000_000)
    }

    @Test("A master's new interval and password are in the advertisement, and in the rhythm from then on")
    func masterInterval() throws {
        var bench = Bench(active: .tutorial())
        let actions = reload(
            &bench,
            .tutorial {
                $0.advertisementInterval = .seconds(3)
                $0.authentication = .password(Array("secret12".utf8))
            })
        let packet = try VRRPPacket(parsing: #require(actions.transmissions.first).payloads[0], family: .ipv4)
        #expect(packet.interval == .seconds(3))
        #expect(packet.authentication == .password(Array("secret12".utf8)))
        #expect(bench.nanosecondsLeft == 3_000_000_000)
    }

    @Test("A backup's new priority moves the deadline by the difference of the skews, and nothing else")
    func backupPriority() {
        var bench = Bench(started: .tutorial(priority: 100))
        bench.hear(120)
        let actions = reload(&bench, after: .seconds(1), .tutorial(priority: 228))
        #expect(actions.steps.isEmpty)
        #expect(bench.nanosecondsLeft == 2_109_375_000)
        #expect(bench.state.description == "BACKUP")
    }

    @Test("A backup's new interval makes the silence count anew")
    func backupInterval() {
        var bench = Bench(started: .tutorial(priority: 100) { $0.advertisementInterval = .seconds(10) })
        let actions = reload(&bench, after: .seconds(9), .tutorial(priority: 100))
        #expect(actions.steps.isEmpty)
        #expect(bench.nanosecondsLeft == 3_609_375_000)
    }

    @Test("A v3 backup goes on by the interval that it learned from its master")
    func learnedInterval() {
        var bench = Bench(started: .tutorial(.v3, priority: 100))
        bench.hear(120, every: .seconds(4))
        _ = reload(&bench, .tutorial(.v3, priority: 100) { $0.advertisementInterval = .seconds(2) })
        #expect(bench.nanosecondsLeft == 14_437_500_000)
    }

    @Test("nopreempt counts from the reload on")
    func preemption() {
        var bench = Bench(started: .tutorial(priority: 100))
        _ = reload(&bench, .tutorial(priority: 100) { $0.preempts = false })
        bench.hear(50, after: .seconds(1))
        #expect(bench.nanosecondsLeft == 3_609_375_000)
        _ = reload(&bench, .tutorial(priority: 100))
        bench.hear(50, after: .seconds(1))
        #expect(bench.nanosecondsLeft == 2_609_375_000)
    }

    @Test("A master installs and announces what is new, then removes what is gone; what stays is not touched")
    func addresses() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let actions = reload(&bench, after: .seconds(6), .tutorial { $0.addresses = [.first, third] })
        #expect(actions.steps == ["advertise 100", "install 1", "announce 1x5", "remove 1"])
        #expect(actions.contains(.install([third], router: "VI_1")))
        #expect(actions.contains(.announce([third], count: 5, router: "VI_1")))
        #expect(actions.contains(.remove([.second], router: "VI_1")))
        #expect(actions.logs == ["ip address 10.9.0.101/32 dev eth0, no longer exist"])
        bench.now = bench.now + .seconds(5)
        #expect(bench.router.handle(.deadline, at: bench.now).steps == ["advertise 100", "announce 2x5"])
    }

    @Test("An address that is no longer advertised but still the router's stays in place")
    func excluded() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let actions = reload(
            &bench,
            .tutorial {
                $0.addresses = [.first]
                $0.excludedAddresses = [.second]
            })
        #expect(actions.steps == ["advertise 100"])
    }

    @Test("An address whose label changes goes before it comes, and goes no second time")
    func label() {
        var labeled = VirtualAddress.first
        labeled.label = "eth0:vip"
        var bench = Bench(active: .tutorial())
        let actions = reload(&bench, .tutorial { $0.addresses = [labeled] })
        #expect(actions.steps == ["advertise 100", "remove 1", "install 1", "announce 1x5"])
        #expect(actions.logs.isEmpty)
    }

    @Test("A backup, or a router in fault, has no addresses to change", arguments: [Situation.backup, .fault])
    func addressesOfOthers(situation: Situation) {
        var bench = situation.bench
        var configuration = bench.virtualRouter.configuration
        configuration.addresses = [.second]
        let actions = reload(&bench, scripts: [ScriptConfiguration(name: "chk")], configuration)
        #expect(actions.steps.isEmpty)
        #expect(bench.virtualRouter.configuration.addresses == [.second])
    }

    @Test("A router under another name is the same router: its addresses change hands before the old name lets go")
    func renamed() {
        var bench = Bench(active: .tutorial())
        let actions = reload(&bench, .tutorial { $0.name = "VI_2" })
        #expect(actions.steps == ["advertise 100", "install 1", "remove 1"])
        #expect(actions.contains(.install([.first], router: "VI_2")))
        #expect(actions.contains(.remove([.first], router: "VI_1")))
        #expect(bench.router.state(of: "VI_2")?.description == "MASTER")
        #expect(actions.logs.isEmpty)
    }

    @Test("A router that is gone resigns, gives up its addresses and ends in FAULT")
    func deletedMaster() {
        var bench = Bench(active: .tutorial())
        let actions = reload(&bench)
        #expect(actions.steps == ["advertise 0", "remove 1", "FAULT 100"])
        #expect(bench.router.virtualRouters.isEmpty)
        #expect(bench.router.nextDeadline == nil)
    }

    @Test("A backup that is gone only ends in FAULT; one that was there already is silent")
    func deletedOthers() {
        var backup = Bench(started: .tutorial())
        #expect(reload(&backup).steps == ["FAULT 100"])
        var fault = Situation.fault.bench
        #expect(reload(&fault).steps.isEmpty)
    }

    @Test("A new router begins as at the start and knows the interfaces; its neighbor notices nothing")
    func added() {
        var bench = Bench(active: .tutorial())
        let other = VirtualRouterConfiguration.tutorial { ($0.name, $0.virtualRouterID) = ("VI_2", 52) }
        let before = bench.virtualRouter
        let actions = reload(&bench, other, .tutorial())
        #expect(actions.steps == ["remove 1", "BACKUP 100"])
        #expect(bench.router.virtualRouters.map(\.state.description) == ["BACKUP", "MASTER"])
        #expect(bench.router.virtualRouters[1] == before)
        _ = bench.send(.datagram(.carrying(.valid(for: other))))
        #expect(bench.router.virtualRouters.map(\.statistics.advertisementsReceived) == [1, 0])
    }

    @Test("An address that moves from one master to another is installed before it is removed")
    func moved() {
        let (one, other) = (
            VirtualRouterConfiguration.tutorial { $0.addresses = [.first, .second] },
            VirtualRouterConfiguration.tutorial {
                ($0.name, $0.virtualRouterID, $0.addresses) = ("VI_2", 52, [third])
            }
        )
        var bench = Bench(active: one)
        _ = reload(&bench, one, other)
        bench.send(.deadline, after: .seconds(4))
        #expect(bench.router.virtualRouters.map(\.state.description) == ["MASTER", "MASTER"])
        var (lighter, heavier) = (one, other)
        lighter.addresses = [.first]
        heavier.addresses = [third, .second]
        let actions = reload(&bench, lighter, heavier)
        #expect(
            actions.steps == ["advertise 100", "advertise 100", "install 1", "announce 1x5", "remove 1"])
    }

    @Test(
        "Under one name a router with another ID, or another way of transmission, comes after the former one has ended")
    func replaced() {
        var bench = Bench(active: .tutorial())
        let other = VirtualRouterConfiguration.tutorial { $0.virtualRouterID = 52 }
        #expect(reload(&bench, other).steps == ["advertise 0", "remove 1", "FAULT 100", "remove 1", "BACKUP 100"])
        let unicast = VirtualRouterConfiguration.tutorial { ($0.virtualRouterID, $0.unicastPeers) = (52, [.higher]) }
        #expect(reload(&bench, unicast).steps == ["FAULT 100", "remove 1", "BACKUP 100"])
        var owner = other
        (owner.priority, owner.startsAsMaster) = (.owner, true)
        #expect(
            reload(&bench, owner).steps
                == ["FAULT 100", "remove 1", "advertise 255", "install 1", "announce 1x5", "MASTER 255"])
    }

    @Test("Another lease is a reason to put every address in place again")
    func lease() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let leased = VirtualRouterConfiguration.tutorial {
            ($0.addresses, $0.addressLease) = ([.first, .second], .seconds(30))
        }
        #expect(reload(&bench, leased).steps == ["advertise 100", "install 2"])
        #expect(reload(&bench, leased).steps == [])
    }

    @Test("While the start is delayed, a reload takes away what a predecessor left of the new addresses")
    func whileDelayed() {
        var configuration = RouterConfiguration(virtualRouters: [.tutorial()])
        configuration.startupDelay = .seconds(10)
        var router = Router(configuration)
        _ = router.handle(.interface("eth0", .ready), at: .zero)
        #expect(router.handle(.start, at: .zero).steps == ["remove 1"])
        configuration.virtualRouters[0].addresses = [.first, .second]
        #expect(router.reconfigure(configuration, at: .zero + .seconds(4)).steps == ["remove 2"])
        #expect(router.nextDeadline == .zero + .seconds(10))
        #expect(router.handle(.deadline, at: .zero + .seconds(10)).steps == ["BACKUP 100"])
    }

    @Test("Before the start a reload is silent, and the start is that of the new configuration")
    func beforeStart() {
        var bench = Bench(.tutorial())
        #expect(reload(&bench, .tutorial(priority: 200)).isEmpty)
        bench.send(.interface("eth0", .ready))
        #expect(bench.send(.start).steps == ["remove 1", "BACKUP 200"])
    }

    @Test("A stopped router does not come back")
    func stopped() {
        var bench = Situation.stopped.bench
        let before = bench.router
        #expect(reload(&bench, .tutorial(priority: 200)).isEmpty)
        #expect(bench.router == before)
    }
}

@Suite("A reload and scripts")
struct ScriptReconfigurationTests {
    private let tracking = VirtualRouterConfiguration.tutorial { $0.trackedScripts = [TrackedItem("chk")] }

    private func script(fall: Int) -> ScriptConfiguration {
        var script = ScriptConfiguration(name: "chk")
        script.fall = fall
        return script
    }

    /// A master whose script has failed once, one time short of its verdict.
    private func wavering() -> Bench {
        var bench = Bench(started: tracking, scripts: [script(fall: 2)])
        bench.send(.scriptResult(name: "chk", succeeded: true))
        bench.reachDeadline()
        bench.send(.scriptResult(name: "chk", succeeded: false))
        return bench
    }

    @Test("A script that stays the same keeps its failures in a row", arguments: [(2, "FAULT"), (3, "MASTER")])
    func counters(fall: Int, state: String) {
        var bench = wavering()
        var configuration = tracking
        configuration.priority = .owner
        _ = bench.router.reconfigure(
            RouterConfiguration(virtualRouters: [configuration], scripts: [script(fall: fall)]), at: bench.now)
        #expect(bench.state.description == "MASTER")
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.state.description == state)
    }

    @Test(
        "A script that is new does not unseat a master or a backup before its first result",
        arguments: [true, false])
    func newScript(isMaster: Bool) {
        var bench = isMaster ? Bench(active: .tutorial()) : Bench(started: .tutorial())
        let before = bench.state.description
        let configuration = RouterConfiguration(virtualRouters: [tracking], scripts: [script(fall: 2)])
        #expect(bench.router.reconfigure(configuration, at: bench.now).steps == (isMaster ? ["advertise 100"] : []))
        #expect(bench.state.description == before)
        bench.send(.interface("eth0", .ready))
        #expect(bench.state.description == before)
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.state.description == "FAULT")
    }

    @Test("A router that a script kept out comes in when it is no longer tracked")
    func untracked() {
        var bench = Situation.fault.bench
        bench.send(.interface("eth0", .ready))
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.state.description == "FAULT")
        let actions = bench.router.reconfigure(RouterConfiguration(virtualRouters: [.tutorial()]), at: bench.now)
        #expect(actions.steps == ["BACKUP 100"])
    }

    @Test("A master whose new file demands what is not there leaves with the addresses that it had")
    func demanding() {
        var bench = Bench(active: .tutorial { $0.addresses = [.first, .second] })
        let configuration = VirtualRouterConfiguration.tutorial { $0.trackedInterfaces = [TrackedItem("eth1")] }
        let actions = bench.router.reconfigure(
            RouterConfiguration(virtualRouters: [configuration]), at: bench.now)
        #expect(actions.steps == ["advertise 0", "advertise 0", "remove 2", "FAULT 100"])
        #expect(bench.virtualRouter.configuration == configuration)
    }
}
