import ArgumentParser
import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// `labrun errata`: the published text, sentence by sentence, against the wire.
struct Errata: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the published values of every step, and show where the text and the wire differ.",
        discussion: """
            It passes when every difference is exactly as the course has it: as documentation that is checked each \
            time. --daemon ours shows where vrrpd is meant to be kinder than keepalived.
            """)

    @Flag(name: .long, help: "Show the rows and run nothing. Needs no rights.")
    var list = false

    @Option(name: .long, help: ArgumentHelp("keepalived, ours, or the path of a program.", valueName: "program"))
    var daemon = "keepalived"

    @Option(name: .customShort("j"), help: ArgumentHelp("How many scenarios run side by side.", valueName: "count"))
    var width = 12

    @OptionGroup var reports: ReportOptions

    func validate() throws {
        guard width >= 1 else { throw ValidationError("-j \(width): at least one scenario must run at a time") }
    }

    @OptionGroup var text: TextOptions

    func run() async throws {
        text.adopt()
        if list { return Course.steps.flatMap(\.errata).forEach { Terminal.say($0.listed) } }
        let jobs = try Selection.jobs(["all"], .asWritten)
        let pair = try selectDaemons(daemon)
        try enterSandbox()
        let artifacts = try reports.makeArtifacts(options: ["--daemon", daemon, "--variant", "as-written"])
        let begin = MonotonicClock.now
        let runner = Runner(daemons: pair, variant: .asWritten, width: width, retries: 1)
        if !text.quiet { Terminal.complain("running the published values of \(Course.steps.count) steps with \(pair)") }
        let (found, document) = try await interruptible {
            let document = await RunDocument(in: artifacts, seed: 0, daemons: [pair])
            let found = try await runner.run(jobs) { report in
                do {
                    try artifacts.write(report)
                } catch {
                    Terminal.complain("the artifacts of \(report.id) could not be written: \(error)")
                }
            }
            return (found, document)
        }
        let table = ErrataTable(Course.steps.flatMap(\.errata), found)
        let exit = ExitStatus(table.verdict)
        let seconds = (MonotonicClock.now - begin).inSeconds
        reports.quoting { tell(table, Duration.seconds(seconds), artifacts) }
        let scenarios = table.rows.map { row in
            row.document(of: pair, started: document.run.started, command: "labrun errata --daemon \(daemon)")
        }
        reports.write(document.completed(with: scenarios, seconds, exit, artifacts), to: artifacts)
        if exit != .passed { throw ExitCode(exit.rawValue) }
    }

    private func tell(_ table: ErrataTable, _ time: Duration, _ artifacts: Artifacts) {
        if !text.quiet { Terminal.say("text: what the text says; wire: what happens; seen: measured in this run\n") }
        for row in table.rows where !text.quiet || row.verdict > .pass { Terminal.tell(row.text) }
        let count = table.rows.count { $0.verdict == .pass }
        let seconds = time.decimalSeconds(digits: 1)
        Terminal.say(
            "\n\(table.verdict.mark)  \(count) of \(table.rows.count) rows are as the course has them, in \(seconds) s")
        Terminal.say("Artifacts: \(artifacts.directory)")
    }
}

extension ErrataTable.Row {
    /// Three short lines: what the text says, what the wire says, what was measured.
    var text: String {
        let wire = isOurs ? "vrrpd: \(erratum.ours ?? erratum.wire)" : erratum.wire
        return erratum.lines(
            verdict == .pass ? "ok" : verdict.mark, [("text", erratum.text), ("wire", wire), ("seen", observed)]
        ).joined(separator: "\n")
    }

    /// The row as a scenario with one check, which passes when the difference is as the course has it.
    func document(of daemons: DaemonPair, started: Double, command: String) -> ScenarioDocument {
        let id = "errata/\(erratum.id)"
        let record = ScenarioRecord(
            id: id, title: erratum.text, daemon: "\(daemons)", variant: .asWritten, verdict: verdict, started: started,
            length: 0)
        let wire = isOurs ? erratum.ours ?? erratum.wire : erratum.wire
        let check = CheckRecord(
            id: id, title: erratum.text, verdict: verdict, expected: wire, observed: observed,
            explanation: erratum.code.map { "labrun explain \($0.rawValue)" })
        return ScenarioDocument(record: record, checks: [check], directory: "", command: command)
    }
}

extension Erratum {
    /// What the text says, what the wire says, and what vrrpd does where it is kinder.
    var listed: String {
        let kinder = ours.map { [("ours", "vrrpd: \($0)")] } ?? []
        return lines("", [("text", text), ("wire", wire)] + kinder).joined(separator: "\n")
    }

    /// A mark and its names in the margin, and beside them what there is to say, each under a word.
    fileprivate func lines(_ mark: String, _ entries: [(String, String)]) -> [String] {
        let margins = [
            Terminal.column(mark, 5) + Terminal.column(id, 4) + Terminal.column(step, 7),
            Terminal.column("     \(code?.rawValue ?? "")", 16),
        ]
        return entries.enumerated().flatMap { index, entry in
            let margin = index < margins.count ? margins[index] : Terminal.column("", 16)
            return Terminal.wrapped(entry.1, after: margin + Terminal.column(entry.0, 6))
        }
    }
}
