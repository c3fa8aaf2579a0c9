extension TopologyDrawing {
    /// Lines of text: a box for each node, a vertical line for each segment, `o` where an interface is plugged in.
    ///
    /// A wire that passes a segment's line without an `o` is not plugged in there. Some ten segments fit into 80
    /// columns beside IPv4 addresses; longer names and addresses make it wider. No line ends with spaces.
    public var ascii: String {
        let layout = ASCIILayout(nodes, segments.map(\.title))
        return (layout.headings + layout.body).map { "\($0)\n" }.joined()
    }
}

/// Where everything stands in the text.
private struct ASCIILayout {
    private let nodes: [DrawnNode]
    private let titles: [String]
    /// Of the text inside of a box.
    private let boxWidth: Int
    private let textWidth: Int
    private let pitch: Int
    /// The last line of the body in which a segment's line is still needed.
    private let ends: [Int]

    init(_ nodes: [DrawnNode], _ titles: [String]) {
        self.nodes = nodes
        self.titles = titles
        let titleWidth = nodes.map(\.boxTitle.columns).max() ?? 0
        let rows = nodes.flatMap(\.rows)
        boxWidth = max(titleWidth, 2 + (rows.map(\.interface.columns).max() ?? 0))
        textWidth = rows.map(\.text.columns).max() ?? 0
        let room = 80 - (boxWidth + textWidth + 12) - (titles.last?.columns ?? 0)
        pitch = titles.count < 2 || 4 * (titles.count - 1) <= room ? 4 : 2
        var ends = titles.map { _ in -1 }
        var line = 0
        for node in nodes {
            for (number, row) in node.rows.enumerated() {
                if let segment = row.segment { ends[segment] = line + 2 + number }
            }
            line += node.rows.count + 4
        }
        self.ends = ends
    }

    /// The first column of the lines of segments: behind a box, its wire and the longest text.
    private var busColumn: Int { boxWidth + textWidth + 12 - (textWidth == 0 ? 1 : 0) }

    /// Each name stands at the top of its line, one below the other.
    var headings: [String] {
        titles.enumerated().map { index, title in
            let bars = String(repeating: "|".filled(to: pitch), count: index)
            return "".filled(to: busColumn) + bars + title
        }
    }

    var body: [String] {
        var lines: [String] = []
        for node in nodes {
            let edge = "+" + String(repeating: "-", count: boxWidth + 2) + "+"
            append(edge, to: &lines)
            append("| " + node.boxTitle.filled(to: boxWidth) + " |", to: &lines)
            for row in node.rows { append(row, to: &lines) }
            append(edge, to: &lines)
            append("", to: &lines)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private func append(_ row: DrawnNode.Row, to lines: inout [String]) {
        let name = "".filled(to: boxWidth - row.interface.columns) + row.interface
        let box = "| \(name) |"
        guard row.segment != nil else {
            return append(box + (row.text.isEmpty ? "" : "    " + row.text), to: &lines)
        }
        append(box + "--" + (row.text.isEmpty ? "" : "- " + row.text + " "), wiredTo: row.segment, to: &lines)
    }

    /// Adds the lines of the segments behind a text, and the wire that leads to one of them.
    private func append(_ text: String, wiredTo segment: Int? = nil, to lines: inout [String]) {
        var line = text.filled(to: busColumn, with: segment == nil ? " " : "-")
        for index in titles.indices {
            let isWire = segment.map { index < $0 } ?? false
            let isNeeded = lines.count <= ends[index]
            let mark = segment == index ? "o" : isNeeded ? "|" : isWire ? "-" : " "
            line += mark.filled(to: pitch, with: isWire ? "-" : " ")
        }
        while line.last == " " { line.removeLast() }
        lines.append(line)
    }
}

extension DrawnNode {
    fileprivate var boxTitle: String { isRouter ? title + " (router)" : title }
}
