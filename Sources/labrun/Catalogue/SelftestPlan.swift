import LabCourse
import Labs
import LinuxSystem
import NetnsKit

/// What one run of the self-test came to.
struct SelftestOutcome: Sendable {
    /// A code or a step.
    var subject: String
    var verdict: Verdict
    var complaint: String?
    /// A specimen that consists of no files.
    var isOfMachine = false

    /// What is wrong with the names that something got; nil when they are the expected ones.
    static func complaint(
        _ specimen: String, _ place: String, _ found: Set<MistakeCode>, _ expected: Set<MistakeCode>
    ) -> String? {
        guard found != expected else { return nil }
        let words = { (codes: Set<MistakeCode>) in
            codes.isEmpty ? "nothing" : codes.map(\.rawValue).sorted().joined(separator: " ")
        }
        return "\(specimen), \(place): \(words(found)) instead of \(words(expected))"
    }
}

/// Everything that the self-test runs.
struct SelftestPlan: Sendable {
    private let runner: Runner
    /// Those that take longest first.
    private var tests: [Test] = []
    /// Mistakes of the run, which would spoil what runs beside them.
    private let stoppers: [Mistake]

    private typealias Test = @Sendable () async throws -> SelftestOutcome

    init(_ mistakes: [Mistake], _ steps: [LabStep], _ runner: Runner) {
        self.runner = runner
        stoppers = mistakes.filter { $0.code == .hostStalled || $0.code == .somethingLeaked }
        for step in steps.sorted(by: { $0.seconds > $1.seconds }) { add(step) }
        for mistake in mistakes {
            let experiments = mistake.specimens.filter(\.isFoundOnWire).compactMap {
                Catalogue.experiment(mistake, on: $0)
            }
            for experiment in experiments { add(experiment) }
        }
        for experiment in MachineExperiment.all where mistakes.contains(where: { $0.code == experiment.code }) {
            tests.append { try await experiment.outcome() }
        }
    }

    /// Runs everything, several at a time; what disturbs others comes last and alone.
    func run(retries: Int) async throws -> [SelftestOutcome] {
        var outcomes: [SelftestOutcome] = []
        try await withThrowingTaskGroup(of: SelftestOutcome.self) { group in
            var waiting = tests.makeIterator()
            let next = { (group: inout ThrowingTaskGroup<SelftestOutcome, any Error>) in
                guard let test = waiting.next() else { return }
                group.addTask { try await Self.settle(test, retries) }
            }
            for _ in 0..<runner.width { next(&group) }
            for try await outcome in group {
                outcomes.append(outcome)
                next(&group)
            }
        }
        for mistake in stoppers {
            outcomes.append(try await Self.settle({ try await demonstrate(mistake) }, retries))
        }
        return outcomes
    }

    private static func settle(_ test: Test, _ retries: Int) async throws -> SelftestOutcome {
        var outcome = try await test()
        for _ in 0..<retries where outcome.verdict == .inconclusive { outcome = try await test() }
        return outcome
    }

    // MARK: Steps

    /// The solution must pass, and the beginning must not.
    private mutating func add(_ step: LabStep) {
        let solved = step.scenarios(.yours, files: step.files.map(\.solved))
        for scenario in solved { add(step, scenario) }
        let begun = step.files.map(\.begun)
        let isKnownToFail = Catalogue.diagnose(step.submission(begun)).contains { $0.severity == .error }
        guard !isKnownToFail else { return }
        tests.append { [runner] in
            let jobs = step.scenarios(.yours, files: begun).map { Runner.Job(step: step.id, scenario: $0) }
            let reports = try await runner.run(jobs)
            let verdict: Verdict = reports.contains { $0.verdict == .fail } ? .pass : .fail
            let complaint = verdict == .pass ? nil : "the beginning of \(step.id) passes"
            return SelftestOutcome(subject: step.id, verdict: verdict, complaint: complaint)
        }
    }

    private mutating func add(_ step: LabStep, _ scenario: Scenario) {
        tests.append { [runner] in
            let report = try await runner.run(Runner.Job(step: step.id, scenario: scenario))
            let check = report.checks.first { $0.verdict == report.verdict && $0.verdict > .pass }
            return SelftestOutcome(
                subject: step.id, verdict: report.verdict,
                complaint: check.map { "\(report.id): \($0.title): \($0.observed)" })
        }
    }

    // MARK: Specimens

    private mutating func add(_ experiment: Catalogue.Experiment) {
        tests.append { [runner] in
            let report = try await runner.run(experiment.job)
            return Self.judge(report, experiment.mistake, experiment.specimen.id, experiment.submission)
        }
    }

    /// The symptom must be there, and its cause must be told from it.
    private static func judge(
        _ report: ScenarioReport, _ mistake: Mistake, _ specimen: String, _ submission: Submission
    ) -> SelftestOutcome {
        var outcome = SelftestOutcome(subject: mistake.code.rawValue, verdict: report.verdict)
        if let check = report.checks.first(where: { $0.verdict == report.verdict && $0.verdict > .pass }) {
            outcome.complaint = "\(specimen): \(check.title): \(check.observed)"
            return outcome
        }
        let found = Set(Catalogue.diagnose(Observation(submission, report)).map(\.code))
        guard mistake.code == .hostStalled || !found.contains(.hostStalled) else {
            outcome.verdict = .inconclusive
            outcome.complaint = "\(specimen): the host stood still"
            return outcome
        }
        outcome.complaint = SelftestOutcome.complaint(specimen, "run", found, [mistake.code])
        if outcome.complaint != nil { outcome.verdict = .fail }
        return outcome
    }

    /// Mistakes of the run happen to a sound step.
    private func demonstrate(_ mistake: Mistake) async throws -> SelftestOutcome {
        guard let demonstration = mistake.demonstration, let step = Course.steps.first(where: { !$0.files.isEmpty }),
            var scenario = step.scenarios(.reference).first
        else {
            return SelftestOutcome(subject: mistake.code.rawValue, verdict: .skip)
        }
        scenario.id = mistake.code.rawValue
        scenario.body = demonstration.body
        var runner = runner
        runner.audits = true
        let report = try await runner.run(Runner.Job(step: step.id, scenario: scenario))
        let submission = step.submission(step.files.map(\.solved))
        var outcome = Self.judge(report, mistake, mistake.code.rawValue, submission)
        outcome.isOfMachine = true
        return outcome
    }
}
