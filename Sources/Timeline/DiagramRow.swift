import Wire

/// One row of a diagram before it is laid out.
struct DiagramRow: Hashable {
    struct Cell: Hashable {
        var node: String
        var text: String
    }

    enum Content: Hashable {
        /// Something that happened at a node.
        case cell(Cell)
        /// Frames of one class that a bad cable of a node lost.
        case losses(Cell, count: Int)
        /// Addresses that a node's kernel gained or lost together.
        case addresses(node: String, added: Bool, [IPAddress])
        /// Advertisements that are alike and reached the same nodes.
        case advertisements(DiagramRun, count: Int, last: Instant)
        /// Gratuitous ARP or unsolicited neighbor advertisements in one burst.
        case announcements(node: String, [IPAddress], count: Int, last: Instant, isHeard: Bool)
        /// What concerns the whole lab: a line of its own, ruled to the end when it cuts the story in two.
        case line(String, isRuled: Bool)
    }

    var time: Instant
    var content: Content
    /// An explanation under the row.
    var note: String?
}

/// What advertisements must have in common to share a row.
struct DiagramRun: Hashable {
    var node: String
    var virtualRouterID: UInt8
    var priority: UInt8
    /// The nodes that received them.
    var heardBy: Set<String>
    /// Whether anybody was there who might have received them.
    var hasAudience: Bool
    /// Whether the number of the virtual router has to be told.
    var showsID: Bool
}

extension DiagramRow {
    /// What stands in the nodes' columns; a line across has none.
    var cells: [Cell] {
        switch content {
        case .cell(let cell):
            [cell]
        case .losses(let cell, let count):
            [Cell(node: cell.node, text: cell.text + (count > 1 ? " (x\(count))" : ""))]
        case .addresses(let node, let added, let addresses):
            [Cell(node: node, text: Self.listed(addresses.map { (added ? "+" : "-") + $0.description }))]
        case .advertisements(let run, let count, _):
            [Cell(node: run.node, text: run.text + (count > 1 ? " (x\(count))" : ""))]
        case .announcements(let node, let addresses, let count, _, _):
            [Cell(node: node, text: "announce \(Self.listed(addresses.map(\.description))) x\(count)")]
        case .line:
            []
        }
    }

    /// The nodes that received what the row shows; nil when nothing was sent, or nobody could be asked.
    var heardBy: Set<String>? {
        guard case .advertisements(let run, _, _) = content, run.hasAudience else { return nil }
        return run.heardBy
    }

    /// Whether something was sent and reached nobody.
    var isUnheard: Bool {
        switch content {
        case .advertisements(let run, _, _): run.hasAudience && run.heardBy.isEmpty
        case .announcements(_, _, _, _, let isHeard): !isHeard
        case .cell, .losses, .addresses, .line: false
        }
    }

    /// Two by name, more by number.
    private static func listed(_ names: [String]) -> String {
        names.count <= 2 ? names.joined(separator: ", ") : "\(names[0]) and \(names.count - 1) more"
    }
}

extension DiagramRun {
    fileprivate var text: String {
        (showsID ? "#\(virtualRouterID) " : "") + "advert \(priority)" + (priority == 0 ? " (resigns)" : "")
    }
}
