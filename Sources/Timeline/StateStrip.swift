import Wire

/// A timeline in a few lines of ASCII: for each router a row of letters that say what it was, and for each address one
/// that says who had it, with time to the right.
/// ```
///          0.0               3.5   4.5               8.1  8.2 s
///   node1  bbbbbbbbbbbbbbbbbbMMMMMMxxxxxxxxxxxxxxxxxxxxxxx
///   node2  ..................bbbbbbbbbbbbbbbbbbbbbbbbMMMMM
///   VIP    ------------------111111111111111111111111*****
///                                  ^FAULT
///   M master  b backup  x ended  . not started;  VIP: 1 node1, 2 node2, * both
/// ```
public struct StateStrip: Hashable, Sendable {
    /// What is drawn, line by line, without line ends; none when no router said or did anything.
    public let lines: [String]

    /// Draws a timeline.
    ///
    /// - Parameters:
    ///   - timeline: what happened; its end is the strip's.
    ///   - nodes: the routers, from top to bottom.
    ///   - origin: the instant that is shown as zero, where the strip begins.
    ///   - width: the columns that no line exceeds, at least 40.
    ///   - reading: what an event says of a router; nil for nothing.
    public init(
        _ timeline: Timeline, nodes: [String], origin: Instant, width: Int = 80,
        reading: @escaping @Sendable (TimelineEvent) -> Swimlanes.Sign?
    ) {
        let options = Swimlanes.Options(nodes: nodes, maximumNodes: nodes.count, origin: origin, reading: reading)
        let story = SwimlaneStory(timeline, options)
        guard !story.states.isEmpty, story.end > origin else {
            lines = []
            return
        }
        let label = nodes.map(\.count).reduce(4, max) + 4
        let scale = Scale(origin: origin, end: story.end, columns: max(width, 40) - label - 1)
        let shown = nodes.filter { node in story.states.contains { $0.node == node } }
        let draw = StripRows(story: story, scale: scale, nodes: shown)
        let margin = String(repeating: " ", count: label)
        let head = { (text: String) in "  " + text + String(repeating: " ", count: label - text.count - 2) }
        var drawn = [margin + draw.axis]
        drawn += shown.map { head($0) + draw.states(of: $0) }
        drawn += story.addresses.map { head(draw.name(of: $0)) + draw.owners(of: $0) }
        if let marks = draw.marks { drawn.append(margin + marks) }
        let (letters, owners) = draw.legend
        let legend = "  \(letters);  \(owners)"
        drawn += legend.count <= width ? [legend] : ["  " + letters, "  " + owners]
        lines = drawn.map { String($0.prefix(max(width, 40))) }
    }

    /// Which column an instant is in.
    struct Scale: Hashable {
        var origin: Instant
        var end: Instant
        var columns: Int

        func column(of time: Instant) -> Int {
            let part = (time - origin).inSeconds / max((end - origin).inSeconds, 0.001)
            return min(max(Int(part * Double(columns)), 0), columns - 1)
        }

        /// The end of a column's time.
        func end(of column: Int) -> Instant {
            origin + (end - origin) * (column + 1) / columns
        }
    }
}

/// The rows of a strip.
private struct StripRows {
    var story: SwimlaneStory
    var scale: StateStrip.Scale
    var nodes: [String]

    /// What each column shows is what was at its end.
    private func cells(_ letter: (Instant) -> Character) -> [Character] {
        (0..<scale.columns).map { letter(scale.end(of: $0)) }
    }

    func states(of node: String) -> String {
        let all = story.states.filter { $0.node == node }
        // Of several routers the first is shown.
        let own = all.filter { $0.router == all.map(\.router).min() }
        var cells = cells { time in
            if let state = own.last(where: { $0.from <= time && $0.until.map { $0 > time } ?? true }) {
                return Self.letter(state.word)
            }
            return own.contains { $0.from <= time } ? "x" : "."
        }
        // What was over within a column is seen all the same.
        for state in own {
            guard let until = state.until, scale.column(of: state.from) == scale.column(of: until) else { continue }
            cells[scale.column(of: until)] = Self.letter(state.word)
        }
        return String(cells)
    }

    private static func letter(_ word: String) -> Character {
        switch word {
        case "MASTER": "M"
        case "BACKUP": "b"
        case "FAULT": "F"
        default: "?"
        }
    }

    func name(of address: IPAddress) -> String {
        guard story.addresses.count > 1 else { return "VIP" }
        return "." + ("\(address)".split(whereSeparator: { $0 == "." || $0 == ":" }).last ?? "")
    }

    /// The number of the owner among the nodes that are shown.
    func owners(of address: IPAddress) -> String {
        let spans = story.ownership[address] ?? []
        return String(
            cells { time in
                let owners = spans.filter { $0.from <= time && $0.until.map { $0 > time } ?? true }.map(\.node)
                guard let owner = owners.first else { return "-" }
                guard owners.count == 1 else { return "*" }
                return nodes.firstIndex(of: owner).flatMap { "\($0 + 1)".first } ?? "+"
            })
    }

    /// The times at which something changed, as far as there is room; the beginning and the end in any case.
    var axis: String {
        let end = (scale.end - scale.origin).decimalSeconds(digits: 1) + " s"
        let masters = story.states.filter { $0.word == "MASTER" }.map(\.from)
        let faults = story.faults.flatMap { [$0.from, $0.until].compactMap(\.self) }
        var line = Placement(columns: scale.columns)
        line.put("0.0", at: 0)
        line.put(end, at: scale.columns - end.count)
        for time in faults + masters {
            line.put((time - scale.origin).decimalSeconds(digits: 1), at: scale.column(of: time))
        }
        return line.text
    }

    /// Where faults began and ended; nil when there were none.
    var marks: String? {
        guard !story.faults.isEmpty else { return nil }
        var line = Placement(columns: scale.columns)
        for fault in story.faults { line.put("^FAULT", at: scale.column(of: fault.from)) }
        for healed in story.faults.compactMap(\.until) { line.put("^HEAL", at: scale.column(of: healed)) }
        return line.text
    }

    /// What letters and numbers mean.
    var legend: (letters: String, owners: String) {
        let all: [String] = nodes.map(states) + story.addresses.map(owners)
        let shown = Set(all.joined())
        let words: [(Character, String)] = [
            ("M", "master"), ("b", "backup"), ("F", "fault"), ("x", "ended"), (".", "not started"),
        ]
        let letters = words.filter { shown.contains($0.0) }.map { "\($0.0) \($0.1)" }.joined(separator: "  ")
        let owners = nodes.enumerated().map { "\($0.offset + 1) \($0.element)" }
        return (letters, "VIP: " + (owners + (shown.contains("*") ? ["* both"] : [])).joined(separator: ", "))
    }
}

/// A line in which words have places, and none touches another.
private struct Placement {
    private var cells: [Character]

    init(columns: Int) {
        cells = Array(repeating: " ", count: columns)
    }

    mutating func put(_ word: String, at column: Int) {
        let range = column..<column + word.count
        guard range.lowerBound >= 0, range.upperBound <= cells.count,
            cells[max(range.lowerBound - 1, 0)..<min(range.upperBound + 1, cells.count)].allSatisfy({ $0 == " " })
        else { return }
        cells.replaceSubrange(range, with: word)
    }

    var text: String {
        var text = String(cells)
        while text.last == " " { text.removeLast() }
        return text
    }
}
