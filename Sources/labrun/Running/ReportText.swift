import LabCourse
import NetnsKit
import Timeline
import Wire

/// What a scenario came to, in lines for people.
struct ReportText {
    let report: ScenarioReport

    /// One line: what it was about, and the first figure that it measured.
    var line: String {
        let skipped = report.checks.first { $0.verdict == .skip }
        let told = report.verdict == .skip ? skipped.map { "\($0.title): \($0.observed)" } : nil
        let figure = report.checks.lazy.compactMap(Self.figure).first ?? ""
        let title = Terminal.fitted(told ?? report.title, to: told == nil && !figure.isEmpty ? 36 : 57)
        return Terminal.fitted(
            "  " + Terminal.column(report.verdict.checkMark, 6) + Terminal.column(report.scenario, 14)
                + Terminal.column(title, 37) + figure)
    }

    private static func figure(_ check: CheckResult) -> String? {
        guard let measured = check.measured, let bound = check.bound else { return nil }
        return
            "\(measured.decimalSeconds()) (\(bound.lowerBound.decimalSeconds())..\(bound.upperBound.decimalSeconds()))"
    }

    /// Which scenario it is, in one line or two.
    ///
    /// - Parameter what: its daemons and its variant.
    static func heading(_ id: String, _ title: String, _ what: String) -> [String] {
        let rest = "\(title)  [\(what)]"
        return id.count + rest.count + 2 <= Terminal.width
            ? ["\(id)  \(rest)"] : Terminal.wrapped(rest, after: "\(id)  ")
    }

    /// Which scenario it is, by which daemons, and with which files.
    var heading: [String] {
        Self.heading(report.id, report.title, "\(report.daemons), \(report.variant.rawValue)")
    }

    /// The states of the routers in a few lines, and every check; the story before it was told already.
    func ending() -> [String] {
        var lines = report.table.map { "  \(Terminal.printable($0))" }
        if report.table.isEmpty {
            let strip = report.strip(width: Terminal.width)
            if !strip.isEmpty { lines += [""] + strip }
        }
        let told = report.checks.filter { report.table.isEmpty || $0.verdict > .pass }
        lines.append("")
        if report.attempts > 1 { lines.append("  run \(report.attempts): what was seen before was inconclusive") }
        return lines + told.flatMap(Self.lines)
    }

    /// All that there is to say: heading, story, strip and checks.
    ///
    /// - Parameter story: what happened, line by line.
    func full(_ story: [String]) -> [String] {
        heading + (story.isEmpty ? [] : [""] + story) + ending() + [""]
    }

    /// The drawing and every check.
    ///
    /// - Parameter rows: how many events are drawn; none when 0.
    func whole(rows: Int = 40) -> String {
        var lines = ["\(report.id)  \(report.title)  [\(report.daemons), \(report.variant.rawValue)]"]
        if report.attempts > 1 { lines.append("  run \(report.attempts): what was seen before was inconclusive") }
        lines += report.table.map { "  \(Terminal.printable($0))" }
        if rows > 0, report.table.isEmpty, !report.timeline.isEmpty { lines += ["", drawing(rows: rows), ""] }
        // What passed, a table has told already.
        let told = report.checks.filter { report.table.isEmpty || $0.verdict > .pass }
        return (lines + told.flatMap(Self.lines)).joined(separator: "\n")
    }

    /// What happened, drawn.
    func drawing(rows: Int) -> String {
        var options = report.drawing(rows: rows)
        options.width = Terminal.width
        if Terminal.style(of: 1).isUnicode { options.characters = .unicode }
        return "\(Diagram(report.timeline, options))"
    }

    /// A check: one line when it passed, and otherwise what was to be seen and what was.
    static func lines(_ check: CheckResult) -> [String] {
        let margin = "  " + Terminal.column(check.verdict.checkMark, 6)
        let title = Terminal.wrapped(check.title, after: margin)
        var lines: [String]
        switch check.verdict {
        case .skip, .pass:
            var answer = check.observed
            if let bound = check.bound, check.verdict == .pass {
                answer += "  (\(bound.lowerBound.decimalSeconds())..\(bound.upperBound.text))"
            }
            let line = Terminal.column(margin + check.title, 48) + answer
            lines = line.count <= Terminal.width ? [line] : title + Terminal.wrapped(answer, indent: 10)
        case .inconclusive, .fail:
            lines = title + Terminal.wrapped(check.expected, after: "        expected  ")
            lines += Terminal.wrapped(check.observed, after: "        observed  ")
        }
        if let explanation = check.explanation { lines += Terminal.wrapped(explanation, indent: 8) }
        return lines
    }
}

extension Verdict {
    /// How a line about a run begins.
    var mark: String {
        switch self {
        case .skip: "skip"
        case .pass: "PASS"
        case .inconclusive: "??"
        case .fail: "FAIL"
        }
    }

    /// How a line about a part of a run begins.
    var checkMark: String { self == .pass ? "ok" : mark }

    var word: String {
        switch self {
        case .skip: "skipped"
        case .pass: "passed"
        case .inconclusive: "inconclusive"
        case .fail: "failed"
        }
    }
}
