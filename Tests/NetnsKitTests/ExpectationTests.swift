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

    @Test("does not see what happened before its start")
    func beforeStart() async throws {
        try await Lab.run(Self.alone) { lab in
            lab.step("one")
            let start = lab.step("two")
            await #expect(throws: ExpectationFailure.self) {
                try await lab.expect("one", within: .milliseconds(30), since: start) { $0.kind == .step("one") }
            }
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
            #expect(lab.timeline.contains { $0.kind == .verdict("a miracle", passed: false) })
        }
    }

    @Test("that something never happens holds while it does not, and breaks with the first event that does")
    func never() async throws {
        try await Lab.run(Self.alone) { lab in
            let start = lab.step("begin")
            try await lab.expectNever("a step called 'end'", for: .milliseconds(50), since: start) {
                $0.kind == .step("end")
            }
            let claim = Task {
                try await lab.expectNever("a step called 'late'", for: .seconds(10), since: start) {
                    $0.kind == .step("late")
                }
            }
            lab.step("late")
            await #expect(throws: ExpectationFailure.self) { try await claim.value }
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
