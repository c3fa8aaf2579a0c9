import LabCourse
import Timeline

/// A check as people read it: a line when all is well, and what was expected and seen when it is not.
struct CheckText: CustomStringConvertible {
    private let check: CheckResult

    init(_ check: CheckResult) {
        self.check = check
    }

    /// Fits the terminal's width.
    var lines: [String] {
        let mark = check.verdict == .pass ? "ok" : check.verdict.mark
        let head = "  " + Terminal.column(mark, 6) + check.title
        var lines: [String]
        switch check.verdict {
        case .skip, .pass:
            let line = Terminal.column(head, 48) + answer
            lines = line.count <= Terminal.width ? [line] : title + Terminal.wrapped(answer, indent: 10)
        case .inconclusive, .fail:
            lines = title + labeled("expected", check.expected) + labeled("observed", check.observed)
        }
        if let explanation = check.explanation { lines += Terminal.wrapped(explanation, indent: 8) }
        return lines
    }

    var description: String { lines.joined(separator: "\n") }

    /// The mark and the title, in as many lines as it takes.
    private var title: [String] {
        let mark = check.verdict == .pass ? "ok" : check.verdict.mark
        let lines = Terminal.wrapped(check.title, indent: 8)
        guard let first = lines.first else { return ["  \(mark)"] }
        return ["  " + Terminal.column(mark, 6) + first.dropFirst(8)] + lines.dropFirst()
    }

    private var answer: String {
        guard let bound = check.bound, check.verdict == .pass else { return check.observed }
        return check.observed + "  (\(bound.lowerBound.decimalSeconds())..\(bound.upperBound.text))"
    }

    private func labeled(_ label: String, _ text: String) -> [String] {
        let lines = Terminal.wrapped(Terminal.printable(text), indent: 18)
        guard let first = lines.first else { return ["        \(label)"] }
        return ["        " + Terminal.column(label, 10) + first.dropFirst(18)] + lines.dropFirst()
    }
}
