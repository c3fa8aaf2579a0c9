import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit

/// `labrun run STEP…`.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run steps, or single scenarios, and judge what happened.")

    @Argument(help: "Steps such as step4, scenarios such as step4/check, or all.")
    var steps: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ours, keepalived, A:B for node1:node2, or the path of a program.", valueName: "program"))
    var daemon = "ours"

    @Option(
        name: .long,
        help: "reference; as-written: the published values with their mistakes; yours: the files below --etc.")
    var variant = LabVariant.reference

    @Option(
        name: .long,
        help: ArgumentHelp("Where your files are that the text calls /etc/keepalived.", valueName: "directory"))
    var etc = Workspace.standardDirectory

    @Flag(name: .long, help: "VRRPv3 with ten advertisements a second: the same logic in an eighth of the time.")
    var fast = false

    @Option(
        name: .long,
        help: ArgumentHelp("step2 with so many whole seconds between advertisements.", valueName: "seconds"))
    var advert: Int?

    @Option(
        name: .long, help: ArgumentHelp("step2 with these priorities of node1 and node2.", valueName: "A,B"))
    var priority: String?

    @OptionGroup var planning: PlanOptions
    @OptionGroup var repetition: RepetitionOptions
    @OptionGroup var reports: ReportOptions
    @OptionGroup var holding: HoldOptions
    @OptionGroup var display: DisplayOptions

    func validate() throws {
        guard !fast || variant == .reference else { throw ValidationError("--fast is for the reference files") }
        _ = try knobs()
    }

    /// What is to be other than in the files; every bound follows.
    private func knobs() throws -> Knobs {
        var knobs = Knobs()
        if let advert {
            guard (1...255).contains(advert) else {
                throw ValidationError("--advert \(advert): VRRPv2 has whole seconds, from 1 to 255")
            }
            knobs.advertisementInterval = advert
        }
        if let priority {
            let numbers = priority.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
            guard numbers.count == 2, numbers.allSatisfy({ (1...254).contains($0) }), numbers[0] > numbers[1] else {
                throw ValidationError("--priority \(priority): write two numbers of 1 to 254, the larger first: 200,50")
            }
            knobs.priorities = numbers
        }
        guard !knobs.areNeutral else { return knobs }
        guard !fast, variant == .reference, steps.allSatisfy({ $0 == "step2" || $0.hasPrefix("step2/") }) else {
            throw ValidationError("--advert and --priority are for step2 as it is: its formulas are the lesson")
        }
        return knobs
    }

    func run() async throws {
        // What was mistyped is said before anything is made.
        let files = variant == .yours ? try Workspace(directory: etc).files() : []
        display.text.adopt()
        let seed = planning.chosenSeed()
        let scenarios = try scenarios(files)
        let plan = try planning.plan(scenarios, seed: seed)
        try holding.check(plan.jobs)
        let pair = try selectDaemons(daemon)
        try enterSandbox(keeping: holding.keep ? holding.name : nil)
        let artifacts = try reports.makeArtifacts(options: words)
        let width = holding.width(repetition.width)
        let output = RunOutput(display, reports, plan, variant, width: width, holding: holding)
        output.begin(pair, variant)
        var runner = repetition.runner(pair, variant).observed(by: output.view)
        runner.width = width
        let campaign = try Campaign(plan, planning, seed: seed, runner: runner, words: ["run"] + steps + words)
        let outcome = try await campaign.perform(with: [pair], into: artifacts, reports, telling: output)
        Progress.update { $0.note(outcome.reports, variant) }
        output.end(outcome)
        if outcome.exit != 0 { throw ExitCode(outcome.exit) }
    }

    /// What was selected, with the values of its own that it is to have.
    private func scenarios(_ files: [SourceFile]) throws -> [Runner.Job] {
        let knobs = try knobs()
        let jobs = try Selection.jobs(steps, variant, pace: fast ? .fast : .real, files: files).map { job in
            Runner.Job(step: job.step, scenario: knobs.applied(to: job.scenario), seconds: job.seconds)
        }
        return try planning.chosen(from: jobs)
    }

    /// What repeats a scenario of this run as it was.
    private var words: [String] {
        ["--daemon", daemon, "--variant", variant.rawValue]
            + (advert.map { ["--advert", "\($0)"] } ?? []) + (priority.map { ["--priority", $0] } ?? [])
            + (fast ? ["--fast"] : []) + (variant == .yours ? ["--etc", etc] : [])
    }
}

/// Finds the programs that the words of `--daemon` mean, or ends with what is missing.
func selectDaemons(_ words: String) throws -> DaemonPair {
    do {
        return try DaemonPair(parsing: words)
    } catch {
        Terminal.complain("\(error)")
        throw ExitCode(ExitStatus.notReady.rawValue)
    }
}

/// Goes on inside a sandbox; the process outside ends with the inner one's exit code.
///
/// - Parameter name: of a lab that stays, which the process outside claims.
func enterSandbox(keeping name: String? = nil) throws {
    guard !Sandbox.isInside else { return }
    throw ExitCode(try name.map { try KeptLab.relaunch(as: $0) } ?? Sandbox.relaunch())
}

extension LabVariant: ExpressibleByArgument {}
