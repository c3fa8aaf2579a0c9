import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// Runs scenarios, several at a time, each in a lab of its own.
public struct Runner: Sendable {
    public var daemons: DaemonPair
    public var variant: LabVariant
    /// How many scenarios run side by side.
    public var width: Int

    public init(daemons: DaemonPair, variant: LabVariant = .reference, width: Int) {
        self.daemons = daemons
        self.variant = variant
        self.width = max(width, 1)
    }

    /// A scenario and the step that it belongs to.
    public struct Job: Sendable {
        public var step: String
        public var scenario: Scenario

        public init(step: String, scenario: Scenario) {
            self.step = step
            self.scenario = scenario
        }
    }

    /// Runs the jobs and hands over each report as soon as it is there; the result has them in the order of the jobs.
    ///
    /// - Throws: `LabError` when no lab can be built, `CancellationError` when the task is canceled.
    public func run(_ jobs: [Job], finished: (ScenarioReport) -> Void = { _ in }) async throws -> [ScenarioReport] {
        var reports: [Int: ScenarioReport] = [:]
        try await withThrowingTaskGroup(of: (Int, ScenarioReport).self) { group in
            var waiting = jobs.enumerated().makeIterator()
            for _ in 0..<width {
                guard let (number, job) = waiting.next() else { break }
                group.addTask { (number, try await run(job)) }
            }
            for try await (number, report) in group {
                reports[number] = report
                finished(report)
                if let (number, job) = waiting.next() { group.addTask { (number, try await run(job)) } }
            }
        }
        return jobs.indices.compactMap { reports[$0] }
    }

    /// Runs one scenario once.
    public func run(_ job: Job) async throws -> ScenarioReport {
        let scenario = job.scenario
        var topology = scenario.topology
        for index in topology.nodes.indices { topology.nodes[index].exposedPaths += exposedPaths }
        return try await Lab.run(topology) { lab in
            let run = ScenarioRun(lab: lab, daemons: daemons, files: scenario.files)
            do {
                for file in scenario.files { try lab[file.node].write(file.contents, to: file.path, mode: file.mode) }
                try await scenario.body(run)
            } catch is SetupFailure {
                // The check that could not be set up is on record.
            }
            // A scenario that was cut short may have taken that for an answer.
            try Task.checkCancellation()
            let end = MonotonicClock.now
            return ScenarioReport(
                step: job.step, scenario: scenario.id, title: scenario.title, variant: variant,
                daemons: "\(daemons)", checks: run.checks, timeline: lab.timeline,
                nodes: topology.nodes.map(\.name), files: scenario.files, origin: lab.start,
                length: end - lab.start, offsetToRealTime: lab.offsetToRealTime)
        }
    }

    /// The programs' directories, where a node's private directories would hide them.
    private var exposedPaths: [String] {
        let directories = [daemons.first.path, daemons.second.path].map { path in
            path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        }
        let hidden = directories.filter { directory in
            NodeDescription.standardPrivateDirectories.contains { directory.hasPrefix($0 + "/") }
        }
        return Set(hidden).sorted()
    }
}
