import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A fault of a process", .requiresNamespaces)
struct ProcessFaultTests {
    private static let alone = Topology([NodeDescription("node", [])])
    private static let name = ProcessName("program", on: "node")

    /// What the program runs for in a while of the lab's.
    private static func work(
        of process: NodeProcess, in lab: Lab, for span: Duration
    ) async throws -> (time: Duration, span: Duration) {
        let (begin, before) = (lab.step("measure"), process.usage.processorTime)
        try await lab.expectNever("anything else", for: span, since: begin) { $0.kind == .step("anything else") }
        return (process.usage.processorTime - before, MonotonicClock.now - begin)
    }

    @Test("slow gives a busy program its share of a processor, also its children, and all of it when healed")
    func slow() async throws {
        try await Lab.run(Self.alone) { lab in
            let loop = "while :; do :; done"
            let process = try lab["node"].start("/bin/sh", ["-c", "(\(loop)) & \(loop)"], as: "program")
            let fault = Fault.slow(Self.name, share: 0.1)
            try lab.inject(fault)
            let slowed = try await Self.work(of: process, in: lab, for: .milliseconds(500))
            // The quota is refilled once more than there are periods, and each processor may have begun a slice.
            #expect(slowed.time <= slowed.span * 0.1 + .milliseconds(40))
            #expect(slowed.time > .zero)
            try lab.heal(fault)
            let healed = try await Self.work(of: process, in: lab, for: .milliseconds(500))
            #expect(healed.time > healed.span * 0.1 + .milliseconds(40))
            #expect(throws: LabError.impossible(.slow(Self.name, share: 0), because: Self.shareRange)) {
                try lab.inject(.slow(Self.name, share: 0))
            }
        }
    }

    private static let shareRange = "the share must be more than 0 and at most 1"

    @Test("hang stops a program and its children without a signal, and they go on when healed")
    func hang() async throws {
        try await Lab.run(Self.alone) { lab in
            let loop = "while :; do echo .; done"
            let begin = lab.step("start")
            let process = try lab["node"].start("/bin/sh", ["-c", "(\(loop)) & \(loop)"], as: "program")
            try await lab.expect("it writes", within: .seconds(5), since: begin) { $0.isOutput }
            let fault = Fault.hang(Self.name)
            try lab.inject(fault)
            let hung = try await Self.work(of: process, in: lab, for: .milliseconds(100))
            #expect(hung.time == .zero)
            // Stopped by a signal it would be in state T.
            let status = try String(decoding: FileSystem.read("/proc/\(process.pid)/status"), as: UTF8.self)
            #expect(!status.contains("State:\tT"))
            let healed = try lab.heal(fault)
            try await lab.expect("it goes on", within: .seconds(5), since: healed.inForce) { $0.isOutput }
        }
    }

    @Test("a program that hangs can be killed")
    func killedWhileHanging() async throws {
        try await Lab.run(Self.alone) { lab in
            let process = try lab["node"].start("/bin/sleep", ["1000"], as: "program")
            try lab.inject(.hang(Self.name))
            try lab.inject(.kill(Self.name, .tree))
            #expect(await process.exit(within: .seconds(5)) == .signaled(number: SIGKILL))
            try lab.heal(.hang(Self.name))
        }
    }

    @Test("no control group outlives its lab, whether its fault was healed or not", arguments: [false, true])
    func groupsGo(isHealed: Bool) async throws {
        let before = Self.groups
        let path = try await Lab.run(Self.alone) { lab in
            try lab["node"].start("/bin/sleep", ["1000"], as: "program")
            try lab.inject(.hang(Self.name))
            let path = try #require(Self.groups.subtracting(before).first)
            if isHealed { try lab.heal(.hang(Self.name)) }
            return path
        }
        let deadline = MonotonicClock.now + .seconds(10)
        while FileSystem.exists(path), MonotonicClock.now < deadline { await Task.yield() }
        #expect(!FileSystem.exists(path))
    }

    @Test("when a harness is killed, its control groups go as soon as the processes in them have ended")
    func groupsOfKilledHarness() async throws {
        let parent = try #require(ControlGroupParent.forFreezing)
        let prefix = "netnskit-test-\(getpid())-"
        let group = try ControlGroup(named: prefix + "1", in: parent)
        let other = try ControlGroup(named: "another-\(getpid())", in: parent)
        var pipe = try Pipe()
        // Closed by the kernel when a harness is killed, and here at the end of this block.
        let lifeline = pipe.takeWriteEnd()
        var request = ProgramRequest(
            RunningProgram.directory + "/netnsinit", ["netnssweep", prefix, parent.path])
        let cut = pipe.takeReadEnd()
        request.descriptors = [nil, nil, nil, cut.number]
        let sweeper = try ChildProcess(request)
        let member = try ChildProcess(ProgramRequest("/bin/sleep", ["sleep", "1000"]))
        try group.add(member.pid)
        Self.close(lifeline)
        #expect(FileSystem.exists(group.path))
        try member.send(signal: SIGKILL)
        #expect(try member.collect(blocking: true) == .killed(signal: SIGKILL))
        #expect(try sweeper.collect(blocking: true) == .exited(0))
        #expect(!FileSystem.exists(group.path))
        #expect(FileSystem.exists(other.path))
        try other.remove()
    }

    private static func close(_ descriptor: consuming OwnedDescriptor) {}

    private static var groups: Set<String> {
        guard let parent = ControlGroupParent.forFreezing?.path else { return [] }
        return Set(FileSystem.names(in: parent).filter { $0.contains("-\(getpid())-") }.map { "\(parent)/\($0)" })
    }

    @Test("a program without descriptors cannot open anything until it is healed, and keeps what it has")
    func noDescriptors() async throws {
        try await Lab.run(Self.alone) { lab in
            let script =
                "while read word; do if true < /dev/null; then echo $word opened; else echo $word not; fi; done"
            let begin = lab.step("start")
            try lab["node"].start(
                "/bin/sh", ["-c", "mkfifo /run/fifo; exec 5<>/run/fifo; echo ready; exec <&5; \(script)"],
                as: "program")
            try await lab.expect("it is ready", within: .seconds(5), since: begin) { $0.isOutput("ready") }
            func ask(_ word: String, _ answer: String) async throws {
                let begin = lab.step("ask")
                _ = try await lab["node"].run("/bin/sh", ["-c", "echo \(word) > /run/fifo"])
                try await lab.expect("it answers", within: .seconds(5), since: begin) {
                    $0.isOutput("\(word) \(answer)")
                }
            }
            try await ask("before", "opened")
            try lab.inject(.noDescriptors(Self.name))
            try await ask("meanwhile", "not")
            try lab.heal(.noDescriptors(Self.name))
            try await ask("after", "opened")
        }
    }

    @Test("an injection twice and a healing of what is not in force are errors, but for a fault of one moment")
    func bookkeeping() async throws {
        try await Lab.run(Self.alone) { lab in
            let process = try lab["node"].start("/bin/sleep", ["1000"], as: "program")
            let pause = Fault.pause(Self.name)
            #expect(throws: LabError.notInForce(pause)) { try lab.heal(pause) }
            try lab.inject(pause)
            #expect(throws: LabError.alreadyInForce(pause)) { try lab.inject(pause) }
            #expect(lab.faultsInForce == [pause])
            try lab.inject(.hang(Self.name))
            let slow = Fault.slow(Self.name, share: 0.5)
            #expect(throws: LabError.self) { try lab.inject(slow) }
            try lab.healAll()
            #expect(lab.faultsInForce == [])
            #expect(throws: LabError.notInForce(pause)) { try lab.heal(pause) }
            #expect(lab.timeline.filter { $0.kind == .healed("\(pause)") }.count == 1)
            try lab.inject(.kill(Self.name, .parent))
            #expect(await process.exit(within: .seconds(5)) == .signaled(number: SIGKILL))
            try lab.heal(.kill(Self.name, .parent))
            #expect(lab.faultsInForce == [])
        }
    }
}

extension TimelineEvent {
    fileprivate var isOutput: Bool {
        if case .output = kind { return true }
        return false
    }

    fileprivate func isOutput(_ line: String) -> Bool {
        if case .output(_, _, line) = kind { return true }
        return false
    }
}
