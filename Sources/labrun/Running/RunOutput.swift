import LabCourse
import LabReport
import Labs
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// What a run says while it goes on: text for people, and JSON lines for programs.
///
/// A run that passes takes no more than a screen: a single scenario is told while it happens, of one step there is a
/// line for each scenario, and of several steps a line for each. What is wrong is told whole, its answers last.
final class RunOutput: Sendable {
    private let json: Bool
    private let detail: DisplayOptions.Detail?
    private let jobs: [Runner.Job]
    private let ci: CIOutput?
    private let drawsAll: Bool
    /// Whether the runs are told of together, at the end.
    private let isRepeated: Bool
    private let isMatrix: Bool
    private let finished = Mutex<[ScenarioReport]>([])
    private let progress: RunProgress?
    /// Looks on while scenarios run.
    let view: LiveView

    init(
        _ display: DisplayOptions, _ reports: ReportOptions, _ plan: RunPlan, _ variant: LabVariant, width: Int,
        holding: HoldOptions? = nil
    ) {
        json = display.json
        let text: Int32 = display.json ? 2 : 1
        ci = reports.output(to: text)
        detail = display.detail
        drawsAll = display.text.verbose > 1
        jobs = plan.jobs
        isRepeated = plan.isRepeated
        isMatrix = plan.hasPairs
        let isFolded = ci != nil || detail == .quiet
        let isLive = jobs.count == 1 || detail == .verbose && width == 1
        let manner: LiveView.Manner = isFolded ? .silent : isLive ? .live : detail == .verbose ? .kept : .silent
        view = LiveView(manner, variant, to: text, hold: holding?.hold(to: text))
        let isWanted = jobs.count > 1 && !isFolded && !isLive && Sandbox.isInside
        let declared = Duration.seconds(jobs.reduce(0) { $0 + $1.seconds }) / max(min(width, jobs.count), 1)
        let longest = Duration.seconds(jobs.map(\.seconds).max() ?? 0)
        progress =
            isWanted
            ? RunProgress(
                total: jobs.count, declared: max(declared, longest), isRewritten: Terminal.style(of: 2).rewrites)
            : nil
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
        defer { progress?.note(report.verdict) }
        if isRepeated, detail != .verbose { return }
        let known = finished.withLock { known in
            known.append(report)
            return known
        }
        let lines = lines(of: report)
        if !lines.isEmpty { Terminal.tell(lines.joined(separator: "\n"), to: text) }
        if detail != .quiet, steps.count > 1 { tellStep(report.step, known) }
    }

    /// What is said of a scenario that has ended.
    private func lines(of report: ScenarioReport) -> [String] {
        let text = ReportText(report: report)
        let drawing = drawsAll ? text.drawing(rows: 60).split(separator: "\n", omittingEmptySubsequences: false) : []
        if view.isLive {
            // What never had a lab has not been told of.
            let head = report.timeline.isEmpty ? text.heading : []
            return head + text.ending() + [""] + drawing.map(String.init)
        }
        if detail == .verbose { return text.full(view.story(of: report)) + drawing.map(String.init) }
        if report.verdict > .pass { return text.full([]) }
        guard detail != .quiet, steps.count == 1 else { return [] }
        return report.table.isEmpty ? [text.line] : report.table.map { "  \(Terminal.printable($0))" }
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
        progress?.end()
        guard let record = outcome.document.end else { return }
        if json { write((try? JSONLines.line(record)).map { [$0] }) }
        if isRepeated { say(CampaignText(outcome.document, detail, isMatrix: isMatrix).lines) }
        let time = Duration.seconds(record.seconds).decimalSeconds(digits: 1)
        let space = jobs.count > 1 && detail != .quiet ? "\n" : ""
        let reports = outcome.reports
        let counts = Self.counts(reports.flatMap(\.checks))
        let problems =
            isRepeated ? [] : ProblemText(problems: outcome.document.problems, isOfOne: jobs.count == 1).lines
        if !problems.isEmpty { Terminal.tell((problems + [""]).joined(separator: "\n"), to: text) }
        let checks = counts.isEmpty ? "" : ", checks: \(counts)"
        let count = reports.count == 1 ? "1 scenario" : "\(reports.count) scenarios"
        let gap = problems.isEmpty ? space : ""
        Terminal.tell("\(gap)\(record.verdict.mark)  \(count)\(checks), in \(time) s", to: text)
        say(CampaignText.unfinished(outcome.document))
        if record.verdict == .pass, detail == nil, jobs.count > 1, !isRepeated, let first = jobs.first {
            Terminal.say("Figures are seconds, with their bounds. One as it happens: labrun \(first.id)", to: text)
        }
        if detail != .quiet || record.verdict != .pass, let directory = record.artifacts {
            sayWhere(directory, seed: outcome.document.run.seed)
        }
    }

    /// The page that shows everything, or where everything is.
    private func sayWhere(_ directory: String, seed: UInt64) {
        let page = FileSystem.names(in: directory).first { $0 == "report.html" }
        let place = page.map { "Report: \(directory)/\($0)" } ?? "Artifacts: \(directory)"
        Terminal.say("\(place)  Seed: \(seed)", to: text)
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
