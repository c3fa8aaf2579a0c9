import LabCourse
import NetnsKit
import Timeline
import Wire

/// What a run says while it goes on: text for people, and JSON lines for programs.
struct RunOutput: Sendable {
    private let json: Bool
    private let detail: Run.Detail?
    /// The first scenario of each step, which is drawn even when all is well.
    private let examples: Set<String>

    init(json: Bool, detail: Run.Detail?, _ jobs: [Runner.Job]) {
        self.json = json
        self.detail = detail
        examples = Set(Dictionary(jobs.map { ($0.step, $0.id) }) { first, _ in first }.values)
    }

    /// Text gives way to JSON lines on the standard output.
    private var text: Int32 { json ? 2 : 1 }

    /// Tells of a scenario: its drawing when asked for or when something is wrong, and every check.
    func finished(_ report: ScenarioReport) {
        if json { writeRecords(report) }
        let isWrong = report.verdict > .pass
        if detail == .quiet, !isWrong { return }
        Terminal.say("\(report.id)  \(report.title)  [\(report.daemons), \(report.variant.rawValue)]", to: text)
        if report.attempts > 1 {
            Terminal.say("  run \(report.attempts): what was seen before was inconclusive", to: text)
        }
        if isWrong || detail == .verbose || examples.contains(report.id) {
            Terminal.say("\n\(Diagram(report.timeline, report.drawing(rows: 40)))", to: text)
        }
        for check in report.checks { Terminal.say(CheckText(check).description, to: text) }
        Terminal.say("", to: text)
    }

    /// The last words.
    func end(_ reports: [ScenarioReport], seconds: Double, _ exit: ExitStatus, _ directory: String) {
        let checks = reports.flatMap(\.checks)
        let record = EndRecord(checks, seconds: seconds, exit: exit.rawValue, artifacts: directory)
        if json, let line = try? JSONLines.line(record) { Terminal.say(line) }
        let verdict = reports.map(\.verdict).max() ?? .skip
        let counts = Verdict.allCases.reversed().compactMap { verdict -> String? in
            let count = checks.count { $0.verdict == verdict }
            return count == 0 ? nil : "\(count) \(verdict.word)"
        }
        let time = Duration.seconds(seconds).decimalSeconds(digits: 1)
        Terminal.say(
            "\(verdict.mark)  \(reports.count) scenarios, checks: \(counts.joined(separator: ", ")), in \(time) s",
            to: text)
        if detail != .quiet || exit != .passed { Terminal.say("Artifacts: \(directory)", to: text) }
    }

    private func writeRecords(_ report: ScenarioReport) {
        var lines = [try? JSONLines.line(ScenarioRecord(report))]
        lines += report.timeline.map { try? JSONLines.line(EventRecord($0, origin: report.origin)) }
        lines += report.checks.map { try? JSONLines.line(CheckRecord($0, report.id)) }
        for line in lines.compactMap(\.self) { Terminal.say(line) }
    }
}

extension Verdict {
    /// How a line begins.
    var mark: String {
        switch self {
        case .skip: "skip"
        case .pass: "PASS"
        case .inconclusive: "??"
        case .fail: "FAIL"
        }
    }

    var word: String {
        switch self {
        case .skip: "skipped"
        case .pass: "passed"
        case .inconclusive: "inconclusive"
        case .fail: "failed"
        }
    }
}
