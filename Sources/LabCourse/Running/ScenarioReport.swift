import NetnsKit
import Timeline
import Wire

/// What one run of a scenario came to, with everything that it saw.
public struct ScenarioReport: Sendable {
    public var step: String
    public var scenario: String
    public var title: String
    public var variant: LabVariant
    public var daemons: String
    public var checks: [CheckResult]
    public var timeline: Timeline
    /// The nodes, in the order of the topology.
    public var nodes: [String]
    public var files: [NodeFile]
    /// The virtual routers of its nodes, as their files had them at the end.
    public var routers: [ConfiguredRouter] = []
    /// When the lab was ready; times in reports count from here.
    public var origin: Instant
    public var length: Duration
    /// From the lab's clock to nanoseconds since 1970.
    public var offsetToRealTime: Int64
    /// How often it was run until this came out; every time but the last was inconclusive.
    public var attempts = 1
    /// What could not be answered then: the first such check of each run but the last.
    public var earlier: [CheckResult] = []
    /// From 1, when it is one of several runs of the same.
    public var repetition: Int?
    /// What its random choices came from.
    public var seed: UInt64?
    /// How far into an interval after an advertisement its fault came, 0..<1, where that was asked for.
    public var phase: Double?
    /// The pair of daemons as part of a directory's name, when the run has several pairs.
    public var pairName: String?
    /// A table that the scenario made for people, one line each.
    public var table: [String] = []
    /// What was left of its lab after the end, where that was looked for.
    public var leaks: [Leak] = []

    /// Such as `step2/crash`.
    public var id: String { "\(step)/\(scenario)" }

    /// The worst of its checks; a scenario without any has shown nothing.
    public var verdict: Verdict { checks.map(\.verdict).max() ?? .inconclusive }
}
