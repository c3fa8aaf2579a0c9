import LabCourse
import LabReport
import Labs
import NetnsKit
import Synchronization
import Timeline
import Wire

/// What a run says while it goes on: text for people, and JSON lines for programs.
///
/// A run that passes takes no more than a screen: of a single scenario everything is told, of one step a line for each
/// scenario, and of several steps a line for each. What is wrong is always told whole.
final class RunOutput: Sendable {
    private let json: Bool
    private let detail: DisplayOptions.Detail?
    private let jobs: [Runner.Job]
    /// Whether the runs are told of together, at the end.
    private let isRepeated: Bool
    private let isMatrix: Bool
    private let finished = Mutex<[ScenarioReport]>([])

    init(_ display: DisplayOptions, _ plan: RunPlan) {
        json = display.json
        detail = display.detail
        jobs = plan.jobs
        isRepeated = plan.isRepeated
        isMatrix = plan.hasPairs
    }

    /// Text gives way to JSON lines on the standard output.
    private var text: Int32 { json ? 2 : 1 }

    private var steps: [String] { jobs.map(\.step).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

    /// The first words, when the run takes a while.
    func begin(_ daemons: DaemonPair, _ variant: LabVariant) {
        guard detail != .quiet, jobs.count > 1, let id = steps.first else { return }
        let title = steps.count == 1 ? "\(id)  \(Course.step(id)?.title ?? "")" : "\(steps.count) steps"
        let scenarios = jobs.count == 1 ? "" : ", \(jobs.count) scenarios"
        Terminal.say("\(title)  [\(daemons), \(variant.rawValue)\(scenarios)]\n", to: text)
    }

    /// Tells of a scenario as much as is wanted.
    func tell(_ report: ScenarioReport) {
        if json { writeRecords(report) }
        if isRepeated, detail != .verbose { return }
        let known = finished.withLock { known in
            known.append(report)
            return known
        }
        if report.verdict > .pass || jobs.count == 1 && detail != .quiet || detail == .verbose {
            Terminal.say(ReportText(report: report).whole() + "\n", to: text)
        } else if detail != .quiet, steps.count == 1 {
            let lines = report.table.map { "  \(Terminal.printable($0))" }
            Terminal.say((lines.isEmpty ? [ReportText(report: report).line] : lines).joined(separator: "\n"), to: text)
        }
        if detail != .quiet, steps.count > 1 { tellStep(report.step, known) }
    }

    /// A line for a step whose last scenario has ended.
    private func tellStep(_ step: String, _ known: [ScenarioReport]) {
        let reports = known.filter { $0.step == step }
        guard reports.count == jobs.count(where: { $0.step == step }) else { return }
        let verdict = reports.map(\.verdict).max() ?? .skip
        let title = Terminal.fitted(Course.step(step)?.title ?? "", to: 40)
        let line = "  " + Terminal.column(verdict.checkMark, 6) + Terminal.column(step, 7) + Terminal.column(title, 41)
        let checks = reports.flatMap(\.checks)
        let counts = Verdict.allCases.reversed().compactMap { verdict -> String? in
            let count = checks.count { $0.verdict == verdict }
            return count == 0 ? nil : "\(count) \(verdict.checkMark)"
        }
        Terminal.say(Terminal.fitted("\(line)\(reports.count) runs, \(counts.joined(separator: ", "))"), to: text)
    }

    /// The last words.
    func end(_ outcome: Campaign.Outcome) {
        guard let record = outcome.document.end else { return }
        if json, let line = try? JSONLines.line(record) { Terminal.say(line) }
        if isRepeated { say(CampaignText(outcome.document, detail, isMatrix: isMatrix).lines) }
        let time = Duration.seconds(record.seconds).decimalSeconds(digits: 1)
        let space = jobs.count > 1 && detail != .quiet ? "\n" : ""
        let reports = outcome.reports
        let counts = Self.counts(reports.flatMap(\.checks))
        let checks = counts.isEmpty ? "" : ", checks: \(counts)"
        Terminal.say(
            "\(space)\(record.verdict.mark)  \(reports.count) scenarios\(checks), in \(time) s", to: text)
        say(CampaignText.unfinished(outcome.document))
        if record.verdict == .pass, detail == nil, jobs.count > 1, !isRepeated, let first = jobs.first {
            Terminal.say("Figures are seconds, with their bounds. One drawn: labrun \(first.id)", to: text)
        }
        if detail != .quiet || record.verdict != .pass, let directory = record.artifacts {
            Terminal.say("Artifacts: \(directory)  Seed: \(outcome.document.run.seed)", to: text)
        }
    }

    private func say(_ lines: [String]) {
        if !lines.isEmpty { Terminal.say(lines.joined(separator: "\n"), to: text) }
    }

    private static func counts(_ checks: [CheckResult]) -> String {
        Verdict.allCases.reversed().compactMap { verdict -> String? in
            let count = checks.count { $0.verdict == verdict }
            return count == 0 ? nil : "\(count) \(verdict.word)"
        }.joined(separator: ", ")
    }

    private func writeRecords(_ report: ScenarioReport) {
        var lines = [try? JSONLines.line(ScenarioRecord(report))]
        lines += report.timeline.map { try? JSONLines.line(EventRecord($0, origin: report.origin)) }
        lines += report.checks.map { try? JSONLines.line(CheckRecord($0, report.id, origin: report.origin)) }
        for line in lines.compactMap(\.self) { Terminal.say(line) }
    }
}
