import Wire

/// The first line of a scenario's events: what ran.
public struct ScenarioRecord: Encodable, Sendable {
    var v = 1
    var kind = "scenario"
    var id: String
    var title: String
    var daemon: String
    var variant: LabVariant
    var verdict: Verdict
    /// In seconds.
    var length: Double
    /// More than 1 when it was run again because nothing was learned before.
    var attempts: Int

    public init(_ report: ScenarioReport) {
        id = report.id
        title = report.title
        daemon = report.daemons
        variant = report.variant
        verdict = report.verdict
        length = report.length.inSeconds
        attempts = report.attempts
    }
}

/// A check as machines read it; times and bounds in seconds.
public struct CheckRecord: Encodable, Sendable {
    var v = 1
    var kind = "check"
    var id: String
    var title: String
    var verdict: Verdict
    var expected: String
    var observed: String
    var measured: Double?
    /// From and to.
    var bound: [Double]?
    var explanation: String?

    public init(_ check: CheckResult, _ scenario: String) {
        id = scenario
        title = check.title
        verdict = check.verdict
        expected = check.expected
        observed = check.observed
        measured = check.measured?.inSeconds
        bound = check.bound.map { [$0.lowerBound.inSeconds, $0.upperBound.inSeconds] }
        explanation = check.explanation
    }
}

/// The last line of a run.
public struct EndRecord: Encodable, Sendable {
    var v = 1
    var kind = "end"
    var verdict: Verdict
    var passed: Int
    var failed: Int
    var inconclusive: Int
    var skipped: Int
    var seconds: Double
    var exit: Int32
    var artifacts: String?

    public init(_ checks: [CheckResult], seconds: Double, exit: Int32, artifacts: String?) {
        let count = { (verdict: Verdict) in checks.count { $0.verdict == verdict } }
        verdict = checks.map(\.verdict).max() ?? .skip
        passed = count(.pass)
        failed = count(.fail)
        inconclusive = count(.inconclusive)
        skipped = count(.skip)
        self.seconds = seconds
        self.exit = exit
        self.artifacts = artifacts
    }
}
