import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("An expectation", .requiresNamespaces)
struct ExpectationTests {
    private static let alone = Topology([NodeDescription("node", [])])

    @Test("that is stated late still sees what happened since its start")
    func backfill() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("one")
            lab.step("two")
            let found = try await lab.expect("two", within: .seconds(1), since: start) { $0.kind == .step("two") }
            #expect(found.kind == .step("two"))
        }
    }

    @Test("does not see what happened before its start, and names it as the nearest miss")
    func beforeStart() async throws {
        try await Lab.run(Self.alone) { lab in
            lab.step("one")
            let start = lab.step("two")
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expect("one", within: .milliseconds(30), since: start) { $0.kind == .step("one") }
                })
            #expect(failure.observation.hasPrefix("nothing of the kind for 0.030 s; nearest: step: one, 0.0"))
            #expect(failure.observation.hasSuffix(" s too early"))
            #expect(failure.details.contains { $0.hasSuffix("step: two") })
        }
    }

    @Test("that is not met fails at its deadline, neither before nor long after, and is on record")
    func deadline() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = MonotonicClock.now
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expect("a miracle", within: .milliseconds(100), since: start) { _ in false }
                })
            #expect(failure.claim == "a miracle")
            #expect(failure.time == start + .milliseconds(100))
            let waited = MonotonicClock.now - start
            let isTrusted = lab.timeline.stalls(in: start...MonotonicClock.now).isEmpty
            #expect(waited >= .milliseconds(100))
            #expect(!isTrusted || waited < .milliseconds(200))
            let isQuiet = lab.timeline.disturbances(in: start...failure.time).isEmpty
            #expect(!isQuiet || failure.outcome == .failed)
            #expect(lab.timeline.contains { $0.kind == .verdict("a miracle", failure.outcome) })
        }
    }

    @Test("that something never happens needs a control that does: without one nothing was learned, and that is told")
    func neverNeedsControl() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("begin")
            let isEnd = { @Sendable (event: TimelineEvent) in event.kind == .step("end") }
            let begins = Landmark("a step called 'begin'") { $0.kind == .step("begin") }
            let proven = try await lab.expectNever(
                "an end", for: .milliseconds(100), since: start, control: begins, isEnd)
            #expect(proven == .passed)
            let unproven = try await lab.expectNever("no control", for: .milliseconds(50), since: start, isEnd)
            #expect(unproven == .inconclusive)
            let moon = Landmark("the moon rises") { _ in false }
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expectNever("no moon", for: .milliseconds(50), since: start, control: moon, isEnd)
                })
            #expect(failure.outcome == .inconclusive)
            #expect(failure.observation.hasPrefix("the positive control was not seen either: the moon rises"))
            let verdicts = lab.timeline.of(.verdict).map(\.kind)
            #expect(
                verdicts == [
                    .verdict("an end", .passed), .verdict("no control", .inconclusive),
                    .verdict("no moon", .inconclusive),
                ])
        }
    }

    @Test("that something never happens breaks with the first event that does")
    func never() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("begin")
            let claim = Task {
                try await lab.expectNever("a step called 'late'", for: .seconds(10), since: start) {
                    $0.kind == .step("late")
                }
            }
            let late = lab.step("late")
            let failure = try #require(await #expect(throws: ExpectationFailure.self) { try await claim.value })
            #expect(failure.time == late)
        }
    }

    @Test(
        "that counts returns with the last that is needed, waits for all when the number is exact, and counts no more")
    func counts() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("begin")
            let isTick = { @Sendable (event: TimelineEvent) in event.kind == .step("tick") }
            for _ in 0..<3 { lab.step("tick") }
            let three = try await lab.expect("ticks", count: 3..., within: .seconds(60), since: start, isTick)
            #expect(three.count == 3)
            let exact = try await lab.expect("ticks", count: 3...3, within: .milliseconds(50), since: start, isTick)
            #expect(exact.count == 3)
            #expect(MonotonicClock.now >= start + .milliseconds(50))
            let few = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expect("ticks", count: 5...6, within: .milliseconds(50), since: start, isTick)
                })
            #expect(few.observation == "it happened 3 times, expected 5 to 6")
            let many = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expect("ticks", count: 2...2, within: .seconds(60), since: start, isTick)
                })
            #expect(many.observation == "it happened 3 times, expected exactly 2")
            #expect(MonotonicClock.now < start + .seconds(30))
        }
    }

    @Test("that a condition always holds ends with the first moment at which it does not, and asks for its beginning")
    func always() async throws {
        try await Lab.run(Self.alone) { lab in
            try lab["node"].start("/bin/sleep", ["1000"])
            let start = lab.step("begin")
            let runs = Condition.running("sleep", on: "node")
            try await lab.expectAlways("sleep runs", runs, for: .milliseconds(200), since: start)
            let unknown = Condition.address(.v4(.any), on: "node")
            let doubt = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expectAlways("an address", unknown, for: .milliseconds(50), since: start)
                })
            #expect(doubt.outcome == .inconclusive)
            try lab.inject(.kill(ProcessName("sleep", on: "node"), .tree))
            let end = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expectAlways("sleep runs", runs, for: .seconds(60), since: start)
                })
            #expect(end.observation.hasPrefix("it ended "))
            #expect(MonotonicClock.now < start + .seconds(30))
        }
    }

    @Test("about order tells what came first, and what was too close to tell")
    func order() async throws {
        try await Lab.run(Self.alone) { lab in
            let landmark = { (name: String) in Landmark(name) { $0.kind == .step(name) } }
            let start = lab.step("one")
            lab.step("two")
            let orders = try await lab.expectOrder(
                [landmark("one"), landmark("two")], within: .seconds(5), since: start)
            #expect(orders == [.before])
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expectOrder([landmark("two"), landmark("one")], within: .seconds(60), since: start)
                })
            #expect(failure.observation.hasPrefix("one came 0.000 s before two"))
            // A program's line is stamped when it is read, at most a few milliseconds late: too late to order it.
            _ = try await lab["node"].run("/bin/echo", ["line"])
            let line = try #require(lab.timeline.last { if case .output = $0.kind { true } else { false } })
            let near = Landmark("a moment before the line") { $0.time == line.time && $0.node == "node" }
            let same = Landmark("the line") { $0 == line }
            let close = try await lab.expectOrder([near, same], within: .seconds(5), since: start)
            #expect(close == [.undecided])
            #expect(
                lab.timeline.contains { $0.kind == .step("too close to order: a moment before the line, the line") })
        }
    }

    @Test("about gaps fails with the first that is too long, also at the end of its window")
    func gaps() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("tick")
            let isTick = { @Sendable (event: TimelineEvent) in event.kind == .step("tick") }
            try await lab.expectNoGap("ticks", longerThan: .seconds(1), for: .milliseconds(50), since: start, isTick)
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expectNoGap(
                        "ticks", longerThan: .milliseconds(50), for: .milliseconds(120), since: start, isTick)
                })
            #expect(failure.observation == "it paused for 0.120 s, allowed 0.050 s")
        }
    }

    @Test("names what came nearest, and what was seen last")
    func nearestMiss() async throws {
        let pair = LabTests.pair
        try await Lab.run(pair) { lab in
            let cut = try lab.inject(.carrierLoss(LinkEnd("node1", "eth0")))
            try await lab.expect("node1 notices", within: .seconds(5), since: cut.began) {
                $0.node == "node1" && $0.kind == .link(interface: "eth0", isUp: false)
            }
            let failure = try #require(
                await #expect(throws: ExpectationFailure.self) {
                    try await lab.expect("node2 notices", within: .milliseconds(50), since: cut.began) {
                        $0.node == "node2" && $0.kind == .link(interface: "eth0", isUp: false)
                    }
                })
            #expect(failure.observation.hasSuffix("nearest: node1 eth0 down, on node1 instead of node2"))
            #expect(failure.description.contains("node1 eth0 down"))
        }
    }

    @Test("whose task is canceled ends at once with a cancellation error")
    func canceled() async throws {
        try await Lab.run(Self.alone) { lab in
            let begin = MonotonicClock.now
            let task = Task {
                try await lab.expect("for ever", within: .seconds(60), since: begin) { _ in false }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(MonotonicClock.now - begin < .seconds(10))
        }
    }
}
