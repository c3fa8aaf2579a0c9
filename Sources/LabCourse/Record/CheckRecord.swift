import Wire

/// A check as machines read it; times and bounds in seconds.
public struct CheckRecord: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "check"
    /// Of the scenario that asked.
    public var id: String
    public var title: String
    public var verdict: Verdict
    public var expected: String
    public var observed: String
    public var measured: Double?
    /// From and to.
    public var bound: [Double]?
    /// What the protocol says of the measured time, where it says more than the bound.
    public var theory: Theory?
    /// When it was answered, in seconds from the lab's start.
    public var t: Double?
    public var explanation: String?

    public init(
        id: String, title: String, verdict: Verdict, expected: String, observed: String, measured: Double? = nil,
        bound: [Double]? = nil, theory: Theory? = nil, t: Double? = nil, explanation: String? = nil
    ) {
        self.id = id
        self.title = title
        self.verdict = verdict
        self.expected = expected
        self.observed = observed
        self.measured = measured
        self.bound = bound
        self.theory = theory
        self.t = t
        self.explanation = explanation
    }

    /// - Parameter origin: when the lab was ready.
    public init(_ check: CheckResult, _ scenario: String, origin: Instant) {
        id = scenario
        title = check.title
        verdict = check.verdict
        expected = check.expected
        observed = check.observed
        measured = check.measured?.inSeconds
        bound = check.bound.map { [$0.lowerBound.inSeconds, $0.upperBound.inSeconds] }
        theory = check.theory
        t = check.time.map { ($0 - origin).inSeconds }
        explanation = check.explanation
    }
}
