import Wire

/// Puts rows on lines: a grid while the columns are wide enough, else a list with the nodes' names in it.
struct DiagramLayout {
    var nodes: [String]
    var origin: Instant
    var width: Int
    var characters: Diagram.Characters

    /// Where the first column begins: behind the time.
    private let margin = 11
    /// What an advertisement and the start of its arrow need.
    private let narrowestColumn = 16

    private var column: Int { (width - margin) / max(nodes.count, 1) }
    private var isGrid: Bool { !nodes.isEmpty && column >= narrowestColumn }

    var header: [String] {
        var line = DiagramLine(width: width)
        line.put("time", at: margin - 6)
        if isGrid {
            for (index, node) in nodes.enumerated() { line.put(clip(node, to: column - 1), at: start(of: index)) }
        }
        return [line.text]
    }

    func lines(of rows: [DiagramRow]) -> [String] {
        guard isGrid else { return rows.flatMap(list) }
        var lines: [String] = []
        var rest = rows[...]
        while let row = rest.popFirst() {
            var cells = row.cells
            while let next = rest.first, let cell = companion(next, of: row, besides: cells) {
                cells.append(cell)
                rest.removeFirst()
            }
            lines += grid(row, cells)
        }
        return lines
    }

    /// The cell of a row that fits beside another one: at the same printed time, in a column that is still free.
    private func companion(
        _ next: DiagramRow, of row: DiagramRow, besides cells: [DiagramRow.Cell]
    ) -> DiagramRow.Cell? {
        guard isPlain(row), isPlain(next), time(row.time) == time(next.time), let cell = next.cells.first
        else { return nil }
        return cells.contains { $0.node == cell.node } ? nil : cell
    }

    private func isPlain(_ row: DiagramRow) -> Bool {
        switch row.content {
        case .cell, .addresses: row.cells.allSatisfy { $0.text.count < column }
        case .advertisements, .announcements, .losses, .line: false
        }
    }
}

// MARK: - One row

extension DiagramLayout {
    private func grid(_ row: DiagramRow, _ cells: [DiagramRow.Cell]) -> [String] {
        if case .line(let text, let isRuled) = row.content { return across(text, at: row.time, isRuled: isRuled) }
        var line = DiagramLine(width: width)
        line.put(time(row.time), at: 0)
        var noteStart = margin
        for cell in cells {
            guard let index = nodes.firstIndex(of: cell.node) else { continue }
            let text = clip(cell.text + (row.isUnheard ? lost : ""), to: width - start(of: index))
            line.put(text, at: start(of: index))
            noteStart = start(of: index)
            if let heardBy = row.heardBy { drawArrows(to: heardBy, from: index, text: text, in: &line) }
        }
        for index in nodes.indices where line.isBlank(from: start(of: index) - 1, count: 2) {
            line.put(characters == .ascii ? "." : "·", at: start(of: index))
        }
        guard let note = row.note else { return [line.text] }
        var below = DiagramLine(width: width)
        let text = clip(note, to: width - margin)
        below.put(text, at: min(noteStart, width - text.count))
        return [line.text, below.text]
    }

    /// Draws from the sender to each node that heard it, over the heads of those who did not.
    private func drawArrows(to heardBy: Set<String>, from sender: Int, text: String, in line: inout DiagramLine) {
        let (dash, right, left): (Character, Character, Character) =
            characters == .ascii ? ("-", ">", "<") : ("─", "→", "←")
        let hearers = nodes.indices.filter { heardBy.contains(nodes[$0]) }
        var end = start(of: sender) + text.count + 1
        for hearer in hearers where hearer > sender && start(of: hearer) >= end {
            line.fill(dash, from: end, to: start(of: hearer) - 2)
            if start(of: hearer) - end >= 2 { line.put(String(right), at: start(of: hearer) - 2) }
            line.put("heard", at: start(of: hearer))
            end = start(of: hearer) + 6
        }
        end = start(of: sender)
        for hearer in hearers.reversed() where hearer < sender {
            let tail = start(of: hearer) + 6
            line.put("heard", at: start(of: hearer))
            line.put(String(left), at: tail)
            line.fill(dash, from: tail + 1, to: end - 1)
            end = start(of: hearer)
        }
    }

    private func list(_ row: DiagramRow) -> [String] {
        if case .line(let text, let isRuled) = row.content { return across(text, at: row.time, isRuled: isRuled) }
        var text = row.cells.map { "\($0.node)  \($0.text)" }.joined()
        if row.isUnheard { text += lost }
        if let heardBy = row.heardBy, !heardBy.isEmpty {
            text += (characters == .ascii ? " -> " : " → ") + nodes.filter(heardBy.contains).joined(separator: ", ")
        }
        if let note = row.note { text += "; \(note)" }
        return across(text, at: row.time, isRuled: false)
    }

    /// A text of its own lines, broken between words.
    private func across(_ text: String, at instant: Instant, isRuled: Bool) -> [String] {
        let rule: Character = characters == .ascii ? "=" : "═"
        let indent = isRuled ? "\(rule)\(rule) " : ""
        let room = width - margin - indent.count
        return wrapped(printable(text), to: room).enumerated().map { number, part in
            var line = DiagramLine(width: width)
            if number == 0 { line.put(time(instant), at: 0) }
            line.put(indent + part, at: margin)
            if isRuled { line.fill(rule, from: margin + indent.count + part.count + 1, to: width) }
            return line.text
        }
    }
}

// MARK: - Texts

extension DiagramLayout {
    private var lost: String { characters == .ascii ? " --x" : " ──×" }

    private func start(of node: Int) -> Int { margin + node * column }

    private func time(_ instant: Instant) -> String {
        let text = (instant - origin).decimalSeconds()
        return String(repeating: " ", count: max(0, margin - 2 - text.count)) + text
    }

    /// What a terminal can show: no control characters, and nothing foreign where only ASCII is wanted.
    private func printable(_ text: String) -> String {
        String(
            text.map { character in
                let isControl = character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                if character == "\t" { return " " }
                return isControl || characters == .ascii && !character.isASCII ? "?" : character
            })
    }

    private func clip(_ text: String, to room: Int) -> String {
        let text = printable(text)
        guard text.count > room else { return text }
        return room < 3 ? String(text.prefix(room)) : text.prefix(room - 2) + ".."
    }

    /// Breaks between words where there is room for that, and inside a word where there is none.
    private func wrapped(_ text: String, to room: Int) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while rest.count > room {
            let head = rest.prefix(room + 1)
            let cut = head.lastIndex(of: " ").flatMap { $0 > head.startIndex ? $0 : nil }
            lines.append(String(rest[..<(cut ?? rest.index(rest.startIndex, offsetBy: room))]))
            rest = cut.map { rest[rest.index(after: $0)...] } ?? rest.dropFirst(room)
        }
        return lines + [String(rest)]
    }
}

/// A line of characters that takes text at any place and nothing beyond its end.
private struct DiagramLine {
    private var characters: [Character]

    init(width: Int) {
        characters = Array(repeating: " ", count: width)
    }

    mutating func put(_ text: String, at place: Int) {
        for (index, character) in zip(place..., text) where characters.indices.contains(index) {
            characters[index] = character
        }
    }

    mutating func fill(_ character: Character, from start: Int, to end: Int) {
        for index in characters.indices where index >= start && index < end { characters[index] = character }
    }

    func isBlank(from start: Int, count: Int) -> Bool {
        characters[start..<start + count].allSatisfy { $0 == " " }
    }

    /// Without blanks at the end.
    var text: String {
        var kept = characters[...]
        while kept.last == " " { kept.removeLast() }
        return String(kept)
    }
}
