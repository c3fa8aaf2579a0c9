import LinuxSystem
import NetnsKit
import Synchronization
import Testing
import Timeline

/// One run of one test in one lab: what was found, and whether it can be trusted.
final class LabTestRun: Sendable {
    private struct State {
        var failures = 0
        var excused = 0
    }

    private let test: Test
    private let topology: Topology
    private let mayRepeat: Bool
    private let state = Mutex(State())

    init(of test: Test, in topology: Topology, mayRepeat: Bool) {
        self.test = test
        self.topology = topology
        self.mayRepeat = mayRepeat
    }

    /// Whether what was found stands: nothing was excused by a host that stood still.
    var isConclusive: Bool { state.withLock { $0.excused == 0 || $0.failures > 0 } }

    func perform(_ function: @Sendable () async throws -> Void) async throws {
        let audit = LeakAudit()
        let result: Result<Void, any Error>
        do {
            try await Lab.run(topology) { lab in
                defer { audit.note(lab) }
                try await perform(function, in: lab)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for leak in await audit.leaks() {
            Issue.record("\(test.name) left something behind: \(leak)", sourceLocation: test.sourceLocation)
        }
        try result.get()
    }

    private func perform(_ function: @Sendable () async throws -> Void, in lab: Lab) async throws {
        defer {
            if state.withLock({ $0.failures > 0 }) { TestArtifacts.leave(of: lab, as: test.name, test.sourceLocation) }
        }
        try await withKnownIssue("the host spoiled this run, so it is done again", isIntermittent: true) {
            try await Lab.$ofTask.withValue(lab) { try await function() }
        } matching: { [self] issue in
            isExcused(issue, in: lab)
        }
        for event in lab.timeline.of(.verdict) {
            guard case .verdict(let claim, .inconclusive) = event.kind, state.withLock({ $0.failures == 0 }) else {
                continue
            }
            Issue.record(
                "nothing was learned of '\(claim)'", severity: .warning, sourceLocation: test.sourceLocation)
        }
    }

    /// Whether an issue is the host's fault rather than the program's; what is not stands for good.
    private func isExcused(_ issue: Issue, in lab: Lab) -> Bool {
        guard issue.isFailure else { return false }
        let failure = issue.error as? ExpectationFailure
        let window = lab.start...max(lab.start, MonotonicClock.now)
        let isSpoiled = failure?.outcome == .inconclusive || !lab.timeline.disturbances(in: window).isEmpty
        return state.withLock { state in
            guard mayRepeat, isSpoiled, !Task.isCancelled else {
                state.failures += 1
                return false
            }
            state.excused += 1
            return true
        }
    }
}
