import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// What is to run, how often, what is left to chance, and when it must have ended.
struct PlanOptions: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("repeat")],
        help: ArgumentHelp(
            "Run every scenario so often, and hold the distribution of its times against theory.", valueName: "count"))
    var count: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What is left to chance comes from it: the same words with the same seed do the same.",
            valueName: "number"))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Do the fault this far (0 to 1) into an interval after an advertisement; 0..1 spreads it over the runs.",
            valueName: "part"),
        transform: parsePhase)
    var phase: PhaseWish?

    @Option(
        name: .long,
        help: ArgumentHelp("End everything after so long, such as 10m; the exit code is 124.", valueName: "time"),
        transform: { try TimeSpan.parse($0, for: "--budget") })
    var budget: Duration?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Of the selected scenarios only this one, or those of this step (repeatable).",
            valueName: "id"))
    var only: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("Without this scenario, or those of this step (repeatable).", valueName: "id"))
    var skip: [String] = []

    @Flag(name: .long, help: "What is skipped counts as a failure.")
    var strict = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Run one of several parts, such as 2/4; 'auto' takes it from Kubernetes or GitLab (see labrun merge).",
            valueName: "part"))
    var shard: String?

    func validate() throws {
        if let count, !(1...10_000).contains(count) {
            throw ValidationError("-n \(count): a scenario can run 1 to 10000 times")
        }
        _ = try part()
    }

    /// How often each scenario runs; a sweep without a number has ten moments.
    var repetitions: Int {
        if let count { return count }
        if case .sweep = phase { return 10 }
        return 1
    }

    /// The shard that is to run; everything when nil.
    func part() throws -> Shard? {
        guard let shard else { return nil }
        if shard == "auto" {
            guard let part = Shard(environment: ThisProcess.environment) else {
                throw ValidationError(
                    "--shard auto: neither JOB_COMPLETION_INDEX and JOB_COMPLETIONS (Kubernetes) nor CI_NODE_INDEX and "
                        + "CI_NODE_TOTAL (GitLab) are set; write --shard 1/4")
            }
            return part
        }
        guard let part = Shard(parsing: shard) else {
            throw ValidationError("--shard \(shard): write which of how many, such as 2/4, or auto")
        }
        return part
    }

    /// The seed: what was asked for; one that all shards share; or any.
    func chosenSeed() -> UInt64 {
        seed ?? (shard == nil ? UInt64.random(in: 1...999_999) : 1)
    }

    /// The words that must be the same in every shard of a run.
    func words(seed: UInt64) -> [String] {
        var words = ["--repeat", "\(repetitions)", "--seed", "\(seed)"]
        switch phase {
        case .at(let phase): words += ["--phase", "\(phase)"]
        case .sweep(let range): words += ["--phase", "\(range.lowerBound)..\(range.upperBound)"]
        case nil: break
        }
        return words + only.sorted().flatMap { ["--only", $0] } + skip.sorted().flatMap { ["--skip", $0] }
    }

    /// Of selected scenarios those that `--only` and `--skip` leave.
    func chosen(from jobs: [Runner.Job]) throws -> [Runner.Job] {
        for id in only + skip where !jobs.contains(where: { $0.answers(to: id) }) {
            throw ValidationError(
                "there is no scenario '\(id)' among those that are selected; labrun describe STEP names them")
        }
        return jobs.filter { job in
            (only.isEmpty || only.contains { job.answers(to: $0) }) && !skip.contains { job.answers(to: $0) }
        }
    }

    /// Plans scenarios, says what a phase does not reach, and takes this machine's part.
    func plan(_ scenarios: [Runner.Job], pairs: [DaemonPair] = [], seed: UInt64) throws -> RunPlan {
        if phase != nil { try refuseUntimed(scenarios) }
        let whole = RunPlan(scenarios, pairs: pairs, repetitions: repetitions, seed: seed, phase: phase)
        return try part().map { whole.part($0) } ?? whole
    }

    private func refuseUntimed(_ scenarios: [Runner.Job]) throws {
        let untimed = scenarios.filter { !$0.scenario.takesPhase }
        guard !scenarios.isEmpty, !untimed.isEmpty else { return }
        let names = untimed.prefix(3).map(\.id).joined(separator: ", ") + (untimed.count > 3 ? ", ..." : "")
        guard untimed.count < scenarios.count else {
            throw ValidationError(
                "--phase: no advertisement times a fault in \(names); step2/crash is one that takes it")
        }
        // The process outside the sandbox only starts this one.
        guard Sandbox.isInside else { return }
        Terminal.complain("--phase changes nothing in \(names): no advertisement times their faults")
    }
}

private func parsePhase(_ text: String) throws -> PhaseWish {
    guard let wish = PhaseWish(parsing: text) else {
        throw ValidationError("--phase \(text): write a part of the interval such as 0.25, or 0..1 for a sweep")
    }
    return wish
}

extension Runner.Job {
    /// Whether the words mean this scenario: `step4`, `step4/check` or `check`.
    fileprivate func answers(to id: String) -> Bool {
        [self.id, step, scenario.id].contains(id)
    }
}
