import ArgumentParser
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// `labrun check [STEP] [FILE…]`.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run your own files for real, and name what is wrong with them.",
        discussion: """
            Your files are read where the lab's text has you write them, and are never changed. Without a step it is \
            the first one that you have not passed and for which your files are there.

              labrun check step4                       what is in /etc/keepalived
              labrun check step3 ./keepalived.conf     this file in its place
              labrun check step4 --file node2=./b.conf
            """)

    @OptionGroup var work: HandedIn

    @Flag(name: .customLong("static"), help: "Look at the files and run nothing. Needs no rights.")
    var isStatic = false

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    @OptionGroup var text: TextOptions
    @OptionGroup var how: CheckRunOptions

    func run() async throws {
        text.adopt()
        let examination = try work.examination()
        let output = CheckOutput(examination, json: json, detail: text.detail)
        guard examination.missing.isEmpty, !isStatic else {
            try end(output.looked(), examination)
            return
        }
        let pair = try selectDaemons(work.daemonWords)
        try enterSandbox()
        let artifacts = try how.makeArtifacts(keeping: examination.files, daemon: work.daemonWords)
        output.begin(on: pair)
        let begin = MonotonicClock.now
        let (tests, outcome, document) = try await interruptible {
            var document = await RunDocument(in: artifacts, seed: 0, daemons: [pair])
            let tests = try await examination.configurationTests()
            output.tested(tests)
            let outcome = try await examination.run(by: how.repetition.runner(pair, .yours)) { report in
                if let scenario = how.keep(report, in: artifacts) { document.scenarios.append(scenario) }
            }
            return (tests, outcome, document)
        }
        let time = MonotonicClock.now - begin
        how.reports.write(document.ended(outcome, examination, time, artifacts), to: artifacts)
        Progress.update { $0.note(outcome.verdict, for: examination.step.id) }
        let tell = { output.ran(outcome, tests, on: pair, for: time, artifacts.directory) }
        // A document stays whole.
        if json { tell() } else { how.reports.quoting(tell) }
        let exit = ExitStatus(outcome.verdict)
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    /// Ends a look at the files: 1 stands for a mistake that was found, never for one that could not be looked for.
    private func end(_ hasErrors: Bool, _ examination: Examination) throws {
        if hasErrors { throw ExitCode(ExitStatus.failed.rawValue) }
        if !examination.missing.isEmpty { throw ExitCode(ExitStatus.nothingRan.rawValue) }
    }
}

/// How scenarios run with somebody's files.
struct CheckRunOptions: ParsableArguments {
    @OptionGroup var repetition: RepetitionOptions
    @OptionGroup var reports: ReportOptions

    /// Makes the run's directory and puts a copy of the files into it, so that the run can be repeated as it was.
    func makeArtifacts(keeping files: [SourceFile], daemon: String) throws -> Artifacts {
        let made = try reports.makeArtifacts(options: ["--daemon", daemon, "--variant", "yours"])
        do {
            return try made.keeping(files)
        } catch {
            throw ValidationError("'\(made.directory)' cannot take a copy of the files (\(error)): see -o")
        }
    }

    /// Nil, and a complaint, when there was no room for it.
    @discardableResult
    func keep(_ report: ScenarioReport, in artifacts: Artifacts) -> ScenarioDocument? {
        do {
            return try artifacts.write(report)
        } catch {
            Terminal.complain("the artifacts of \(report.id) could not be written: \(error)")
            return nil
        }
    }
}
