/// A lesson in lines that fit a terminal: paragraphs, items and tables are filled anew, drawings and headings stay.
struct LessonText {
    private(set) var lines: [String] = []
    /// The words of the paragraph so far, and how its first line begins; the others are indented as far.
    private var words = ""
    private var first = ""
    /// The rows of the table so far.
    private var rows: [[String]] = []

    init(_ markdown: String) {
        var isCode = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                flush()
                isCode.toggle()
            } else if isCode {
                lines.append("    " + line)
            } else {
                add(line)
            }
        }
        flush()
    }

    private mutating func add(_ line: Substring) {
        let indentation = line.prefix { $0 == " " }.count
        let text = line.dropFirst(indentation)
        let marker = Self.marker(of: text)
        if text.hasPrefix("|") {
            if rows.isEmpty { flush() }
            addRow(text)
        } else if text.isEmpty || text.hasPrefix("#") || (indentation >= 4 && words.isEmpty) {
            // Drawings are indented, and are no continuation of a paragraph.
            flush()
            lines.append(String(line))
        } else if marker > 0 {
            flush()
            first = String(repeating: " ", count: indentation) + text.prefix(marker)
            words = String(text.dropFirst(marker))
        } else {
            if words.isEmpty { flush() }
            words += (words.isEmpty ? "" : " ") + text
        }
    }

    /// Ends the paragraph or table.
    private mutating func flush() {
        if !words.isEmpty { lines += Terminal.wrapped(words, after: first) }
        lines += Self.table(rows)
        (words, first, rows) = ("", "", [])
    }

    /// How many characters of a line say that it is an item: `- `, or `1. `.
    private static func marker(of text: Substring) -> Int {
        if text.hasPrefix("- ") || text.hasPrefix("* ") { return 2 }
        let digits = text.prefix { $0.isNumber }.count
        return digits > 0 && text.dropFirst(digits).hasPrefix(". ") ? digits + 2 : 0
    }

    private mutating func addRow(_ text: Substring) {
        var cells = text.split(separator: "|", omittingEmptySubsequences: false).map { cell in
            cell.split(separator: " ").joined(separator: " ")
        }
        cells.removeFirst()
        if cells.last == "" { cells.removeLast() }
        let isRule = cells.allSatisfy { cell in cell.allSatisfy { "-:".contains($0) } }
        if !isRule { rows.append(cells) }
    }

    /// Columns as wide as they must be; the last one takes what is left, in as many lines as it needs.
    private static func table(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        guard count > 0 else { return [] }
        let widths = (0..<count - 1).map { column in
            (rows.compactMap { $0.indices.contains(column) ? $0[column].count : nil }.max() ?? 0) + 2
        }
        let left = 2 + widths.reduce(0, +)
        guard left + 20 <= Terminal.width else {
            return rows.flatMap { Terminal.wrapped($0.joined(separator: "; "), after: "- ") }
        }
        return rows.flatMap { row in
            let head = "  " + zip(row, widths).map { Terminal.column($0, $1) }.joined()
            let last = row.count == count ? row[count - 1] : ""
            return last.isEmpty ? [head] : Terminal.wrapped(last, after: head)
        }
    }
}
