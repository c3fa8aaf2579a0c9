import Testing
import VRRPCore
import Wire

/// The states in which a router can be met.
enum Situation: String, CaseIterable {
    case waiting, pending, fault, backup, active, stopped

    /// A router with priority 100 and a script without weight, in this state.
    var bench: Bench {
        let configuration = VirtualRouterConfiguration.tutorial { $0.trackedScripts = [TrackedItem("chk")] }
        let scripts = [ScriptConfiguration(name: "chk")]
        var bench = Bench(configuration, scripts: scripts)
        if self == .waiting { return bench }
        bench.send(.interface("eth0", .ready))
        bench.send(.start)
        if self == .pending { return bench }
        bench.send(.scriptResult(name: "chk", succeeded: true))
        switch self {
        case .waiting, .pending, .backup: break
        case .fault: bench.send(.interface("eth0", .down))
        case .active: bench.reachDeadline()
        case .stopped: bench.send(.stop)
        }
        return bench
    }
}

/// Everything that can happen to it.
enum Stimulus: String, CaseIterable {
    case start, stop, deadline
    case lower, equalFromLowerAddress, equalFromOurAddress, equalFromHigherAddress, higher, resignation, invalid
    case interfaceDown, interfaceUp, sourceLost, scriptFailed, scriptSucceeded
    case addressLost, otherAddressLost

    func apply(to bench: inout Bench) -> [RouterAction] {
        switch self {
        case .start: bench.send(.start)
        case .stop: bench.send(.stop)
        case .deadline: bench.reachDeadline()
        case .lower: bench.hear(99)
        case .equalFromLowerAddress: bench.hear(100, from: .lower)
        case .equalFromOurAddress: bench.hear(100, from: .ours)
        case .equalFromHigherAddress: bench.hear(100)
        case .higher: bench.hear(101)
        case .resignation: bench.hear(0)
        case .invalid: bench.hear(200, every: .seconds(2))
        case .interfaceDown: bench.send(.interface("eth0", .down))
        case .interfaceUp: bench.send(.interface("eth0", .ready))
        case .sourceLost: bench.send(.interface("eth0", InterfaceState(isUp: true)))
        case .scriptFailed: bench.send(.scriptResult(name: "chk", succeeded: false))
        case .scriptSucceeded: bench.send(.scriptResult(name: "chk", succeeded: true))
        case .addressLost: bench.send(.addressLost(.v4(IPv4Address(10, 9, 0, 100)), interface: "eth0"))
        case .otherAddressLost: bench.send(.addressLost(.v4(IPv4Address(10, 9, 0, 100)), interface: "eth1"))
        }
    }
}

/// What comes of it: the state, the actions without log lines, and from now to the next deadline.
struct Outcome: Equatable {
    var state: String
    var steps: [String]
    var nanoseconds: Int64?

    init(_ state: String, _ steps: [String], _ nanoseconds: Int64? = nil) {
        (self.state, self.steps, self.nanoseconds) = (state, steps, nanoseconds)
    }
}

@Suite("Every state with every event")
struct TransitionTests {
    /// The pairs that do something or move a deadline; all others must leave the router as it is.
    static let table: [Situation: [Stimulus: Outcome]] = [
        .waiting: [
            .start: Outcome("FAULT", ["remove 1", "FAULT 100"]),
            .stop: Outcome("INIT", ["STOP 100"]),
        ],
        .pending: [
            .stop: Outcome("INIT", ["STOP 100"]),
            .interfaceDown: Outcome("FAULT", ["FAULT 100"]),
            .sourceLost: Outcome("FAULT", ["FAULT 100"]),
            .scriptFailed: Outcome("FAULT", ["FAULT 100"]),
            .scriptSucceeded: Outcome("BACKUP", ["BACKUP 100"], 3_609_375_000),
        ],
        .fault: [
            .stop: Outcome("INIT", ["STOP 100"]),
            .interfaceUp: Outcome("BACKUP", ["BACKUP 100"], 3_609_375_000),
        ],
        .backup: [
            .stop: Outcome("INIT", ["STOP 100"]),
            .deadline: Outcome("MASTER", ["advertise 100", "install 1", "announce 1x5", "MASTER 100"], 1_000_000_000),
            .resignation: Outcome("BACKUP", [], 609_375_000),
            .interfaceDown: Outcome("FAULT", ["FAULT 100"]),
            .sourceLost: Outcome("FAULT", ["FAULT 100"]),
            .scriptFailed: Outcome("FAULT", ["FAULT 100"]),
        ],
        .active: [
            .stop: Outcome("INIT", ["advertise 0", "remove 1", "STOP 100"]),
            .deadline: Outcome("MASTER", ["advertise 100"], 1_000_000_000),
            .lower: Outcome("MASTER", ["advertise 100", "announce 1x5", "MASTER_RX_LOWER_PRI 100"], 100_000_000),
            .equalFromLowerAddress: Outcome(
                "MASTER", ["advertise 100", "announce 1x5", "MASTER_RX_LOWER_PRI 100"], 100_000_000),
            .equalFromHigherAddress: Outcome("BACKUP", ["advertise 100", "remove 1", "BACKUP 100"], 3_609_375_000),
            .higher: Outcome("BACKUP", ["advertise 100", "remove 1", "BACKUP 100"], 3_609_375_000),
            .resignation: Outcome("MASTER", ["advertise 100", "announce 1x5"], 100_000_000),
            .interfaceDown: Outcome("FAULT", ["remove 1", "FAULT 100"]),
            .sourceLost: Outcome("FAULT", ["remove 1", "FAULT 100"]),
            .scriptFailed: Outcome("FAULT", ["advertise 0", "advertise 0", "remove 1", "FAULT 100"]),
            .addressLost: Outcome("MASTER", ["install 1", "announce 1x5"], 600_000_000),
        ],
        .stopped: [:],
    ]

    /// Advertisements that start the wait over.
    static let honored: Set<Stimulus> = [
        .equalFromLowerAddress, .equalFromOurAddress, .equalFromHigherAddress, .higher,
    ]

    @Test("Each pair does what the table says, or nothing", arguments: Situation.allCases, Stimulus.allCases)
    func pair(situation: Situation, stimulus: Stimulus) {
        var bench = situation.bench
        bench.now = bench.now + .milliseconds(400)
        var unchanged = Outcome(bench.state.description, [], bench.nanosecondsLeft)
        if situation == .backup && Self.honored.contains(stimulus) { unchanged.nanoseconds = 3_609_375_000 }
        let steps = stimulus.apply(to: &bench).steps
        let outcome = Outcome(bench.state.description, steps, bench.nanosecondsLeft)
        #expect(outcome == Self.table[situation]?[stimulus] ?? unchanged)
    }

    @Test("A start removes what a crashed predecessor left, and listens; a notice says so")
    func start() {
        var bench = Bench(.tutorial(priority: 150) { $0.startsAsMaster = true })
        bench.send(.interface("eth0", .ready))
        let configuration = bench.virtualRouter.configuration
        #expect(
            bench.send(.start) == [
                .log(LogEntry(.detail, "(VI_1) removing VIPs.")),
                .remove(configuration.addresses, router: "VI_1"),
                .log(LogEntry(.notice, "(VI_1) Entering BACKUP STATE (init)")),
                .transition(Transition(router: "VI_1", state: .backup, priority: 150)),
            ])
        #expect(bench.nanosecondsLeft == 3_414_062_500)
    }

    @Test("An owner is master at once and was never a backup")
    func owner() {
        var bench = Bench(.tutorial(priority: 255) { $0.startsAsMaster = true })
        bench.send(.interface("eth0", .ready))
        let actions = bench.send(.start)
        #expect(actions.steps == ["remove 1", "advertise 255", "install 1", "announce 1x5", "MASTER 255"])
        #expect(actions.logs == ["(VI_1) removing VIPs.", "(VI_1) Entering MASTER STATE", "(VI_1) setting VIPs."])
        bench.send(.interface("eth0", .down))
        let steps = bench.send(.interface("eth0", .ready)).steps
        #expect(steps == ["advertise 255", "install 1", "announce 1x5", "MASTER 255"])
    }

    @Test("An owner that is told to start as backup does so")
    func modestOwner() {
        let bench = Bench(started: .tutorial(priority: 255))
        #expect(bench.state.description == "BACKUP")
        #expect(bench.nanosecondsLeft == 3_003_906_250)
    }

    @Test("A fault at start is called one, and a script without a result is not")
    func faultAtStart() {
        var bench = Bench(.tutorial())
        #expect(bench.send(.start).logs == ["(VI_1) removing VIPs.", "(VI_1) Entering FAULT STATE (init)"])
        #expect(bench.state == .initialize([.interfaceDown, .noSourceAddress]))
        #expect(Situation.pending.bench.state == .initialize([.scriptPending("chk")]))
    }

    @Test("A new master advertises before it does anything else")
    func becomingActive() throws {
        var bench = Bench(started: .tutorial { $0.excludedAddresses = [.second] })
        let actions = bench.reachDeadline()
        guard case .transmit(let transmission) = actions.first else {
            Issue.record("the first action is \(String(describing: actions.first))")
            return
        }
        // keepalived's own frame for these settings, behind its IP header.
        let octets: [UInt8] = [
            0x21, 0x33, 0x64, 0x01, 0x00, 0x01, 0x70, 0x5d, 0x0a, 0x09, 0x00, 0x64, 0, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(
            transmission
                == Transmission(
                    router: "VI_1", interface: "eth0", source: .ours, destinations: [.group], payloads: [octets]))
        #expect(
            Array(actions.dropFirst()) == [
                .log(LogEntry(.detail, "(VI_1) Receive advertisement timeout")),
                .log(LogEntry(.notice, "(VI_1) Entering MASTER STATE")),
                .log(LogEntry(.detail, "(VI_1) setting VIPs.")),
                .install([.first, .second], router: "VI_1"),
                .announce([.first, .second], count: 5, router: "VI_1"),
                .transition(Transition(router: "VI_1", state: .master, priority: 100)),
            ])
    }

    @Test("A yielding master speaks last words, then its addresses go, then scripts are told")
    func yielding() {
        var bench = Bench(active: .tutorial())
        let actions = bench.hear(200)
        #expect(actions.steps == ["advertise 100", "remove 1", "BACKUP 100"])
        #expect(
            actions.logs == [
                "(VI_1) Master received advert from 10.9.0.11 with higher priority 200, ours 100",
                "(VI_1) Entering BACKUP STATE", "(VI_1) removing VIPs.",
            ])
        guard case .backup(let backup) = bench.state else {
            Issue.record("the state is \(bench.state)")
            return
        }
        #expect(backup.master?.address == .higher)
        #expect(backup.master?.priority.rawValue == 200)
    }

    @Test("Log lines are keepalived's")
    func logLines() {
        var bench = Bench(active: .tutorial())
        #expect(
            bench.hear(100).logs.first
                == "(VI_1) Master received advert from 10.9.0.11 with same priority 100 but higher IP address than ours"
        )
        bench = Bench(active: .tutorial())
        #expect(
            bench.hear(90).logs
                == ["(VI_1) Received advert from 10.9.0.11 with lower priority 90, ours 100, forcing new election"])
        #expect(
            bench.hear(100, from: .ours, after: .milliseconds(500)).logs
                == ["(VI_1) WARNING - equal priority advert received from remote host with our IP address."])
        #expect(
            bench.send(.interface("eth0", .down)).logs
                == ["Netlink reports eth0 down", "(VI_1) removing VIPs.", "(VI_1) Entering FAULT STATE"])
        #expect(
            bench.send(.interface("eth0", .ready)).logs
                == ["Netlink reports eth0 up", "(VI_1) Entering BACKUP STATE"])
        #expect(bench.hear(0).logs == ["(VI_1) Backup received priority 0 advertisement"])
        #expect(
            bench.hear(90, after: .milliseconds(500)).logs
                == ["(VI_1) received lower priority (90) advert from 10.9.0.11 - discarding"])
        bench.reachDeadline()
        #expect(bench.send(.stop).logs == ["(VI_1) sent 0 priority", "(VI_1) removing VIPs."])
    }

    @Test("Of two owners the one with the higher address stays, and both complain")
    func twoOwners() {
        let configuration = VirtualRouterConfiguration.tutorial(priority: 255) { $0.startsAsMaster = true }
        let complaint =
            "(VI_1) CONFIGURATION ERROR: local instance and a remote instance are both configured as address owner"
        var bench = Bench(started: configuration)
        let stay = bench.hear(255, from: .lower)
        #expect(bench.state.description == "MASTER")
        #expect(stay.logs.contains(complaint))
        let leave = bench.hear(255, from: .higher)
        #expect(bench.state.description == "BACKUP")
        #expect(leave.logs.contains(complaint))
    }

    @Test(
        "Addresses are compared as unsigned numbers in network order",
        arguments: [
            ("198.18.127.10", "198.18.128.1", "BACKUP"), ("198.18.1.200", "198.18.2.1", "BACKUP"),
            ("198.18.128.10", "198.18.127.200", "MASTER"), ("10.0.0.10", "10.0.0.9", "MASTER"),
        ])
    func addressOrder(ours: String, theirs: String, state: String) throws {
        let theirs = try #require(IPAddress(theirs))
        var bench = Bench(active: .tutorial { $0.sourceAddress = IPAddress(ours) })
        bench.hear(100, from: theirs)
        #expect(bench.state.description == state)
    }

    @Test("A new primary address is the source of the next advertisement")
    func newSource() {
        var bench = Bench(active: .tutorial())
        let state = InterfaceState(isUp: true, primaryIPv4: IPv4Address(10, 9, 0, 77))
        #expect(bench.send(.interface("eth0", state)).isEmpty)
        #expect(bench.reachDeadline().transmissions.map(\.source) == [.v4(IPv4Address(10, 9, 0, 77))])
    }

    @Test("A configured source is used as it is, and needs no address on the interface")
    func configuredSource() {
        var bench = Bench(.tutorial { $0.sourceAddress = .higher })
        bench.send(.interface("eth0", InterfaceState(isUp: true)))
        bench.send(.start)
        #expect(bench.reachDeadline().transmissions.map(\.source) == [.higher])
    }

    @Test("Every peer gets its own copy, with its own checksum in v3")
    func unicast() throws {
        var bench = Bench(started: .tutorial(.v3) { $0.unicastPeers = [.lower, .higher] })
        let transmission = try #require(bench.reachDeadline().transmissions.first)
        #expect(transmission.destinations == [.lower, .higher])
        try #require(transmission.payloads.count == 2)
        #expect(transmission.payloads[0] != transmission.payloads[1])
        for (destination, payload) in zip(transmission.destinations, transmission.payloads) {
            #expect(VRRPPacket.checksumIsValid(payload, source: .ours, destination: destination))
        }
    }

    @Test("A password travels with v2 and never with v3")
    func password() throws {
        let secret = Array("secret12".utf8)
        var second = Bench(started: .tutorial(.v2) { $0.authentication = .password(secret) })
        let payload = try #require(second.reachDeadline().transmissions.first?.payloads.first)
        #expect(payload[4] == 1)
        #expect(Array(payload.suffix(8)) == secret)
        var third = Bench(started: .tutorial(.v3) { $0.authentication = .password(secret) })
        #expect(third.reachDeadline().transmissions.first?.payloads.first?.count == 12)
    }

    @Test("Statistics count what happened")
    func statistics() {
        var bench = Bench(active: .tutorial())
        bench.hear(90)
        bench.hear(0, after: .milliseconds(100))
        bench.hear(200)
        bench.reachDeadline()
        bench.send(.stop)
        let statistics = bench.virtualRouter.statistics
        #expect(statistics.advertisementsReceived == 3)
        #expect(statistics.advertisementsSent == 6)
        #expect(statistics.becameMaster == 2)
        #expect(statistics.releasedMaster == 2)
        #expect(statistics.priorityZeroReceived == 1)
        #expect(statistics.priorityZeroSent == 1)
    }
}
