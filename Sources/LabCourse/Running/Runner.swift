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
    /// How often a scenario whose result is inconclusive is run again.
    public var retries: Int
    /// Whether it looks, after each lab, for what is left of it.
    public var audits = false
    /// Who looks on.
    public var observer: (any RunObserver)?

    public init(daemons: DaemonPair, variant: LabVariant = .reference, width: Int, retries: Int = 0) {
        self.daemons = daemons
        self.variant = variant
        self.width = max(width, 1)
        self.retries = max(retries, 0)
    }

    /// A scenario and the step that it belongs to.
    public struct Job: Sendable {
        public var step: String
        public var scenario: Scenario
        /// Instead of the runner's own pair.
        public var daemons: DaemonPair?
        /// From 1, when it is one of several runs of the same.
        public var repetition: Int?
        /// What its random choices come from.
        public var seed: UInt64?
        /// How far into an interval after an advertisement its fault comes, 0..<1.
        public var phase: Double?

        /// Such as `step2/crash`.
        public var id: String { "\(step)/\(scenario.id)" }

        public init(step: String, scenario: Scenario) {
            self.step = step
            self.scenario = scenario
        }
    }

    /// Runs the jobs and hands over each report as soon as it is there; the result has them in the order of the jobs.
    ///
    /// - Throws: `LabError` when this machine cannot build labs, `CancellationError` when the task is canceled.
    public func run(_ jobs: [Job], finished: (ScenarioReport) -> Void = { _ in }) async throws -> [ScenarioReport] {
        var reports: [Int: ScenarioReport] = [:]
        try await withThrowingTaskGroup(of: (Int, ScenarioReport).self) { group in
            var waiting = jobs.enumerated().makeIterator()
            for _ in 0..<width {
                guard let (number, job) = waiting.next() else { break }
                group.addTask { (number, try await settle(job)) }
            }
            for try await (number, report) in group {
                reports[number] = report
                finished(report)
                if let (number, job) = waiting.next() { group.addTask { (number, try await settle(job)) } }
            }
        }
        return jobs.indices.compactMap { reports[$0] }
    }

    /// Runs a scenario until it has an answer, as often as it may.
    private func settle(_ job: Job) async throws -> ScenarioReport {
        var report = try await run(job)
        for attempt in 0..<retries where report.verdict == .inconclusive {
            let unanswered = report.checks.filter { $0.verdict == .inconclusive }.prefix(1).map(\.withoutTime)
            let earlier = report.earlier + unanswered
            report = try await run(job)
            (report.attempts, report.earlier) = (attempt + 2, earlier)
        }
        return report
    }

    /// Runs one scenario once; what goes wrong in its lab is an inconclusive check of its own.
    public func run(_ job: Job) async throws -> ScenarioReport {
        let scenario = job.scenario
        let daemons = job.daemons ?? daemons
        let missing = scenario.needs.filter { !RunningProgram.isExecutable($0.path) }
        if !missing.isEmpty { return report(of: job, [.skipped(missing)], Timeline(), from: MonotonicClock.now) }
        var topology = scenario.topology
        for index in topology.nodes.indices { topology.nodes[index].exposedPaths += daemons.hiddenDirectories }
        let begin = MonotonicClock.now
        do {
            let audit = audits ? LeakAudit() : nil
            var result = try await Lab.run(topology) { lab in
                defer { audit?.note(lab) }
                let run = ScenarioRun(lab: lab, daemons: daemons, scenario: scenario)
                try await observing(job, run) { try await perform(scenario, run) }
                var result = report(of: job, run.checks, lab.timeline, from: lab.start)
                (result.table, result.routers) = (run.table, run.configuredRouters)
                return result
            }
            result.leaks = await audit?.leaks() ?? []
            return result
        } catch let error as LabError where !error.concernsMachine && !Task.isCancelled {
            return report(of: job, [.broken(by: error, "the lab is built")], Timeline(), from: begin)
        }
    }

    /// Has somebody look on, also when the work is cut off.
    private func observing(_ job: Job, _ run: ScenarioRun, _ body: () async throws -> Void) async throws {
        observer?.begin(job, in: run)
        do {
            try await body()
        } catch {
            await observer?.end(job, in: run)
            throw error
        }
        await observer?.end(job, in: run)
    }

    private func perform(_ scenario: Scenario, _ run: ScenarioRun) async throws {
        do {
            for file in scenario.files { try run.lab[file.node].write(file) }
            try await scenario.body(run)
        } catch is SetupFailure {
            // The check that could not be set up is on record.
        } catch let failure as ExpectationFailure {
            run.record(
                CheckResult(
                    failure.claim, Verdict(failure.outcome), expected: "to be seen", observed: failure.observation))
        } catch  where !Task.isCancelled {
            run.record(.broken(by: error, "the scenario runs to its end"))
        }
        // A scenario that was cut short may have taken that for an answer.
        try Task.checkCancellation()
    }

    private func report(
        of job: Job, _ checks: [CheckResult], _ timeline: Timeline, from start: Instant
    ) -> ScenarioReport {
        var report = ScenarioReport(
            step: job.step, scenario: job.scenario.id, title: job.scenario.title, variant: variant,
            daemons: "\(job.daemons ?? daemons)", checks: checks, timeline: timeline,
            nodes: job.scenario.topology.nodes.map(\.name), files: job.scenario.files, origin: start,
            length: MonotonicClock.now - start, offsetToRealTime: MonotonicClock.offsetToRealTime)
        (report.repetition, report.seed, report.phase) = (job.repetition, job.seed, job.phase)
        return report
    }
}

extension CheckResult {
    /// The same from another run: times count from a lab's start.
    fileprivate var withoutTime: CheckResult {
        var check = self
        check.time = nil
        return check
    }

    fileprivate static func skipped(_ missing: [ProgramNeed]) -> CheckResult {
        let packages = missing.map(\.package).joined(separator: " ")
        let names = missing.map(\.name).joined(separator: ", ")
        return CheckResult(
            "needs \(names)", .skip, expected: "", observed: "not on this machine: apt-get install -y \(packages)")
    }

    /// An experiment that an error ended: it says nothing about the daemons.
    fileprivate static func broken(by error: any Error, _ title: String) -> CheckResult {
        CheckResult(title, .inconclusive, expected: "no error", observed: "\(error)")
    }
}
