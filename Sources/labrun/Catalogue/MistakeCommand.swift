import ArgumentParser
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import Timeline

/// `labrun mistake CODE`.
struct ShowMistake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mistake",
        abstract: "Run files that have a mistake, and see what it does.",
        discussion: """
            Without --daemon keepalived runs where it is installed, and vrrpd elsewhere. The exit code is 0 when the \
            symptom was there.

              labrun mistake VR104
              labrun mistake VR104 --specimen VR104-half --daemon ours
            """)

    @Argument(help: ArgumentHelp("A code such as VR104.", valueName: "code"))
    var code: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "ours, keepalived, A:B for node1:node2, or the path of a program.", valueName: "program"))
    var daemon: String?

    @Option(name: .long, help: ArgumentHelp("Another way to make the mistake, such as VR104-half.", valueName: "id"))
    var specimen: String?

    @OptionGroup var text: TextOptions

    func run() async throws {
        text.adopt()
        let mistake = try Explain.mistake(code)
        let specimen = try chosen(of: mistake)
        guard let step = Course.step(specimen.step), let scenario = Catalogue.practice(mistake, specimen) else {
            throw ValidationError(
                "\(mistake.code.rawValue) has nothing to run: labrun explain \(mistake.code.rawValue)")
        }
        let hasKeepalived = RunningProgram.isExecutable(ProgramNeed.keepalived.path)
        let pair = try selectDaemons(daemon ?? (hasKeepalived ? "keepalived" : "ours"))
        try enterSandbox()
        let report = try await interruptible {
            try await Runner(daemons: pair, variant: .yours, width: 1, retries: 1)
                .run([Runner.Job(step: step.id, scenario: scenario)])
        }
        guard let report = report.first else { throw ExitCode(ExitStatus.nothingRan.rawValue) }
        say(mistake, specimen, step, report)
        let exit = ExitStatus(report.verdict)
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    private func chosen(of mistake: Mistake) throws -> Specimen {
        guard let first = mistake.specimens.first else {
            throw ValidationError("\(mistake.code.rawValue) is not a mistake of files: labrun explain \(code)")
        }
        guard let specimen else { return first }
        if let found = mistake.specimens.first(where: { $0.id.lowercased() == specimen.lowercased() }) { return found }
        throw ValidationError(
            "\(mistake.code.rawValue) has no '\(specimen)': there are "
                + mistake.specimens.map(\.id).joined(separator: ", "))
    }

    private func say(_ mistake: Mistake, _ specimen: Specimen, _ step: LabStep, _ report: ScenarioReport) {
        let title = "\(mistake.code.rawValue)  \(mistake.name)  [\(specimen.id), \(report.daemons)]"
        Terminal.say(Terminal.wrapped(title, indent: 0).joined(separator: "\n"))
        let files = step.files(of: specimen)
        if !text.quiet {
            for line in Difference.lines(from: step.files.map(\.solved), to: files) { Terminal.say(line) }
            Terminal.say("\n\(ReportText(report: report).drawing(rows: text.verbose > 0 ? 40 : 14))")
        }
        for line in report.checks.flatMap(ReportText.lines) { Terminal.tell(line) }
        let submission = step.submission(files)
        let seen = Catalogue.diagnose(Observation(submission, report))
        let found = Diagnosis.merged(Catalogue.diagnose(submission), seen)
        if let own = found.first(where: { $0.code == mistake.code }) { Terminal.say("\n\(DiagnosisText(own))") }
        let verdict =
            switch report.verdict {
            case .pass: "PASS  the symptom is there"
            case .fail: "FAIL  the symptom was not seen"
            case .inconclusive: "??  nothing was learned"
            case .skip: "skip"
            }
        Terminal.tell("\n\(verdict), in \(report.length.text)")
    }
}
