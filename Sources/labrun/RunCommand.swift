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

    @Option(name: .long, help: "ours, keepalived, A:B for node1:node2, or the path of a program.")
    var daemon = "ours"

    @Option(name: .long, help: "reference, or as-written: the published values with their mistakes.")
    var variant = LabVariant.reference

    @Flag(name: .long, help: "Write events as JSON lines on the standard output, and text on the standard error.")
    var json = false

    @Option(name: [.customShort("o"), .customLong("artifacts")], help: "Where events, captures and logs go.")
    var artifacts = "labrun-out"

    @Option(name: .customShort("j"), help: "How many scenarios run side by side.")
    var width = 12

    @Flag(name: .shortAndLong, help: "Draw the timeline of every scenario.")
    var verbose = false

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
    }

    func run() async throws {
        // What was mistyped is said before anything is made.
        let jobs = try Selection.jobs(steps, variant)
        let pair = try selectDaemons()
        try enterSandbox()
        let output = RunOutput(json: json, verbose: verbose)
        let begin = MonotonicClock.now
        let artifacts = try Artifacts(below: artifacts, arguments: ["--daemon", daemon, "--variant", variant.rawValue])
        let runner = Runner(daemons: pair, variant: variant, width: width)
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
        let exit = ExitStatus(reports.map(\.verdict).max())
        output.end(reports, seconds: (MonotonicClock.now - begin).inSeconds, exit, artifacts.directory)
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    private func selectDaemons() throws -> DaemonPair {
        do {
            return try DaemonPair(parsing: daemon)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(ExitStatus.notReady.rawValue)
        }
    }
}

/// Goes on inside a sandbox; the process outside ends with the inner one's exit code.
func enterSandbox() throws {
    if !Sandbox.isInside { throw ExitCode(try Sandbox.relaunch()) }
}

extension LabVariant: ExpressibleByArgument {}
