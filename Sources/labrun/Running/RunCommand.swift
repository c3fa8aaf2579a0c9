import ArgumentParser
import LabCourse
import LinuxSystem
import NetnsKit
import Timeline
import Wire

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

    @Flag(name: .long, help: "Write events as JSON lines on the standard output, and text on the standard error.")
    var json = false

    @Option(
        name: [.customShort("o"), .customLong("artifacts")],
        help: ArgumentHelp("Where events, captures and logs go.", valueName: "directory"))
    var artifacts = "labrun-out"

    @Option(
        name: .customShort("j"),
        help: ArgumentHelp(
            "How many scenarios run side by side. Each is idle most of its time: more than there are cores is fine.",
            valueName: "count"))
    var width = 8

    @Option(
        name: .long,
        help: ArgumentHelp("How often an inconclusive scenario, and no other, is run again.", valueName: "count"))
    var retries = 1

    @Flag var detail: Detail?

    /// How much text there is.
    enum Detail: EnumerableFlag {
        case quiet
        case verbose

        static func name(for value: Detail) -> NameSpecification { .shortAndLong }

        static func help(for value: Detail) -> ArgumentHelp? {
            switch value {
            case .quiet: "Show only what did not pass, and the last line."
            case .verbose: "Show every check of every scenario, and draw what happened."
            }
        }
    }

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
        guard retries >= 0 else { throw ValidationError("--retries \(retries): it must be 0 or more") }
        guard !fast || variant == .reference else { throw ValidationError("--fast is for the reference files") }
        guard !artifacts.isEmpty else { throw ValidationError("-o needs a directory") }
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
        let knobs = try knobs()
        let jobs = try Selection.jobs(steps, variant, pace: fast ? .fast : .real, files: files).map { job in
            Runner.Job(step: job.step, scenario: knobs.applied(to: job.scenario))
        }
        let pair = try selectDaemons(daemon)
        try enterSandbox()
        let artifacts = try makeArtifacts()
        let output = RunOutput(json: json, detail: detail, jobs)
        output.begin(pair, variant)
        let begin = MonotonicClock.now
        let runner = Runner(daemons: pair, variant: variant, width: width, retries: retries)
        let reports = try await interruptible {
            try await runner.run(jobs) { report in
                output.tell(report)
                do {
                    try artifacts.write(report)
                } catch {
                    Terminal.complain("the artifacts of \(report.id) could not be written: \(error)")
                }
            }
        }
        Progress.update { $0.note(reports, variant) }
        let exit = ExitStatus(reports.map(\.verdict).max())
        output.end(reports, seconds: (MonotonicClock.now - begin).inSeconds, exit, artifacts.directory)
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    private func makeArtifacts() throws -> Artifacts {
        do {
            return try Artifacts(
                below: artifacts, program: RunningProgram.path,
                options: ["--daemon", daemon, "--variant", variant.rawValue]
                    + (advert.map { ["--advert", "\($0)"] } ?? []) + (priority.map { ["--priority", $0] } ?? [])
                    + (fast ? ["--fast"] : []) + (variant == .yours ? ["--etc", etc] : []))
        } catch {
            throw ValidationError("'\(artifacts)' cannot take the artifacts (\(error)): choose another with -o")
        }
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
func enterSandbox() throws {
    if !Sandbox.isInside { throw ExitCode(try Sandbox.relaunch()) }
}

extension LabVariant: ExpressibleByArgument {}
