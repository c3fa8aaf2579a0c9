import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// `labrun matrix STEP…`.
struct Matrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run steps with every pair of daemons, each way round, and show how they get on.",
        discussion: """
            Each implementation runs on node1 against each on node2. A cell of the table has the median of the \
            scenario's first time in seconds, and how many runs passed.

              labrun matrix step2 step4 -n 5
              labrun matrix step2/crash --implementations ours,keepalived,/opt/keepalived-2.3/sbin/keepalived
            """)

    /// What two routers owe each other: the steps about the protocol.
    static let standardSteps = ["step2", "step3", "step4"]

    @Argument(help: "Steps such as step4, scenarios such as step4/check, or all; without any, step2 to step4.")
    var steps: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Daemons, parted by commas: ours, keepalived, paths. Without it: ours, and keepalived where it is "
                + "installed.", valueName: "programs"))
    var implementations: String?

    @Flag(name: .long, help: "VRRPv3 with ten advertisements a second: the same logic in an eighth of the time.")
    var fast = false

    @OptionGroup var planning: PlanOptions
    @OptionGroup var repetition: RepetitionOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var display: DisplayOptions

    func run() async throws {
        display.text.adopt()
        let selected = steps.isEmpty ? Self.standardSteps : steps
        let seed = planning.chosenSeed()
        let jobs = try Selection.jobs(selected, .reference, pace: fast ? .fast : .real)
        let scenarios = try planning.chosen(from: jobs)
        let pairs = try Self.pairs(of: try daemons())
        let plan = try planning.plan(scenarios, pairs: pairs, seed: seed)
        guard let first = pairs.first else { return }
        try enterSandbox()
        let words = (fast ? ["--fast"] : [])
        let artifacts = try reports.makeArtifacts(options: words)
        let output = RunOutput(display, reports, plan, .reference, width: repetition.width)
        let campaign = try Campaign(
            plan, planning, seed: seed, runner: repetition.runner(first, .reference).observed(by: output.view),
            words: ["matrix"] + selected + ["--implementations", names.joined(separator: ",")] + words)
        Terminal.complain("\(plan.jobs.count) runs: \(scenarios.count) scenarios, \(pairs.count) pairs of daemons")
        let outcome = try await campaign.perform(with: pairs, into: artifacts, reports, telling: output)
        output.end(outcome)
        if outcome.exit != 0 { throw ExitCode(outcome.exit) }
    }

    /// What was asked for, or what there is.
    private var names: [String] {
        if let implementations {
            return implementations.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return ["ours"] + (RunningProgram.isExecutable(ProgramNeed.keepalived.path) ? ["keepalived"] : [])
    }

    private func daemons() throws -> [DaemonProgram] {
        var seen: Set<String> = []
        guard names.allSatisfy({ !$0.isEmpty && !$0.contains(":") && seen.insert($0).inserted }) else {
            throw ValidationError("--implementations \(names.joined(separator: ",")): write each once: ours,keepalived")
        }
        return try names.map { try selectDaemons($0).first }
    }

    /// Everybody with everybody, the first on node1.
    static func pairs(of programs: [DaemonProgram]) throws -> [DaemonPair] {
        programs.flatMap { first in programs.map { DaemonPair(first, $0) } }
    }
}
