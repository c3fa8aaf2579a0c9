import LabCourse
import Labs
import NetnsKit
import Timeline
import Wire

/// What `labrun check` says of somebody's files.
struct CheckOutput: Sendable {
    /// In lines: what a terminal has room for beside the prompt.
    private static let screen = 38
    /// More mistakes than this are named and not explained: one often leads to others.
    private static let explained = 8

    private let examination: Examination
    private let json: Bool
    private let isVerbose: Bool
    private let isQuiet: Bool

    init(_ examination: Examination, json: Bool, detail: DisplayOptions.Detail?) {
        self.examination = examination
        self.json = json
        isVerbose = detail == .verbose
        isQuiet = detail == .quiet
    }

    private var step: LabStep { examination.step }
    private var option: String { examination.workspace.option }

    // MARK: A look at the files

    /// Says what is missing and what the files show by themselves.
    ///
    /// - Returns: whether there is an error in them.
    func looked() -> Bool {
        let found = examination.found
        let hasErrors = found.contains { $0.severity == .error }
        if json {
            write(CheckDocument(examination, found, verdict: hasErrors ? .fail : .skip))
            return hasErrors
        }
        if examination.files.contains(where: { file in step.files.contains { $0.path == file.path } }) {
            say(heading("Looking at"))
        }
        say(diagnosisLines(found))
        if !examination.missing.isEmpty {
            say(missingLines)
        } else {
            let counts = Self.counts(found)
            let answer = counts.isEmpty ? "nothing is wrong with these files by themselves" : counts
            say(["\(hasErrors ? "FAIL" : "ok")  \(answer)", "Next: labrun check \(step.id)\(option) runs them"])
        }
        return hasErrors
    }

    private var missingLines: [String] {
        let missing = examination.missing
        return ["not written yet:"]
            + missing.map { file in
                "  write \(examination.place(of: file.path))  (\(Self.kind(file)))"
            }
            + ["What it must do: labrun describe \(step.id)", "A beginning:     labrun reset \(step.id)\(option)"]
    }

    static func kind(_ file: LearnerFile) -> String {
        let nodes = file.nodes.joined(separator: ", ")
        switch file.role {
        case .configuration: return "\(nodes)'s configuration"
        case .script: return "a script on \(nodes), mode \(String(file.mode, radix: 8))"
        }
    }

    // MARK: A run

    /// Says what is going to be run; how long that takes is said to whoever waits.
    func begin(on daemons: DaemonPair) {
        guard !json, !isQuiet else { return }
        say(heading("Checking"))
        let count = step.scenarios(.yours, files: examination.files).count
        Terminal.say("running \(count) scenarios with \(daemons), about \(step.seconds) s ...", to: 2)
    }

    /// Which file is which; one line when there is only one.
    private func heading(_ verb: String) -> [String] {
        let files = step.files.filter { file in examination.files.contains { $0.path == file.path } }
        if files.count == 1, let file = files.first {
            let nodes = file.nodes.joined(separator: " and ")
            return Terminal.wrapped("\(verb) \(examination.place(of: file.path)) as \(nodes) of \(step.id)", indent: 0)
        }
        return ["\(verb) \(step.id)  \(step.title)"]
            + files.map { file in
                "  " + Terminal.column(file.nodes.joined(separator: " "), 16) + examination.place(of: file.path)
            }
    }

    /// Says what keepalived's own test says: it is not a checker.
    func tested(_ tests: [ConfigurationTest]) {
        guard !json, !isQuiet, !tests.isEmpty else { return }
        let said = tests.map { test in
            let node = tests.count > 1 ? "\(test.node) " : ""
            let lines = test.lines.count == 1 ? "1 line" : "\(test.lines.count) lines"
            let end = test.exit.map { "exit \($0)" } ?? "without an end"
            return "\(node)\(test.lines.isEmpty ? "nothing" : lines), \(end)"
        }
        say(Terminal.wrapped("keepalived -t says: \(said.joined(separator: "; ")). Running it says more:", indent: 0))
        guard isVerbose else { return }
        for line in tests.flatMap(\.lines) { say(Terminal.wrapped(Terminal.printable(line), indent: 4)) }
    }

    /// Says what was seen.
    func ran(
        _ outcome: CheckOutcome, _ tests: [ConfigurationTest], on daemons: DaemonPair, for time: Duration,
        _ directory: String
    ) {
        if json {
            var document = CheckDocument(examination, outcome.diagnoses, verdict: outcome.verdict)
            document.add(outcome, tests, daemons, time, directory)
            write(document)
            return
        }
        let diagnoses = diagnosisLines(outcome.diagnoses)
        say([""] + diagnoses)
        let room = isVerbose ? Int.max : Self.screen - diagnoses.count - 10
        if !isQuiet || outcome.verdict > .pass {
            say(Self.checkLines(outcome.reports, room: isQuiet ? 0 : room) + [""])
        }
        say(summary(outcome, time))
        say(["Artifacts: \(directory)"])
    }

    private func diagnosisLines(_ diagnoses: [Diagnosis]) -> [String] {
        var lines = diagnoses.prefix(Self.explained).flatMap { DiagnosisText($0).lines }
        let rest = diagnoses.dropFirst(Self.explained)
        if !rest.isEmpty {
            let names = rest.map { diagnosis in
                diagnosis.code.rawValue + (diagnosis.places.first?.line.map { " line \($0)" } ?? "")
            }
            lines += Terminal.wrapped("and \(rest.count) more: \(names.joined(separator: ", "))", indent: 2)
        }
        return lines.isEmpty ? [] : lines + [""]
    }

    /// Every check, or where there is no room for all one line for each scenario that passed.
    static func checkLines(_ reports: [ScenarioReport], room: Int) -> [String] {
        let all = reports.flatMap { report in
            [heading(of: report)] + report.checks.flatMap { ReportText.lines($0) }
        }
        if all.count <= room { return all }
        var told: Set<CheckResult> = []
        return reports.flatMap { report in
            [heading(of: report)]
                + report.checks.filter { $0.verdict != .pass }.flatMap { check in
                    // One mistake often fails several scenarios in the same way.
                    told.insert(check).inserted
                        ? ReportText.lines(check)
                        : ["  \(Terminal.column(check.verdict.checkMark, 6))\(check.title), as above"]
                }
        }
    }

    /// A scenario and how many of its checks passed.
    private static func heading(of report: ScenarioReport) -> String {
        let mark = report.verdict.checkMark
        let count = "\(report.checks.count { $0.verdict == .pass }) of \(report.checks.count)"
        let head = Terminal.column(mark, 6) + "\(report.id)  \(report.title)"
        let isShort = head.count + count.count + 2 <= Terminal.width
        return isShort ? Terminal.column(head, Terminal.width - count.count) + count : head
    }

    private func summary(_ outcome: CheckOutcome, _ time: Duration) -> [String] {
        let checks = outcome.checks
        let counts = Self.counts(outcome.diagnoses)
        let tail = (counts.isEmpty ? "" : ", \(counts)") + ", in \(time.decimalSeconds(digits: 1)) s"
        switch outcome.verdict {
        case .pass:
            let next = NextStep.after(step).map { "labrun describe \($0.id)" } ?? "labrun all"
            return ["PASS  \(checks.count) checks\(tail)", "\(step.id) done. Next: \(next)"]
        case .fail:
            let failed = checks.count { $0.verdict == .fail }
            var lines = ["FAIL  \(failed) of \(checks.count) checks failed\(tail)"]
            let code = outcome.diagnoses.first { $0.severity == .error }?.code.rawValue
            let why = code.map { "why: labrun explain \($0)" }
            let words = ["Next: labrun hint \(step.id)\(option)", why, "labrun diff \(step.id)\(option)"]
            // Another directory makes them long.
            lines.append(words.compactMap(\.self).joined(separator: option.isEmpty ? "    " : "\n      "))
            return lines
        case .inconclusive:
            let unknown = checks.count { $0.verdict == .inconclusive }
            return [
                "??  nothing failed, but \(unknown) of \(checks.count) checks are inconclusive\(tail)", "Run it again.",
            ]
        case .skip:
            return ["skip  nothing was looked at\(tail)"]
        }
    }

    /// Such as `2 errors, 1 warning`; empty when there is nothing to count.
    static func counts(_ diagnoses: [Diagnosis]) -> String {
        let words: [(Diagnosis.Severity, String)] = [(.error, "error"), (.warning, "warning"), (.note, "note")]
        return words.compactMap { severity, word in
            let count = diagnoses.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }

    private func say(_ lines: [String]) {
        if !lines.isEmpty { Terminal.tell(lines.joined(separator: "\n")) }
    }

    private func write(_ document: CheckDocument) {
        if let line = try? JSONLines.line(document) { Terminal.say(line) }
    }
}
