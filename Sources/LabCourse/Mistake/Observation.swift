import NetnsKit
import Timeline
import Wire

/// What a run of somebody's files saw, for those who look for a mistake on the wire.
public struct Observation: Sendable {
    public var submission: Submission
    /// The scenario that was run, such as `step4/nopreempt`.
    public var scenario: String
    public var timeline: Timeline
    public var checks: [CheckResult]
    /// Times are told from here.
    public var origin: Instant
    /// What was left of the lab after its end, where that was looked for.
    public var leaks: [Leak]

    public init(_ submission: Submission, _ report: ScenarioReport) {
        self.submission = submission
        scenario = report.id
        timeline = report.timeline
        checks = report.checks
        origin = report.origin
        leaks = report.leaks
    }
}
