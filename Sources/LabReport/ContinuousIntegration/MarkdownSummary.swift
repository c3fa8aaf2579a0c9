import LabCourse

/// A run on a page of Markdown: what did not pass, then a table of everything.
public struct MarkdownSummary {
    /// In octets. A platform that gets more than it takes drops the whole page.
    public static let limit = 64 * 1024
    /// What problems may fill, so that there is a table in any case.
    private static let roomForProblems = limit / 2
    /// For the sentences about what was left out.
    private static let reserve = 512
    /// In characters: what one text of somebody's may fill.
    private static let longest = 600

    /// The whole page.
    public let text: String

    public init(_ document: RunDocument) {
        var page = Self.heading(document)
        let problems = document.problems.map(Self.paragraph) + document.diagnoses.map(Self.paragraph)
        let shown = Self.fitting(problems, into: Self.roomForProblems - page.utf8.count)
        page += shown.joined()
        if shown.count < problems.count {
            page += "\(problems.count - shown.count) more did not pass or are wrong: see `junit.xml`.\n\n"
        }
        // What did not pass has its row before others lose theirs.
        let worst = document.scenarios.filter { $0.record.verdict > .pass }
        let rows = (worst + document.scenarios.filter { $0.record.verdict <= .pass }).map(Self.row)
        page += "| | scenario | daemons | seconds | bound | what |\n|---|---|---|--:|---|---|\n"
        let table = Self.fitting(rows, into: Self.limit - Self.reserve - page.utf8.count)
        page += table.joined()
        if table.count < rows.count {
            page += "\n\(rows.count - table.count) more rows do not fit here: see `run.json`.\n"
        }
        text = page
    }

    private static func heading(_ document: RunDocument) -> String {
        let run = document.run
        let programs = run.programs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let end = document.end.map { end -> String in
            let counts = [
                (end.failed, "failed"), (end.inconclusive, "inconclusive"), (end.skipped, "skipped"),
                (end.passed, "passed"),
            ]
            let told = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            return "\(end.verdict.title): \(told.isEmpty ? "no checks" : told) in \(Figures.number(end.seconds)) s"
        }
        let machine = "Seed \(run.seed), \(run.machine.system), Linux \(run.machine.kernel)"
        return """
            ## labrun \(escaped(run.arguments.joined(separator: " ")))

            **\(end ?? "The run was cut off")**

            \(escaped("\(machine); \(programs.joined(separator: ", "))"))


            """
    }

    private static func paragraph(_ problem: Problem) -> String {
        var lines = ["### \(problem.verdict.title) \(escaped(problem.label)): \(escaped(problem.what))", ""]
        lines += ["- expected: \(escaped(problem.expected))", "- observed: \(escaped(problem.observed))"]
        if let when = problem.when { lines.append("- when: \(Figures.number(when)) s") }
        if let why = problem.why { lines.append("- why: \(escaped(why))") }
        lines.append("- again: \(code(problem.again))")
        return lines.joined(separator: "\n") + "\n\n"
    }

    private static func paragraph(_ diagnosis: Diagnosis) -> String {
        let place = diagnosis.places.first.map { " \(code($0.file + ($0.line.map { ":\($0)" } ?? "")))" } ?? ""
        return "### \(diagnosis.code.rawValue)\(place)\n\n\(escaped(diagnosis.sentence))\n\n"
            + "- fix: \(escaped(diagnosis.remedy))\n\n"
    }

    private static func row(_ scenario: ScenarioDocument) -> String {
        let told = scenario.checks.first { $0.verdict == scenario.record.verdict && $0.measured != nil }
        let check = told ?? scenario.checks.first { $0.verdict == scenario.record.verdict }
        let cells = [
            scenario.record.verdict.title,
            escaped(scenario.record.id + (scenario.record.repetition.map { " run \($0)" } ?? "")),
            escaped(scenario.record.daemon),
            check?.measured.map { Figures.number($0) } ?? "", check?.bound.map(Figures.range) ?? "",
            escaped(check?.title ?? scenario.record.title),
        ]
        return "| \(cells.joined(separator: " | ")) |\n"
    }

    /// As many of the texts as there is room for, from the first on; none is cut.
    private static func fitting(_ texts: [String], into room: Int) -> ArraySlice<String> {
        var rest = room
        return texts.prefix { text in
            rest -= text.utf8.count
            return rest >= 0
        }
    }

    /// Words that mean nothing but themselves, on one line.
    private static func escaped(_ text: String) -> String {
        let meaning: Set<Unicode.Scalar> = [
            "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "!", "&", "@", "$",
        ]
        return clipped(text).unicodeScalars.reduce(into: "") { escaped, scalar in
            if meaning.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
    }

    /// A command or a path as it is typed.
    private static func code(_ text: String) -> String {
        let line = clipped(text)
        var fence = "`"
        while line.contains(fence) { fence += "`" }
        let space = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
        return fence + space + line + space + fence
    }

    private static func clipped(_ text: String) -> String {
        let line = text.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " "
            default: Character(scalar)
            }
        }
        return String(line.prefix(longest)) + (line.count > longest ? "..." : "")
    }
}

extension Verdict {
    fileprivate var title: String {
        switch self {
        case .skip: "skip"
        case .pass: "pass"
        case .inconclusive: "inconclusive"
        case .fail: "FAIL"
        }
    }
}
