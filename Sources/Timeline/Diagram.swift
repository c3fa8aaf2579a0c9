import Wire

/// A timeline as people read it: one column per node, one row per event, time downwards.
///
/// It shows what explains a failover and folds what repeats: who advertised and who heard it, which kernel took or lost
/// an address, announcements, starts and exits, faults, verdicts. A new sender's row says how long it had heard
/// nothing.
/// ```
///      time  node1                  node2
///     0.414  advert 150 (x6) -----> heard
///     6.414  advert 150 ----------> heard
///     7.000  == fault: node1 crashes ======================
///    10.024  heard <--------------- advert 100
///                                   3.610 s after it last heard node1
///    10.024  .                      +192.168.1.100
///    10.025  .                      announce 192.168.1.100 x5
/// ```
public struct Diagram: Hashable, Sendable {
    /// What is drawn, line by line, without line ends.
    public let lines: [String]

    /// Draws a timeline.
    public init(_ timeline: Timeline, _ options: Options = Options()) {
        let nodes = options.nodes ?? timeline.nodes
        var rows = DiagramRows(timeline, showsOutput: options.showsOutput, abridge: options.abridge).rows
        rows.removeAll { row in row.cells.contains { !nodes.contains($0.node) } }
        let layout = DiagramLayout(
            nodes: nodes, origin: options.origin ?? timeline.first?.time ?? .zero, width: max(options.width, 40),
            characters: options.characters)
        let drawn = layout.lines(of: rows)
        let room = max(options.maximumRows, 3) - layout.header.count
        lines = layout.header + Self.elided(drawn, to: room)
    }

    /// Leaves out the middle of what is too long, and says how much is missing.
    private static func elided(_ lines: [String], to room: Int) -> [String] {
        guard lines.count > room else { return lines }
        let (head, tail) = (room / 2, (room - 1) / 2)
        let missing = lines.count - head - tail
        return lines.prefix(head) + ["      ...  \(missing) rows left out"] + lines.suffix(tail)
    }
}

extension Diagram: CustomStringConvertible {
    /// All lines, each with its line end.
    public var description: String {
        lines.map { $0 + "\n" }.joined()
    }
}

extension Diagram {
    /// How a diagram is drawn.
    public struct Options: Sendable {
        /// The width in columns that no line exceeds; at least 40.
        public var width: Int
        /// The number of lines that is not exceeded, the header included; at least 3.
        public var maximumRows: Int
        /// The columns from left to right; nil for every node, in the order in which they first appear.
        public var nodes: [String]?
        /// The instant that is drawn as 0.000; nil for the first event.
        public var origin: Instant?
        /// What lines and arrows are made of.
        public var characters: Characters
        /// Which lines of output are worth a row.
        public var showsOutput: @Sendable (TimelineEvent) -> Bool
        /// What stands in the row of such a line: its gist, because columns are narrow; the whole line at first.
        public var abridge: @Sendable (String) -> String = { $0 }

        /// By default 80 columns and 60 rows of ASCII, every node, and no lines of output.
        public init(
            width: Int = 80, maximumRows: Int = 60, nodes: [String]? = nil, origin: Instant? = nil,
            characters: Characters = .ascii, showsOutput: @escaping @Sendable (TimelineEvent) -> Bool = { _ in false }
        ) {
            self.width = width
            self.maximumRows = maximumRows
            self.nodes = nodes
            self.origin = origin
            self.characters = characters
            self.showsOutput = showsOutput
        }
    }

    /// What arrows and rules are made of.
    public enum Characters: Hashable, Sendable {
        /// Nothing but ASCII, foreign text included: for consoles and logs that know no other.
        case ascii
        /// Box drawing and arrows.
        case unicode
    }
}

extension Timeline {
    /// Every node, in the order in which they first appear.
    var nodes: [String] {
        var seen: Set<String> = []
        return events.compactMap(\.node).filter { seen.insert($0).inserted }
    }
}
