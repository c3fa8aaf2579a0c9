import Chance
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A schedule of faults")
struct FaultScheduleTests {
    private static let link = LinkEnd("node1", "eth0")
    private static let daemon = ProcessName("daemon", on: "node1")
    private static let choice: [Fault] = [
        .silence(link), .carrierLoss(link), .pause(daemon), .kill(daemon, .tree),
    ]

    @Test("that a seed drew is the code that it prints")
    func code() throws {
        let drawn = FaultSchedule(seed: 42, from: Self.choice, over: .seconds(3))
        let written = FaultSchedule(
            [
                .init(at: .milliseconds(744), .carrierLoss(LinkEnd("node1", "eth0")), for: .milliseconds(361)),
                .init(at: .milliseconds(1094), .kill(ProcessName("daemon", on: "node1"), .tree)),
                .init(at: .milliseconds(1320), .silence(LinkEnd("node1", "eth0")), for: .milliseconds(1611)),
                .init(at: .milliseconds(2964), .silence(LinkEnd("node1", "eth0")), for: .milliseconds(36)),
            ], end: .seconds(3))
        #expect(drawn == written)
        // What is printed stands above, so the compiler has read it.
        try expectHere("\(drawn)")
    }

    @Test("prints every kind of fault as code")
    func everyFault() throws {
        let all = FaultSchedule(
            [
                .init(at: .zero, .kill(ProcessName("p", on: "n"), .children)),
                .init(at: .zero, .terminate(ProcessName("p", on: "n"))),
                .init(at: .zero, .pause(ProcessName("p", on: "n"))),
                .init(at: .zero, .hang(ProcessName("p", on: "n"))),
                .init(at: .zero, .slow(ProcessName("p", on: "n"), share: 0.1)),
                .init(at: .zero, .noDescriptors(ProcessName("p", on: "n"))),
                .init(at: .zero, .linkDown(LinkEnd("n", "eth0"))),
                .init(at: .zero, .removal(LinkEnd("n", "eth0"))),
                .init(at: .zero, .carrierLoss(LinkEnd("n", "eth0"))),
                .init(at: .zero, .flap(LinkEnd("n", "eth0"), down: .milliseconds(5), up: .microseconds(1500))),
                .init(at: .zero, .silence(LinkEnd("n", "eth0"))),
                .init(at: .zero, .mute(LinkEnd("n", "eth0"))),
                .init(at: .zero, .mute(LinkEnd("n", "eth0"), ipProtocol: 112)),
                .init(at: .zero, .deaf(LinkEnd("n", "eth0"), ipProtocol: 112)),
                .init(at: .zero, .filter(LinkEnd("n", "eth0"), ipProtocol: 112)),
                .init(at: .zero, .partition(segment: "lan", [["a", "b"], ["c"]])),
                .init(at: .zero, .oneWay(segment: "lan", from: ["a"], to: ["b", "c"])),
                .init(at: .zero, .addressRemoval("192.168.1.11/24", LinkEnd("n", "eth0"))),
                .init(at: .zero, .duplicateAddress("192.168.1.11/24", LinkEnd("n", "eth0"))),
                .init(at: .zero, .staleNeighbor("192.168.1.1", macAddress: "02:00:00:00:00:99", LinkEnd("n", "eth0"))),
                .init(at: .zero, .neighborFlush(LinkEnd("n", "eth0"))),
                .init(at: .zero, .routeRemoval("0.0.0.0/0", node: "n")),
                .init(at: .zero, .full(directory: "/run", node: "n")),
                .init(at: .zero, .readOnly(directory: "/run", node: "a \"b\""), for: .nanoseconds(1)),
            ], end: .nanoseconds(1))
        try expectHere("\(all)")
    }

    /// Whether this file has the text, however it is indented.
    private func expectHere(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        let flat = { (text: String) in text.split { " \n".contains($0) }.joined(separator: " ") }
        let source = String(decoding: try FileSystem.read(#filePath), as: UTF8.self)
        #expect(flat(source).contains(flat(text)), "\(text)", sourceLocation: location)
    }

    private static let lan = Topology(
        (1...5).map { number in
            NodeDescription("node\(number)", [InterfaceDescription("eth0", on: "lan", ["192.168.1.\(number)/24"])])
        })

    @Test("that a seed drew has no contradictions, keeps its budget and ends in time", arguments: 1...50)
    func soundness(seed: UInt64) {
        let choice = Self.lan.faults(Fault.Kind.allCases, of: [Self.daemon, ProcessName("daemon", on: "node2")])
        let span: Duration = .seconds(20)
        let wild = FaultSchedule(seed: seed, from: choice, over: span)
        #expect(wild.isConsistent)
        #expect(wild.entries.count > 10)
        #expect(wild.entries.allSatisfy { $0.time + ($0.length ?? .zero) <= span })
        #expect(wild == FaultSchedule(seed: seed, from: choice, over: span))
        #expect(wild != FaultSchedule(seed: seed + 1, from: choice, over: span))
        let single = FaultSchedule(
            seed: seed, from: Self.lan.faults([.linkDown, .silence, .isolation]), over: span, within: .atMostOneNode)
        for entry in single.entries {
            let present = single.entries.filter {
                $0.time <= entry.time && entry.time <= $0.time + ($0.length ?? .zero)
            }
            let nodes = present.map { entry -> String in
                if case .partition(_, let groups) = entry.fault { return groups[1][0] }
                return entry.fault.nodes[0]
            }
            #expect(Set(nodes).count == 1)
        }
    }

    @Test("computed partitions part who they say")
    func partitions() {
        let nodes = ["a", "b", "c", "d", "e"]
        #expect(Fault.halves(of: nodes, on: "lan") == .partition(segment: "lan", [["a", "b", "c"], ["d", "e"]]))
        #expect(
            Fault.isolation(of: "b", from: nodes, on: "lan")
                == .partition(segment: "lan", [["a", "c", "d", "e"], ["b"]]))
        #expect(
            Fault.bridge(over: "c", between: nodes, on: "lan") == [
                .oneWay(segment: "lan", from: ["a", "b"], to: ["d", "e"]),
                .oneWay(segment: "lan", from: ["d", "e"], to: ["a", "b"]),
            ])
        #expect(
            Fault.ringOfMajorities(of: nodes, on: "lan") == [
                .oneWay(segment: "lan", from: ["a"], to: ["c", "d"]),
                .oneWay(segment: "lan", from: ["b"], to: ["d", "e"]),
                .oneWay(segment: "lan", from: ["c"], to: ["a", "e"]),
                .oneWay(segment: "lan", from: ["d"], to: ["a", "b"]),
                .oneWay(segment: "lan", from: ["e"], to: ["b", "c"]),
            ])
        #expect(Fault.ringOfMajorities(of: ["a", "b", "c"], on: "lan") == [])
    }

    @Test("shrinks to the two of twenty faults that fail together, at round times, and the same at every attempt")
    func shrinking() async {
        let drawn = FaultSchedule(
            seed: 3, from: Self.lan.faults([.linkDown, .silence, .mute, .oneWay, .full]), over: .seconds(10),
            pauses: .milliseconds(10) ... .milliseconds(500))
        #expect(drawn.entries.count >= 20)
        let culprits = [drawn.entries[4].fault, drawn.entries[11].fault]
        let isFailing = { (schedule: FaultSchedule) in
            culprits.allSatisfy { culprit in
                schedule.entries.contains { $0.fault == culprit && ($0.length ?? .zero) >= .milliseconds(20) }
            }
        }
        let outcome = await drawn.shrunk(whileFailing: isFailing)
        #expect(outcome.story.entries.map(\.fault).allSatisfy(culprits.contains))
        #expect(outcome.story.entries.map(\.time) == [.zero, .zero])
        #expect(
            outcome.story.entries.allSatisfy {
                $0.length.map { $0 >= .milliseconds(20) && $0 < .milliseconds(40) } ?? false
            })
        #expect(outcome.attempts < 200)
        #expect(await drawn.shrunk(whileFailing: isFailing) == outcome)
    }
}

@Suite("A schedule of faults in a lab", .requiresNamespaces)
struct ScheduledLabTests {
    private static let topology = Topology(
        (1...2).map { number in
            NodeDescription(
                "node\(number)",
                [
                    InterfaceDescription("eth0", on: "a", ["192.168.1.\(number)/24"]),
                    InterfaceDescription("eth1", on: "b", ["192.168.2.\(number)/24"]),
                ])
        })
    private static let first = LinkEnd("node1", "eth0")
    private static let second = LinkEnd("node1", "eth1")

    @Test("happens when it is planned, and everything is taken back at its end")
    func timing() async throws {
        try await Lab.run(Self.topology) { lab in
            let schedule = FaultSchedule(
                [
                    .init(at: .milliseconds(20), .silence(Self.first), for: .milliseconds(60)),
                    .init(at: .milliseconds(50), .linkDown(Self.second)),
                    .init(at: .milliseconds(80), .silence(Self.first), for: .milliseconds(10)),
                    .init(at: .milliseconds(100), .neighborFlush(Self.first)),
                ], end: .milliseconds(150))
            let begin = MonotonicClock.now
            let done = try await lab.run(schedule)
            #expect(lab.faultsInForce == [])
            #expect(done.map(\.entry) == schedule.entries)
            #expect(done.allSatisfy { $0.delay >= .zero })
            #expect(done[1].plannedHealing.map { $0 - done[1].planned } == .milliseconds(100))
            #expect(done.map { $0.healing == nil } == [false, false, false, true])
            #expect(MonotonicClock.now - begin >= .milliseconds(150))
            // An overloaded host is late with everything, and one change waits for the kernel to finish another.
            let isTrusted = lab.timeline.stalls(in: begin...MonotonicClock.now).isEmpty
            let busy = done.flatMap { [$0.injection, $0.healing ?? $0.injection] }.map { $0.inForce - $0.began }
            #expect(!isTrusted || done.allSatisfy { $0.delay < .milliseconds(60) + busy.reduce(.zero, +) })
            let told = lab.timeline.compactMap { event in
                switch event.kind {
                case .fault(let text): "+ \(text)"
                case .healed(let text): "- \(text)"
                default: nil
                }
            }
            #expect(
                told == [
                    "+ node1/eth0 silenced", "+ node1/eth1 set down", "- node1/eth0 silenced", "+ node1/eth0 silenced",
                    "- node1/eth0 silenced", "+ node1/eth0 forgets its neighbors", "- node1/eth1 set down",
                ])
        }
    }

    @Test("leaves nothing in force when one of its faults is refused, or its task is canceled")
    func refusal() async throws {
        try await Lab.run(Self.topology) { lab in
            let name = ProcessName("nobody", on: "node1")
            let schedule = FaultSchedule([
                .init(at: .zero, .silence(Self.first), for: .seconds(60)), .init(at: .milliseconds(10), .pause(name)),
            ])
            await #expect(throws: LabError.noSuchProcess("nobody", node: "node1")) { try await lab.run(schedule) }
            #expect(lab.faultsInForce == [])
            let begin = lab.step("again")
            let task = Task {
                try await lab.run(FaultSchedule([.init(at: .zero, .silence(Self.first), for: .seconds(60))]))
            }
            try await lab.expect("it is in force", within: .seconds(5), since: begin) {
                $0.kind == .fault("\(Fault.silence(Self.first))")
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(lab.faultsInForce == [])
        }
    }

    /// Whether there are 60 ms in which neither way brings an answer; when the host stood still, nobody can tell.
    private static func isCutOff(_ schedule: FaultSchedule) async throws -> Bool {
        try await Lab.run(Self.topology) { lab in
            let begin = MonotonicClock.now
            let probes = [
                try lab["node1"].probe(IPv4Address(192, 168, 1, 2), over: "eth0", every: .milliseconds(5)),
                try lab["node1"].probe(IPv4Address(192, 168, 2, 2), over: "eth1", every: .milliseconds(5)),
            ]
            try await lab.expect("the first answer", within: .seconds(10), since: begin) { Self.isAnswer($0) }
            try await lab.run(schedule)
            for probe in probes { probe.stop() }
            let timeline = lab.timeline
            let times = timeline.filter(Self.isAnswer).map(\.time)
            let gap = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .zero
            return gap >= .milliseconds(60) && timeline.stalls(in: begin...MonotonicClock.now).isEmpty
        }
    }

    private static func isAnswer(_ event: TimelineEvent) -> Bool {
        event.node == "node1" && !event.isSent && event.frame?.ethernet.etherType == EthernetFrame.EtherType.ipv4
    }

    @Test("shrinks to the two faults that cut a node off together")
    func shrinking() async throws {
        let schedule = FaultSchedule(
            [
                .init(at: .milliseconds(5), .neighborFlush(LinkEnd("node2", "eth0"))),
                .init(at: .milliseconds(10), .silence(Self.first), for: .milliseconds(150)),
                .init(at: .milliseconds(15), .mute(LinkEnd("node2", "eth0"), ipProtocol: 17), for: .milliseconds(60)),
                .init(at: .milliseconds(20), .silence(Self.second), for: .milliseconds(150)),
                .init(at: .milliseconds(25), .full(directory: "/run", node: "node1"), for: .milliseconds(70)),
            ], end: .milliseconds(200))
        #expect(try await Self.isCutOff(schedule))
        let outcome = try await schedule.shrunk(repeats: 2, needed: 2, whileFailing: Self.isCutOff)
        #expect(Set(outcome.story.entries.map(\.fault)) == [.silence(Self.first), .silence(Self.second)])
        #expect(outcome.steps > 0)
    }
}
