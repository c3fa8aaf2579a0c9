import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Labs side by side", .requiresNamespaces)
struct ParallelTests {
    private static let runs = ThisProcess.environment("NETNSKIT_FAILOVERS").flatMap { Int($0) } ?? 40
    private static let width = 8
    /// Three intervals of 100 ms, and (256 - 100) / 256 of one.
    private static let silence: Duration = .microseconds(360_938)

    @Test("eight at a time, two routers fail over in each: no run fails, no run leaks")
    func failovers() async throws {
        let begin = MonotonicClock.now
        let tally = await withTaskGroup(of: Tally.self) { group in
            var tally = Tally()
            for number in 0..<Self.runs {
                if number >= Self.width, let one = await group.next() { tally.add(one) }
                group.addTask { await Self.settle() }
            }
            return await group.reduce(into: tally) { $0.add($1) }
        }
        let delays = tally.delays.sorted()
        let time = MonotonicClock.now - begin
        print(
            "\(tally.passed) of \(Self.runs) failovers passed, \(tally.inconclusive) inconclusive ones done again, "
                + "\(tally.failures.count) failed, \(tally.leaks.count) leaks, in \(time.text); "
                + "takeover median \(delays.isEmpty ? "none" : delays[delays.count / 2].text), "
                + "longest \(delays.last?.text ?? "none")")
        #expect(tally.passed == Self.runs)
        #expect(tally.failures == [])
        #expect(tally.leaks == [])
    }

    /// Runs until there is an answer, at most ten times.
    private static func settle() async -> Tally {
        var tally = Tally()
        for _ in 0..<10 where tally.passed == 0 && tally.failures.isEmpty {
            let audit = LeakAudit()
            do {
                let delay = try await Lab.run(Machine.pair) { lab in
                    defer { audit.note(lab) }
                    return try await failOver(lab)
                }
                tally.passed = 1
                tally.delays = [delay]
            } catch let failure as ExpectationFailure where failure.outcome == .inconclusive {
                tally.inconclusive += 1
            } catch {
                tally.failures.append("\(error)")
            }
            tally.leaks += await audit.leaks()
        }
        return tally
    }

    /// Kills a master, and returns how long its backup has waited since it last heard it.
    private static func failOver(_ lab: Lab) async throws -> Duration {
        for (node, text) in [("node1", InstanceText.master), ("node2", .backup)] {
            try lab[node].write(text.text, to: Experiment.configurationFile)
        }
        let options = ["-n", "-l", "-D", "-G", "-f", Experiment.configurationFile]
        let master = try lab["node1"].start(Machine.program("vrrpd"), options, as: "daemon")
        try await lab.expect("node1 is the master", within: .seconds(8), since: lab.start) { $0.isClaim(by: "node1") }
        let second = lab.step("the second router")
        try lab["node2"].start(Machine.program("vrrpd"), options, as: "daemon")
        try await lab.expect("node2 listens", within: .seconds(8), since: second) {
            $0.isEntry(into: "BACKUP", on: "node2")
        }
        let listening = lab.step("node2 listens")
        try await lab.expect("node2 hears node1", count: 2..., within: .seconds(8), since: listening) {
            $0.isHeard(at: "node2")
        }
        let fault = try lab.inject(.kill(ProcessName(master.name, on: "node1"), .tree)).began
        let vip = Segment.virtualAddress
        try await lab.expect("node2 has the address", within: .seconds(8), since: fault) {
            $0.isAddition(of: vip, to: "node2")
        }
        try await lab.expect("node2 announces it", count: 5..., within: .seconds(8), since: fault) {
            $0.isAnnouncement(of: vip, from: "node2")
        }
        try lab.expect(
            .failover(
                of: vip, from: "node1", to: "node2", after: fault,
                within: silence - .milliseconds(2)...silence + .milliseconds(100)))
        try await lab.expectNever(
            "node1 speaks", for: .milliseconds(500), since: fault + .milliseconds(50),
            control: .advertisement(from: "node2")
        ) { $0.isClaim(by: "node1") }
        return lab.timeline.takeover(of: vip, from: "node1", to: "node2", after: fault)?.delay ?? .zero
    }
}

/// What a number of runs came to.
private struct Tally {
    var passed = 0
    /// Not held against anybody, and done again.
    var inconclusive = 0
    var failures: [String] = []
    var leaks: [Leak] = []
    var delays: [Duration] = []

    mutating func add(_ other: Self) {
        passed += other.passed
        inconclusive += other.inconclusive
        failures += other.failures
        leaks += other.leaks
        delays += other.delays
    }
}
