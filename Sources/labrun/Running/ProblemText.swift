import LabReport
import NetnsKit
import Timeline
import Wire

/// The last words of a run that did not pass: what, when, why, and how to see it again.
struct ProblemText {
    let problems: [Problem]
    /// Whether the checks stand just above.
    var isOfOne = false

    /// So many are told whole, and so many more by name.
    private static let (whole, named) = (3, 8)

    var lines: [String] {
        let rest = problems.dropFirst(Self.whole)
        var lines = problems.prefix(Self.whole).flatMap(whole)
        lines += rest.prefix(Self.named).map {
            Terminal.fitted(Terminal.column($0.verdict.mark, 6) + Terminal.printable("\($0.label)  \($0.what)"))
        }
        if rest.count > Self.named { lines.append("      and \(rest.count - Self.named) more") }
        return lines
    }

    private func whole(_ problem: Problem) -> [String] {
        let head = Terminal.column(problem.verdict.mark, 6)
        var lines = Terminal.wrapped(Terminal.printable("\(problem.label)  \(problem.what)"), after: head)
        if !isOfOne {
            lines += line("expected", problem.expected) + line("observed", problem.observed)
        }
        lines += line("when", problem.when.map { "\(Duration.seconds($0).text) after the lab's start" })
        if !isOfOne { lines += line("why", problem.why) }
        return lines + Terminal.command(problem.again, after: "      again     ")
    }

    private func line(_ word: String, _ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return Terminal.wrapped(Terminal.printable(text), after: "      " + Terminal.column(word, 10))
    }
}
