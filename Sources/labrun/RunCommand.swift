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
    var width = 12

    @Option(
        name: .long,
        help: ArgumentHelp("How often an inconclusive scenario, and no other, is run again.", valueName: "count"))
    var retries = 1

    @Flag var detail: Detail?

    /// How much text there is besides every check and the drawing of each step's first scenario.
    enum Detail: EnumerableFlag {
        case quiet
        case verbose

        static func name(for value: Detail) -> NameSpecification { .shortAndLong }

        static func help(for value: Detail) -> ArgumentHelp? {
            switch value {
            case .quiet: "Show only what did not pass, and the last line."
            case .verbose: "Draw the timeline of every scenario, not only of each step's first."
            }
        }
    }

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
        guard retries >= 0 else { throw ValidationError("--retries \(retries): it must be 0 or more") }
        guard !fast || variant == .reference else { throw ValidationError("--fast is for the reference files") }
        guard !artifacts.isEmpty else { throw ValidationError("-o needs a directory") }
    }

    func run() async throws {
        // What was mistyped is said before anything is made.
        let files = variant == .yours ? try Workspace(directory: etc).files() : []
        let jobs = try Selection.jobs(steps, variant, pace: fast ? .fast : .real, files: files)
        let pair = try selectDaemons(daemon)
        try enterSandbox()
        let artifacts = try makeArtifacts()
        let output = RunOutput(json: json, detail: detail, jobs)
        let begin = MonotonicClock.now
        let runner = Runner(daemons: pair, variant: variant, width: width, retries: retries)
        let reports = try await interruptible {
            try await runner.run(jobs) { report in
                output.finished(report)
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
