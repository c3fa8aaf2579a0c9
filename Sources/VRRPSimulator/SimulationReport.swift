import Timeline
import Wire

/// What became of a scenario: the record, everything that speaks against the invariants, and what came about.
public struct SimulationReport: Sendable {
    /// A violation and the claim that it contradicts.
    public struct Finding: Hashable, Sendable {
        public var invariant: String
        public var violation: Violation
    }

    public let scenario: Scenario
    public let timeline: Timeline
    /// In the order of time.
    public let findings: [Finding]
    public let situations: Situation.Counts
    /// Equal for equal stories.
    public let trace: TraceHash
    /// How many events routers were told.
    public let eventCount: Int

    /// Plays a scenario and judges it.
    public init(
        playing scenario: Scenario, recordingFramesIn windows: [ClosedRange<Instant>] = [],
        defects: [Int: HostBehavior] = [:], intruder: Intruder? = nil
    ) {
        var simulation = Simulation(
            scenario, recordingFramesIn: windows, defects: defects, intruder: intruder)
        simulation.run()
        self.init(simulation)
    }

    /// Judges what was played so far.
    public init(_ simulation: Simulation) {
        scenario = simulation.scenario
        timeline = simulation.timeline
        trace = simulation.trace
        eventCount = simulation.eventCount
        let history = History(simulation.timeline, of: scenario, until: simulation.now)
        findings = Invariant.all.flatMap { invariant in
            invariant.violations(history).map { Finding(invariant: invariant.name, violation: $0) }
        }.sorted { $0.violation.time < $1.violation.time }
        var situations = history.situations
        let tally = simulation.segment.tally
        if tally.duplicated > 0 { situations[.duplicate] = tally.duplicated }
        if tally.overtaken > 0 { situations[.overtaking] = tally.overtaken }
        self.situations = situations
    }
}
