import Wire

/// One question that a scenario asked, and what the lab answered.
public struct CheckResult: Hashable, Sendable {
    public var title: String
    public var verdict: Verdict
    /// What was to be seen, with its bound.
    public var expected: String
    /// What was seen.
    public var observed: String
    /// In what the bound is given, when there is one.
    public var measured: Duration?
    public var bound: ClosedRange<Duration>?
    /// What the protocol says of the measured time, where it says more than the bound.
    public var theory: Theory?
    /// When it was answered: for a measured time, the end of what was measured.
    public var time: Instant?
    /// Why the text of the lab expects something else, or why a failure is no surprise.
    public var explanation: String?
    /// Where the text of the lab is put to the test.
    public var contrast: Contrast?

    public init(
        _ title: String, _ verdict: Verdict, expected: String, observed: String, measured: Duration? = nil,
        bound: ClosedRange<Duration>? = nil, theory: Theory? = nil, time: Instant? = nil,
        explanation: String? = nil, contrast: Contrast? = nil
    ) {
        self.title = title
        self.verdict = verdict
        self.expected = expected
        self.observed = observed
        self.measured = measured
        self.bound = bound
        self.theory = theory
        self.time = time
        self.explanation = explanation
        self.contrast = contrast
    }
}
