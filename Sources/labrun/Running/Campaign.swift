import ArgumentParser
import LabCourse
import LabReport
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// A planned run: does it, keeps what comes, and writes the reports, however it ends.
struct Campaign: Sendable {
    let plan: RunPlan
    let seed: UInt64
    let runner: Runner
    let budget: Duration?
    let isStrict: Bool
    let shard: Shard?
    /// What is the same in every shard.
    let words: [String]

    init(_ plan: RunPlan, _ options: PlanOptions, seed: UInt64, runner: Runner, words: [String]) throws {
        self.plan = plan
        self.seed = seed
        self.runner = runner
        budget = options.budget
        isStrict = options.strict
        shard = try options.part()
        self.words = words + options.words(seed: seed)
    }

    /// What came of it.
    struct Outcome: Sendable {
        var reports: [ScenarioReport]
        var document: RunDocument
        var exit: Int32
    }

    /// Runs the plan and writes what it leaves.
    ///
    /// - Parameters:
    ///   - daemons: all that take part.
    ///   - output: hears of each scenario as soon as it has ended.
    func perform(
        with daemons: [DaemonPair], into artifacts: Artifacts, _ reports: ReportOptions, telling output: RunOutput
    ) async throws -> Outcome {
        let begin = MonotonicClock.now
        let budget = budget.map { Budget($0, since: begin) }
        let ((result, scenarios), signal) = try await interrupted {
            var document = await RunDocument(in: artifacts, seed: seed, daemons: daemons)
            (document.run.words, document.run.planned) = (words, plan.planned)
            document.run.shard = shard?.description
            output.begin(document.run)
            let result = try await runner.perform(plan.jobs, budget: budget) { report in
                output.tell(report)
                do {
                    document.scenarios.append(try artifacts.write(report))
                } catch {
                    Terminal.complain("the artifacts of \(report.id) could not be written: \(error)")
                }
            }
            // They came as they ended; they are told in the order of the plan.
            let places = Dictionary(plan.jobs.enumerated().map { ($1.label, $0) }) { first, _ in first }
            let place = { (scenario: ScenarioDocument) in places[plan.label(of: scenario.record)] ?? 0 }
            document.scenarios.sort { place($0) < place($1) }
            return (result, document)
        }
        let exit = signal.map { 128 + $0 } ?? exitCode(of: result)
        var document = scenarios
        document.end = end(of: result, after: MonotonicClock.now - begin, exit: exit, artifacts.directory)
        let skipped = result.reports.reduce(0) { $0 + $1.checks.count { $0.verdict == .skip } }
        if isStrict, skipped > 0 {
            Terminal.complain("--strict: \(skipped) checks were skipped, which counts as a failure")
        }
        reports.write(document, to: artifacts)
        RunStore(below: reports.artifacts).retain(sparing: artifacts.directory)
        return Outcome(reports: result.reports, document: document, exit: exit)
    }

    private func exitCode(of result: RunResult) -> Int32 {
        ExitStatus.exit(
            result.reports.flatMap { $0.checks.map(\.verdict) }, isStrict: isStrict,
            isCut: result.end == .budgetSpent)
    }

    private func end(of result: RunResult, after time: Duration, exit: Int32, _ directory: String) -> EndRecord {
        let left = result.unfinished.map(\.label)
        let cut: String? =
            switch result.end {
            case .complete: nil
            case .canceled: "interrupted"
            case .budgetSpent: "the budget of \((budget ?? .zero).decimalSeconds(digits: 0)) s was spent"
            }
        var end = EndRecord(
            result.reports.flatMap { $0.checks.map(\.verdict) }, seconds: time.inSeconds, exit: exit,
            artifacts: directory, cut: cut, unfinished: left.isEmpty ? nil : left)
        // What did not run has shown nothing.
        if cut != nil { end.verdict = max(end.verdict, .inconclusive) }
        if exit == ExitStatus.failed.rawValue { end.verdict = .fail }
        return end
    }
}

extension ExitStatus {
    /// What a run ends with; FAIL beats INCONCLUSIVE beats PASS, and a budget that cut it short beats all.
    ///
    /// - Parameters:
    ///   - verdicts: of every check.
    ///   - isStrict: what was skipped counts as a failure.
    ///   - isIncomplete: parts are missing that nobody has looked for: it cannot pass.
    static func exit(
        _ verdicts: [Verdict], isStrict: Bool = false, isCut: Bool = false, isIncomplete: Bool = false
    ) -> Int32 {
        if isCut { return budgetSpent.rawValue }
        let worst = isStrict && verdicts.contains(.skip) ? .fail : verdicts.max()
        if isIncomplete, worst != .fail { return inconclusive.rawValue }
        return ExitStatus(worst).rawValue
    }
}
