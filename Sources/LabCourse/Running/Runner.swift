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
    /// After so long a scenario is ended, and nothing was learned from it; never when nil.
    public var timeout: Duration?
    /// Whether a scenario that passes after something inconclusive has failed all the same.
    public var flakyFails = false
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

    /// A scenario, the step that it belongs to, and what one run of it has of its own.
    public struct Job: Sendable {
        public var step: String
        public var scenario: Scenario
        /// Instead of the runner's own pair.
        public var daemons: DaemonPair?
        /// The pair as part of a directory's name, when the run has several pairs.
        public var pairName: String?
        /// About how long it takes.
        public var seconds: Int
        /// From 1, when it is one of several runs of the same.
        public var repetition: Int?
        /// What its random choices come from.
        public var seed: UInt64?
        /// How far into an interval after an advertisement its fault comes, 0..<1.
        public var phase: Double?
        /// Whether the seed decided the phase, and nobody else.
        public var isPhaseDrawn = false

        /// Such as `step2/crash`.
        public var id: String { "\(step)/\(scenario.id)" }

        var choices: Choices { Choices(seed: seed, scenario: id, phase: phase, isPhaseDrawn: isPhaseDrawn) }

        /// - Parameter seconds: about how long it takes; what cannot end in time is not begun.
        public init(step: String, scenario: Scenario, seconds: Int = 0) {
            self.step = step
            self.scenario = scenario
            self.seconds = seconds
        }
    }

    /// Runs the jobs and hands over each report as soon as it is there; the result has them in the order of the jobs.
    ///
    /// - Throws: `LabError` when this machine cannot build labs, `CancellationError` when the task is canceled.
    public func run(_ jobs: [Job], finished: (ScenarioReport) -> Void = { _ in }) async throws -> [ScenarioReport] {
        let result = try await perform(jobs, finished: finished)
        if result.end == .canceled { throw CancellationError() }
        return result.reports
    }

    /// Runs a scenario until it has an answer, as often as it may.
    func settle(_ job: Job, _ budget: Budget?) async throws -> ScenarioReport {
        var report = try await run(job)
        for attempt in 0..<retries where report.verdict == .inconclusive {
            guard budget?.allows(seconds: job.seconds) ?? true else { break }
            let unanswered = report.checks.filter { $0.verdict == .inconclusive }.prefix(1).map(\.withoutTime)
            let earlier = report.earlier + unanswered
            report = try await run(job)
            (report.attempts, report.earlier) = (attempt + 2, earlier)
        }
        if flakyFails, report.attempts > 1, report.verdict == .pass { report.checks.append(.flaky(report.attempts)) }
        return report
    }

    /// Runs one scenario once; what goes wrong in its lab is an inconclusive check of its own.
    public func run(_ job: Job) async throws -> ScenarioReport {
        let scenario = job.scenario
        let daemons = job.daemons ?? daemons
        let missing = scenario.needs.filter { !RunningProgram.isExecutable($0.path) }
        if !missing.isEmpty { return report(of: job, [.skipped(missing)], Timeline(), from: MonotonicClock.now) }
        var topology = scenario.topology
        if let seed = job.seed { topology.seed = seed }
        for index in topology.nodes.indices { topology.nodes[index].exposedPaths += daemons.hiddenDirectories }
        let begin = MonotonicClock.now
        do {
            let audit = audits ? LeakAudit() : nil
            var result = try await Lab.run(topology) { lab in
                defer { audit?.note(lab) }
                let run = ScenarioRun(lab: lab, daemons: daemons, scenario: scenario, choices: job.choices)
                let checks = try await observing(job, run) { try await answers(of: scenario, run) }
                var result = report(of: job, checks, lab.timeline, from: lab.start)
                (result.table, result.routers) = (run.table, run.configuredRouters)
                return result
            }
            result.leaks = await audit?.leaks() ?? []
            return result
        } catch let error as LabError where !error.concernsMachine && !Task.isCancelled {
            return report(of: job, [.broken(by: error, "the lab is built")], Timeline(), from: begin)
        }
    }

    /// What a scenario answers before its time is up.
    private func answers(of scenario: Scenario, _ run: ScenarioRun) async throws -> [CheckResult] {
        guard let timeout else {
            try await perform(scenario, run)
            return run.checks
        }
        let (alarm, end) = (try Alarm(), MonotonicClock.now + timeout)
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await perform(scenario, run)
                return true
            }
            group.addTask {
                await alarm.wait(until: end)
                return false
            }
            let isComplete = try await group.next() ?? false
            // What a scenario takes for an answer while it is ended is none.
            let checks = run.checks
            group.cancelAll()
            while await group.nextResult() != nil {}
            try Task.checkCancellation()
            return isComplete ? checks : checks + [.late(timeout)]
        }
    }

    /// Has somebody look on, also when the work is cut off.
    private func observing<Result>(
        _ job: Job, _ run: ScenarioRun, _ body: () async throws -> Result
    ) async throws -> Result {
        observer?.begin(job, in: run)
        do {
            let result = try await body()
            await observer?.end(job, in: run)
            return result
        } catch {
            await observer?.end(job, in: run)
            throw error
        }
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
        report.pairName = job.pairName
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

    fileprivate static func late(_ timeout: Duration) -> CheckResult {
        CheckResult(
            "the scenario ends in time", .inconclusive, expected: "within \(timeout.text) (--timeout)",
            observed: "it was ended")
    }

    fileprivate static func flaky(_ attempts: Int) -> CheckResult {
        CheckResult(
            "the first run has an answer", .fail, expected: "no run that is inconclusive (--flaky-result fail)",
            observed: "the answer came with run \(attempts)")
    }

    /// An experiment that an error ended: it says nothing about the daemons.
    fileprivate static func broken(by error: any Error, _ title: String) -> CheckResult {
        CheckResult(title, .inconclusive, expected: "no error", observed: "\(error)")
    }
}
