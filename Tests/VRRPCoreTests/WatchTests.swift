import Testing
import VRRPCore
import Wire

@Suite("Files, processes and patience")
struct WatchTests {
    private static let gateway = IPAddress.v4(IPv4Address(10, 9, 0, 1))

    /// A started router that may be told of one of each.
    private func bench(
        _ change: (inout VirtualRouterConfiguration) -> Void, _ told: (inout RouterConfiguration) -> Void = { _ in }
    ) -> Bench {
        var configuration = RouterConfiguration(virtualRouters: [.tutorial(.v2, priority: 100, change)])
        configuration.files = [FileConfiguration(name: "file")]
        configuration.processes = [ProcessConfiguration(name: "daemon")]
        told(&configuration)
        var bench = Bench(configuration.virtualRouters[0])
        bench.router = Router(configuration)
        bench.send(.interface("eth0", .ready))
        bench.send(.start)
        return bench
    }

    // MARK: Files

    @Test(
        "The number in a file counts as often as the weight says",
        arguments: [
            (1, false, 20, 120), (2, false, -30, 40), (-3, true, 10, 130), (1, false, 1_000, 254),
            (1, false, -253, 1), (2, false, 0, 100),
        ] as [(Int, Bool, Int, UInt8)])
    func fileWeight(weight: Int, isReversed: Bool, number: Int, expected: UInt8) {
        var bench = bench { $0.trackedFiles = [TrackedItem("file", weight: weight, isReversed: isReversed)] }
        bench.send(.fileValue(name: "file", number))
        #expect(bench.virtualRouter.effectivePriority.rawValue == expected)
        #expect(bench.state.description == "BACKUP")
    }

    @Test(
        "A file is a fault from -254 on, or without weight as soon as it holds a number",
        arguments: [
            (1, false, -254), (2, false, -127), (-1, false, 254), (1, true, 254), (0, false, 1), (0, false, -1),
            (0, true, 0), (254, false, Int.min), (-254, false, Int.max),
        ] as [(Int, Bool, Int)])
    func fileFault(weight: Int, isReversed: Bool, number: Int) {
        var bench = bench { $0.trackedFiles = [TrackedItem("file", weight: weight, isReversed: isReversed)] }
        bench.send(.fileValue(name: "file", number == 0 ? 1 : 0))
        #expect(bench.state.description == "BACKUP")
        #expect(bench.send(.fileValue(name: "file", number)).steps == ["FAULT 100"])
        #expect(bench.state == .initialize([.trackedFile("file")]))
    }

    @Test("A file that nobody configured, or that holds what it held, changes nothing")
    func otherFile() {
        var bench = bench { $0.trackedFiles = [TrackedItem("file"), TrackedItem("other")] }
        let before = bench.router
        #expect(bench.send(.fileValue(name: "other", 7)).isEmpty)
        #expect(bench.send(.fileValue(name: "file", 0)).isEmpty)
        #expect(bench.router == before)
    }

    // MARK: Processes

    @Test("A router waits in INIT until its processes were counted, and the first count decides at once")
    func firstCount() {
        for (number, state) in [(1, "BACKUP"), (0, "FAULT")] {
            var bench = bench(
                { $0.trackedProcesses = [TrackedItem("daemon")] }, { $0.processes[0].terminateDelay = .seconds(5) })
            #expect(bench.state == .initialize([.processPending("daemon")]))
            bench.send(.processCount(name: "daemon", number))
            #expect(bench.state.description == state)
        }
    }

    @Test("The number of processes must be within the quorum", arguments: [0, 1, 2, 3, 4, 5])
    func quorum(number: Int) {
        var bench = bench({ $0.trackedProcesses = [TrackedItem("daemon")] }, { $0.processes[0].quorum = 2...4 })
        bench.send(.processCount(name: "daemon", number))
        #expect(bench.state.description == ((2...4).contains(number) ? "BACKUP" : "FAULT"))
    }

    @Test("A process with weight changes the priority and keeps nobody out")
    func processWeight() {
        var bench = bench { $0.trackedProcesses = [TrackedItem("daemon", weight: -30)] }
        #expect(bench.virtualRouter.effectivePriority.rawValue == 100)
        let actions = bench.send(.processCount(name: "daemon", 0))
        #expect(
            actions.logs == [
                "Quorum lost for tracked process daemon", "(VI_1) Changing effective priority from 100 to 70",
            ])
    }

    @Test("Too few must last for terminate_delay, enough again for fork_delay, and a short change is none")
    func delays() {
        var bench = bench({ $0.trackedProcesses = [TrackedItem("daemon")] }) {
            ($0.processes[0].terminateDelay, $0.processes[0].forkDelay) = (.milliseconds(300), .milliseconds(700))
        }
        bench.send(.processCount(name: "daemon", 1))
        bench.send(.processCount(name: "daemon", 0))
        #expect(bench.nanosecondsLeft == 300_000_000)
        bench.send(.processCount(name: "daemon", 1), after: .milliseconds(299))
        #expect(bench.nanosecondsLeft != 1_000_000)
        bench.send(.processCount(name: "daemon", 0))
        #expect(bench.send(.deadline, after: .milliseconds(299)).isEmpty)
        let lost = bench.send(.deadline, after: .milliseconds(1))
        #expect(lost.logs == ["Quorum lost for tracked process daemon", "(VI_1) Entering FAULT STATE"])
        bench.send(.processCount(name: "daemon", 3))
        #expect(bench.nanosecondsLeft == 700_000_000)
        bench.send(.processCount(name: "daemon", 4), after: .milliseconds(500))
        #expect(bench.reachDeadline().steps == ["BACKUP 100"])
        #expect(bench.now.nanoseconds == 1_299_000_000)
    }

    // MARK: Interfaces

    @Test("A link must be down, or up again, for as long as configured")
    func interfaceDelays() {
        var bench = bench({ _ in }) {
            $0.interfaceDelays = ["eth0": InterfaceDelay(down: .milliseconds(200), up: .milliseconds(500))]
        }
        #expect(bench.send(.interface("eth0", .down)).isEmpty)
        #expect(bench.nanosecondsLeft == 200_000_000)
        #expect(bench.send(.interface("eth0", .ready), after: .milliseconds(199)).isEmpty)
        #expect(bench.send(.deadline, after: .milliseconds(1)).isEmpty)
        bench.send(.interface("eth0", .down))
        bench.send(.interface("eth0", .down), after: .milliseconds(100))
        let down = bench.send(.deadline, after: .milliseconds(100))
        #expect(down.logs == ["Netlink reports eth0 down", "(VI_1) Entering FAULT STATE"])
        #expect(bench.send(.interface("eth0", .ready)).isEmpty)
        #expect(bench.nanosecondsLeft == 500_000_000)
        #expect(bench.reachDeadline().steps == ["BACKUP 100"])
    }

    @Test("A lost address counts at once, delay or not")
    func addressWithoutDelay() {
        var bench = bench({ _ in }) {
            $0.interfaceDelays = ["eth0": InterfaceDelay(down: .seconds(9), up: .seconds(9))]
        }
        bench.send(.interface("eth0", InterfaceState(isUp: true)))
        #expect(bench.state == .initialize([.noSourceAddress]))
    }

    @Test("With dont_track_primary the own interface may go down")
    func ownInterface() {
        var bench = Bench(active: .tutorial { $0.ignoresOwnInterface = true })
        #expect(bench.send(.interface("eth0", .down)).steps.isEmpty)
        #expect(bench.state.description == "MASTER")
        bench.send(.interface("eth0", .absent))
        #expect(bench.state == .initialize([.noSourceAddress]))
    }

    @Test("With track_src_ip the configured source must be on some interface")
    func source() {
        for tracks in [false, true] {
            var bench = Bench(
                started: .tutorial {
                    $0.sourceAddress = Self.gateway
                    $0.tracksSourceAddress = tracks
                })
            #expect(bench.state.description == (tracks ? "FAULT" : "BACKUP"))
            guard tracks else { continue }
            var loopback = InterfaceState(isUp: true)
            loopback.addresses = [Self.gateway]
            #expect(bench.send(.interface("lo", loopback)).steps == ["BACKUP 100"])
            #expect(bench.send(.interface("lo", InterfaceState(isUp: true))).steps == ["FAULT 100"])
            #expect(bench.state == .initialize([.sourceAddressAbsent(Self.gateway)]))
        }
    }

    @Test("A router without the peers that it was to have is in fault")
    func peers() {
        let bench = Bench(started: .tutorial { $0.lacksPeers = true })
        #expect(bench.state == .initialize([.noPeers]))
    }

    @Test("An interface with a virtual MAC address keeps the router out only when it is known to be down")
    func virtualInterface() {
        var bench = Bench(active: .tutorial { $0.virtualInterface = VirtualInterface("vrrp.51") })
        #expect(bench.state.description == "MASTER")
        bench.send(.interface("vrrp.51", InterfaceState(isUp: true)))
        #expect(bench.state.description == "MASTER")
        let actions = bench.send(.interface("vrrp.51", .absent))
        #expect(actions.steps == ["remove 1", "FAULT 100"])
        #expect(actions.logs.first == "Netlink reports vrrp.51 down")
    }

    // MARK: Start

    @Test("A delayed start hears nothing and says nothing until it is over; then timers begin")
    func startupDelay() {
        var configuration = RouterConfiguration(virtualRouters: [.tutorial()])
        configuration.startupDelay = .milliseconds(2_500)
        var bench = Bench(.tutorial())
        bench.router = Router(configuration)
        bench.send(.interface("eth0", .ready))
        let start = bench.send(.start)
        #expect(start.steps == ["remove 1"])
        #expect(start.logs == ["(VI_1) removing VIPs.", "Delaying startup for 2.5 seconds"])
        #expect(bench.hear(200, after: .seconds(1)).isEmpty)
        #expect(bench.virtualRouter.statistics.advertisementsReceived == 0)
        #expect(bench.send(.interface("eth0", .down)).isEmpty)
        #expect(bench.send(.interface("eth0", .ready)).isEmpty)
        #expect(bench.state.description == "INIT")
        #expect(bench.nanosecondsLeft == 1_500_000_000)
        let actions = bench.reachDeadline()
        #expect(actions.steps == ["BACKUP 100"])
        #expect(actions.logs == ["Delayed start completed", "(VI_1) Entering BACKUP STATE (init)"])
        #expect(bench.nanosecondsLeft == 3_609_375_000)
    }

    @Test("A stop during a delayed start ends it")
    func stopBeforeStart() {
        var configuration = RouterConfiguration(virtualRouters: [.tutorial()])
        configuration.startupDelay = .seconds(2)
        var bench = Bench(.tutorial())
        bench.router = Router(configuration)
        #expect(bench.send(.start).logs.last == "Delaying startup for 2 seconds")
        #expect(bench.send(.stop).steps == ["STOP 100"])
        #expect(bench.nanosecondsLeft == nil)
    }
}
