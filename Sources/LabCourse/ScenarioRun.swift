import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// A scenario while it runs: the lab, the daemons under test, and the answers so far.
public final class ScenarioRun: Sendable {
    public let lab: Lab
    public let daemons: DaemonPair
    private let files: [NodeFile]
    private let results = Mutex<[CheckResult]>([])

    init(lab: Lab, daemons: DaemonPair, files: [NodeFile]) {
        self.lab = lab
        self.daemons = daemons
        self.files = files
    }

    public var checks: [CheckResult] { results.withLock { $0 } }

    // MARK: Stimuli

    /// The program that a node runs: the first of the pair on node1, the second elsewhere.
    public func program(of node: String) -> DaemonProgram {
        node == "node1" ? daemons.first : daemons.second
    }

    /// Starts the node's daemon with the configuration that its files hold.
    ///
    /// - Returns: the instant just before.
    @discardableResult
    public func start(_ node: String) throws -> Instant {
        let configuration = files.first { $0.node == node && $0.path.hasSuffix(".conf") }
        let program = program(of: node)
        let time = lab.step("start \(program.name) on \(node)")
        try lab[node].start(
            program.path, program.arguments(configuration: configuration?.path ?? "/etc/keepalived/keepalived.conf"),
            as: program.process)
        return time
    }

    /// The daemon of a node, as faults name it.
    public func daemon(of node: String) -> ProcessName {
        ProcessName(program(of: node).process, on: node)
    }

    // MARK: Checks

    /// Needs something to happen before the real question can be asked; without it nothing is learned.
    @discardableResult
    public func require(
        _ claim: String, within limit: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent {
        do {
            return try await lab.expect(claim, within: limit, since: start, matches)
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    claim, .inconclusive, expected: "within \(limit.text)", observed: failure.observation,
                    explanation: "this had to happen before the question could be asked"))
            throw SetupFailure(claim: claim)
        }
    }

    /// Waits for something that must happen; nil, with a failed check on record, when it does not.
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant, explanation: String? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent? {
        do {
            return try await lab.expect(claim, within: limit, since: start, matches)
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    claim, Verdict(failure.outcome), expected: "within \(limit.text)", observed: failure.observation,
                    explanation: explanation))
            return nil
        }
    }

    /// Watches that something does not happen.
    ///
    /// - Parameter control: what must happen meanwhile, because without it nothing is proven.
    public func expectNever(
        _ claim: String, for span: Duration, since start: Instant, control: Landmark, explanation: String? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws {
        let title = "never: \(claim)"
        let expected = "not for \(span.text)"
        do {
            try await lab.expectNever(title, for: span, since: start, control: control, matches)
            record(CheckResult(title, .pass, expected: expected, observed: "nothing of the kind for \(span.text)"))
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    title, Verdict(failure.outcome), expected: expected, observed: failure.observation,
                    explanation: explanation))
        }
    }

    /// Judges a measured time against a bound.
    ///
    /// - Parameter window: where the time was measured; a stall of the host in it makes a miss inconclusive.
    public func check(
        _ title: String, _ measured: Duration, within bound: ClosedRange<Duration>, window: ClosedRange<Instant>,
        explanation: String? = nil
    ) {
        let holds = bound.contains(measured)
        record(
            CheckResult(
                title, verdict(holds, window, shortStall),
                expected: "\(bound.lowerBound.decimalSeconds())..\(bound.upperBound.text)", observed: measured.text,
                measured: measured, bound: bound, explanation: holds ? nil : explanation))
    }

    /// Judges a fact.
    public func judge(
        _ title: String, _ holds: Bool, expected: String, observed: String, window: ClosedRange<Instant>? = nil,
        explanation: String? = nil
    ) {
        let verdict = window.map { self.verdict(holds, $0, longStall) } ?? (holds ? .pass : .fail)
        record(
            CheckResult(
                title, verdict, expected: expected, observed: observed, explanation: holds ? nil : explanation))
    }

    /// Judges that something was not seen: while the host stood still, or events were lost, that proves nothing.
    public func judgeAbsence(
        _ title: String, _ holds: Bool, expected: String, observed: String, window: ClosedRange<Instant>,
        explanation: String? = nil
    ) {
        record(
            CheckResult(
                title, !holds ? .fail : isTrusted(window, longStall) ? .pass : .inconclusive,
                expected: expected, observed: observed, explanation: holds ? nil : explanation))
    }

    /// Says why something was not looked at.
    public func skip(_ title: String, because reason: String) {
        record(CheckResult(title, .skip, expected: "", observed: reason))
    }

    private func verdict(_ holds: Bool, _ window: ClosedRange<Instant>, _ stall: Duration) -> Verdict {
        holds ? .pass : isTrusted(window, stall) ? .fail : .inconclusive
    }

    /// Whether the captures saw everything in a window, and the host never stood still for longer than that.
    private func isTrusted(_ window: ClosedRange<Instant>, _ stall: Duration) -> Bool {
        let timeline = lab.timeline
        return timeline.stalls(in: window, longerThan: stall).isEmpty && timeline.losses(in: window).isEmpty
    }

    func record(_ result: CheckResult) {
        results.withLock { $0.append(result) }
    }
}

/// A scenario could not get to its question; the check that says why is on record.
struct SetupFailure: Error {
    var claim: String
}

/// What spoils a measured time.
private let shortStall: Duration = .milliseconds(20)
/// What spoils the question whether something happens at all: less only delays it.
private let longStall: Duration = .milliseconds(250)
