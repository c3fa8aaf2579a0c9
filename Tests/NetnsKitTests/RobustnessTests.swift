import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("What could go wrong in a lab", .requiresNamespaces)
struct RobustnessTests {
    private static let pair = LabTests.pair
    private static let end = LinkEnd("node1", "eth0")

    @Test(
        "a link end that is silenced in the lab's first moment stays silent, also when its link goes down and up",
        .lab(LabTests.pair), arguments: 0..<10)
    func earlySilence(round: Int) async throws {
        let lab = try Lab.current
        let silence = try lab.inject(.silence(Self.end))
        if round.isMultiple(of: 2) {
            try lab.inject(.linkDown(Self.end))
            try lab.heal(.linkDown(Self.end))
        }
        try lab["node2"].ping(IPv4Address(192, 168, 1, 11), over: "eth0")
        try await lab.expectNever(
            "node1 hears node2", for: lab.elapsed(since: silence.inForce) + .milliseconds(50),
            since: silence.inForce,
            control: .frame(at: "node2", .sent)
        ) {
            $0.node == "node1" && $0.frameDirection == .received && $0.frame != nil
        }
    }

    @Test("a silenced end stays silent when a partition of its segment heals", .lab(LabTests.pair))
    func silenceOutlivesPartition() async throws {
        let lab = try Lab.current
        let partition = Fault.partition(segment: "lan", [["node1"], ["node2"]])
        try lab.inject(.silence(Self.end))
        try lab.inject(partition)
        let healed = try lab.heal(partition)
        try lab["node2"].ping(IPv4Address(192, 168, 1, 11), over: "eth0")
        try await lab.expectNever(
            "node1 hears node2", for: lab.elapsed(since: healed.inForce) + .milliseconds(100),
            since: healed.inForce,
            control: .frame(at: "node2", .sent)
        ) {
            $0.node == "node1" && $0.frameDirection == .received
        }
        let back = try lab.heal(.silence(Self.end))
        try lab["node2"].ping(IPv4Address(192, 168, 1, 11), over: "eth0")
        try await lab.expect("node1 hears node2", within: .seconds(3), since: back.began) {
            $0.node == "node1" && $0.frameDirection == .received
        }
    }

    @Test("faults that would do nothing are errors")
    func emptyFaults() async throws {
        try await Lab.run(Self.pair) { lab in
            #expect(throws: LabError.noSuchSegment("wan")) {
                try lab.inject(.partition(segment: "wan", [["node1"], ["node2"]]))
            }
            #expect(throws: LabError.noSuchNode("node3")) {
                try lab.inject(.partition(segment: "lan", [["node1"], ["node3"]]))
            }
            #expect(throws: LabError.noSuchInterface("eth7", node: "node1")) {
                try lab.inject(.silence(LinkEnd("node1", "eth7")))
            }
            let name = ProcessName("true", on: "node1")
            #expect(throws: LabError.noSuchProcess("true", node: "node1")) { try lab.inject(.terminate(name)) }
            let process = try lab["node1"].start("/bin/true")
            #expect(await process.exit(within: .seconds(2)) == .exited(code: 0))
            #expect(throws: LabError.notRunning(name)) { try lab.inject(.kill(name, .tree)) }
        }
    }

    @Test("a program that never stops writing neither stops the lab nor fills the memory")
    func endlessWriter() async throws {
        try await Lab.run(Self.pair) { lab in
            try lab["node1"].start("/usr/bin/yes")
            let begin = lab.step("wait for something else")
            await #expect(throws: ExpectationFailure.self) {
                try await lab.expect("a miracle", within: .milliseconds(300), since: begin) { _ in false }
            }
            try await lab.expect("the rest is not kept", within: .seconds(20), since: lab.start) {
                $0.kind == .lost(source: "stdout of yes", count: nil)
            }
            #expect(MonotonicClock.now - begin < .seconds(20))
        }
    }

    @Test("files of a node go into its private directories, also by another name, and nowhere else")
    func privateFiles() async throws {
        try await Lab.run(Self.pair) { lab in
            let node = lab["node1"]
            try node.write("here", to: "/run/note")
            #expect(try node.read("/var/run/note") == Array("here".utf8))
            for path in ["/opt/note", "/run/../opt/note", "note", "/var/run/note"] {
                #expect(throws: LabError.notPrivate(path: path, node: "node1")) { try node.write("x", to: path) }
            }
            _ = try await node.run("/bin/ln", ["-s", "/opt", "/run/elsewhere"])
            #expect(throws: LabError.self) { try node.write("x", to: "/run/elsewhere/note") }
            #expect(!RunningProgram.isExecutable("/opt/note"))
        }
    }

    @Test("settings of interfaces hold in every lab, and one that cannot be made is an error")
    func settings() async throws {
        var topology = Self.pair
        topology.nodes[0].settings = ["net.ipv4.conf.eth0.arp_ignore": "1"]
        for _ in 0..<10 {
            try await Lab.run(topology) { lab in
                let value = try await lab["node1"].run("/bin/cat", ["/proc/sys/net/ipv4/conf/eth0/arp_ignore"])
                #expect(value?.lines == ["1"])
            }
        }
        topology.nodes[0].settings = ["net.ipv4.conf.eth0.no_such_setting": "1"]
        await #expect(throws: LabError.self) { try await Lab.run(topology) { _ in } }
        topology.nodes[0].settings = ["kernel.hostname": "x"]
        await #expect(throws: LabError.topology(.badSetting("kernel.hostname", node: "node1"))) {
            try await Lab.run(topology) { _ in }
        }
    }

    @Test("a claim may look at its lab")
    func claimsMayLook() async throws {
        try await Lab.run(Self.pair) { lab in
            let seen = try await lab.expect("a step on record", within: .seconds(2), since: lab.step("now")) { _ in
                lab.timeline.contains { $0.kind == .step("now") }
            }
            #expect(seen.kind == .step("now"))
        }
    }

    @Test("a wait that outlives its lab ends with it")
    func orphanedWait() async throws {
        let task = try await Lab.run(Self.pair) { lab in
            Task<TimelineEvent, any Error> {
                try await lab.expect("for ever", within: .seconds(600), since: lab.start) { _ in false }
            }
        }
        await #expect(throws: ExpectationFailure.self) { try await task.value }
    }

    @Test("a lab whose task is canceled is taken down")
    func canceledLab() async throws {
        let pid = Mutex<Int32?>(nil)
        let task = Task {
            try await Lab.run(Self.pair) { lab in
                let process = try lab["node1"].start("/bin/sleep", ["1000"])
                pid.withLock { $0 = process.pid }
                try await lab.expect("for ever", within: .seconds(600), since: lab.start) { _ in false }
            }
        }
        while pid.withLock({ $0 }) == nil { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        let number = try #require(pid.withLock { $0 })
        let deadline = MonotonicClock.now + .seconds(2)
        while kill(number, 0) == 0, MonotonicClock.now < deadline { await Task.yield() }
        #expect(kill(number, 0) == -1)
    }

    @Test("a node that cannot start says in its own words why")
    func failingNode() async throws {
        var topology = Self.pair
        topology.nodes[0].exposedPaths = ["/nothing/here"]
        let error = await #expect(throws: LabError.self) { try await Lab.run(topology) { _ in } }
        #expect(error == .nodeFailed(node: "node1", report: "cannot expose /nothing/here: No such file or directory"))
    }

    @Test("a node's clocks from boot may be ahead of the host's; its wall clock, and other nodes' clocks, are not")
    func clocks() async throws {
        var topology = Self.pair
        let ahead: Duration = .seconds(100_000_000)
        topology.nodes[0].clockOffset = ahead + .milliseconds(500)
        try await Lab.run(topology) { lab in
            func seconds(_ node: String, _ path: String, _ word: Int) async throws -> Double {
                let lines = try await lab[node].run("/bin/cat", [path])?.lines
                let words = lines?.first?.split(separator: " ") ?? []
                return try #require(words.count > word ? Double(words[word]) : nil)
            }
            let begin = MonotonicClock.now
            let first = try await seconds("node1", "/proc/uptime", 0)
            let second = try await seconds("node2", "/proc/uptime", 0)
            let passed = (MonotonicClock.now - begin).inSeconds
            let difference = first - second
            #expect(difference <= 100_000_000.51 && difference >= 100_000_000.49 - passed)
            let wall = try await lab["node1"].run("/bin/date", ["+%s"])?.lines.first.flatMap { Int64($0) }
            let here = (MonotonicClock.now.nanoseconds + lab.offsetToRealTime) / 1_000_000_000
            #expect(wall.map { abs($0 - here) < 10 } == true)
            await #expect(throws: Never.self) { _ = try await lab["node1"].run("/bin/true") }
            #expect(throws: LabError.self) { try lab["node1"].start("/bin/nothing") }
        }
        topology.nodes[0].clockOffset = .seconds(-1_000_000_000)
        await #expect(throws: LabError.self) { try await Lab.run(topology) { _ in } }
    }

    @Test("a directory that the host does not have is made for the node alone")
    func overlay() async throws {
        var topology = Self.pair
        topology.nodes[0].privateDirectories.append("/etc/netnskit-test/deep")
        try await Lab.run(topology) { lab in
            try lab["node1"].write("x", to: "/etc/netnskit-test/deep/file")
            let here = try await lab["node1"].run("/bin/cat", ["/etc/netnskit-test/deep/file"])
            #expect(here?.lines == ["x"])
            #expect(!RunningProgram.isExecutable("/etc/netnskit-test"))
            let rest = try await lab["node1"].run("/bin/ls", ["-A", "/run"])
            #expect(rest?.lines == [])
        }
    }
}
