import Wire

/// What ran and what it came to: the first of a scenario's lines.
public struct ScenarioRecord: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "scenario"
    /// Such as `step2/crash`.
    public var id: String
    public var title: String
    /// The pair as `--daemon` takes it.
    public var daemon: String
    public var variant: LabVariant
    public var verdict: Verdict
    /// In seconds since 1970.
    public var started: Double
    /// In seconds.
    public var length: Double
    /// More than 1 when it was run again because nothing was learned before.
    public var attempts: Int
    /// From 1, when it is one of several runs of the same.
    public var repetition: Int?
    /// What its random choices came from.
    public var seed: UInt64?
    /// How far into an interval after an advertisement its fault came, 0..<1, where that was asked for.
    public var phase: Double?

    public init(
        id: String, title: String, daemon: String, variant: LabVariant, verdict: Verdict, started: Double,
        length: Double, attempts: Int = 1, repetition: Int? = nil, seed: UInt64? = nil, phase: Double? = nil
    ) {
        self.id = id
        self.title = title
        self.daemon = daemon
        self.variant = variant
        self.verdict = verdict
        self.started = started
        self.length = length
        self.attempts = attempts
        self.repetition = repetition
        self.seed = seed
        self.phase = phase
    }

    public init(_ report: ScenarioReport) {
        id = report.id
        title = report.title
        daemon = report.daemons
        variant = report.variant
        verdict = report.verdict
        let begin: Duration = (report.origin - Instant.zero) + .nanoseconds(report.offsetToRealTime)
        started = begin.inSeconds
        length = report.length.inSeconds
        attempts = report.attempts
        repetition = report.repetition
        seed = report.seed
        phase = report.phase
    }
}
