import LabCourse
import NetnsKit
import Timeline
import Wire

/// Lines of a story as a terminal shows them: when, where, what.
struct NarrationText: Sendable {
    let origin: Instant
    /// Of the longest name of a node.
    let nodeWidth: Int
    let style: Style

    init(origin: Instant, nodes: [String], style: Style) {
        self.origin = origin
        self.style = style
        nodeWidth = max(nodes.map(\.count).max() ?? 0, 5)
    }

    /// A line, and what did not fit it below.
    func lines(_ line: Narration.Line) -> [String] {
        let time = (line.time - origin).decimalSeconds()
        let margin = String(repeating: " ", count: max(9 - time.count, 1)) + time + "  "
        let text = style.shown(line.text)
        // A word that says all has nothing behind it.
        if text.isEmpty { return [margin + Terminal.column(line.node, nodeWidth + 2) + line.word] }
        guard line.node.isEmpty else {
            let word = Terminal.column(line.word, 9)
            return Terminal.wrapped(text, after: margin + Terminal.column(line.node, nodeWidth + 2) + word)
        }
        let head = line.word == "why" ? String(repeating: " ", count: margin.count) : margin
        return Terminal.wrapped(text, after: head + Terminal.column(line.word, nodeWidth + 2))
    }
}
