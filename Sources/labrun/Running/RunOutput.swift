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
    private let ci: CIOutput?
    /// Whether the runs are told of together, at the end.
    private let isRepeated: Bool
    private let isMatrix: Bool
    private let finished = Mutex<[ScenarioReport]>([])

    init(_ display: DisplayOptions, _ reports: ReportOptions, _ plan: RunPlan) {
        json = display.json
        ci = reports.output(to: display.json ? 2 : 1)
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

    /// The first line for programs.
    func begin(_ run: RunRecord) {
        if json { write(try? RecordLines.beginning(run)) }
    }

    /// Tells of a scenario as much as is wanted.
    func tell(_ report: ScenarioReport) {
        if json { write(try? RecordLines.lines(of: report)) }
        if let ci {
            tell(report, in: ci)
            return
        }
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

    /// Folds a scenario into a job's log; what did not pass is also said outside.
    private func tell(_ report: ScenarioReport, in ci: CIOutput) {
        guard detail != .quiet || report.verdict > .pass else { return }
        let seconds = report.length.decimalSeconds(digits: 1)
        let title = "\(report.verdict.checkMark)  \(report.id) [\(report.daemons)]  \(seconds) s"
        var text = ReportText(report: report).whole()
        if report.verdict > .pass { text += "\n" + Self.lastWords(report).joined(separator: "\n") }
        ci.group(title, text, isCollapsed: report.verdict <= .pass)
        for check in report.checks where check.verdict > .pass {
            ci.line("\(check.verdict.mark)  \(report.id) [\(report.daemons)]: \(check.title): \(check.observed)")
        }
    }

    /// What programs wrote last: who reads a job's log has no files at hand.
    private static func lastWords(_ report: ScenarioReport) -> [String] {
        report.nodes.flatMap { node in
            let lines = report.timeline.of(node: node).compactMap { event -> String? in
                guard case .output(let process, _, let line) = event.kind else { return nil }
                return "  \((event.time - report.origin).decimalSeconds()) \(process): \(line)"
            }
            return lines.isEmpty ? [] : ["", "the last lines of \(node):"] + lines.suffix(20)
        }
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
        if json { write((try? JSONLines.line(record)).map { [$0] }) }
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

    private func write(_ lines: [String]?) {
        for line in lines ?? [] { Terminal.say(ci?.json(line) ?? line) }
    }
}
