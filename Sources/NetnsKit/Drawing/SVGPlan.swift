/// Where everything stands in the picture of a topology, in pixels from the top left corner.
struct SVGPlan {
    private struct Card {
        var node: DrawnNode
        var isLeft: Bool
        /// Of the upper edge.
        var y: Int
        var height: Int { SVGPlan.headHeight + SVGPlan.rowHeight * node.rows.count + SVGPlan.footHeight }
    }

    private struct Bus {
        var title: String
        var isCable: Bool
        var isSoft: Bool
        var color: Int
        var x: Int
    }

    private static let margin = 20
    // What is between the rows of one card and those of the next is a whole number of rows.
    private static let headHeight = 30
    private static let rowHeight = 18
    private static let footHeight = 6
    private static let cardGap = 18
    /// A character of 12 pixels is at most this wide in the fonts that are asked for, in eighths of a pixel.
    private static let eighths = 58
    private static let top = 64

    private let cards: [Card]
    private let segments: [Bus]
    /// Of the text of interface names, and of a whole card.
    private let nameWidth: Int
    private let cardWidth: Int
    private let right: Int

    init(_ nodes: [DrawnNode], _ segments: [SegmentDescription]) {
        nameWidth = Self.width(of: nodes.flatMap(\.rows).map(\.interface.columns).max() ?? 0)
        let textWidth = Self.width(of: nodes.flatMap(\.rows).map(\.text.columns).max() ?? 0)
        // Titles are larger by a sixth, and bold.
        let titleWidth = nodes.map { Self.width(of: $0.title.columns) * 5 / 4 + ($0.isRouter ? 70 : 0) }.max() ?? 0
        let cardWidth = 24 + max(titleWidth, nameWidth + (textWidth == 0 ? 0 : 12 + textWidth))
        self.cardWidth = cardWidth
        var x = Self.margin + cardWidth
        var previous = 0
        self.segments = segments.enumerated().map { index, segment in
            let half = (Self.width(of: segment.title.columns) + 20) / 2
            x += max(index == 0 ? 48 : 36, previous + half + 14)
            previous = half
            return Bus(
                title: segment.title, isCable: segment.kind == .pointToPoint, isSoft: segment.fabric == .userSpace,
                color: index % TopologyDrawing.colorCount, x: x)
        }
        right = x + max(48, previous + 14)
        // Wires of several segments must not meet head on: those from the right run between those from the left.
        cards = Self.stacked(nodes, rightOffset: segments.count > 1 ? Self.rowHeight / 2 : 0)
    }

    private static func width(of columns: Int) -> Int { (columns * eighths + 7) / 8 }

    /// Each node goes to the side that is shorter so far, the left one first.
    private static func stacked(_ nodes: [DrawnNode], rightOffset: Int) -> [Card] {
        var (left, right) = (top, top + rightOffset)
        return nodes.map { node in
            let card = Card(node: node, isLeft: left <= right, y: min(left, right))
            if card.isLeft { left += card.height + cardGap } else { right += card.height + cardGap }
            return card
        }
    }

    var width: Int { (cards.contains { !$0.isLeft } ? right + cardWidth : right) + Self.margin }

    var height: Int { (cards.map { $0.y + $0.height }.max() ?? Self.top) + Self.margin }

    /// Every interface that is plugged in: its segment, its side and its height.
    private var plugs: [(bus: Bus, isLeft: Bool, y: Int)] {
        cards.flatMap { card in
            card.node.rows.enumerated().compactMap { number, row in
                row.segment.map { (segments[$0], card.isLeft, Self.rowY(card, number)) }
            }
        }
    }

    /// The middle of a row.
    private static func rowY(_ card: Card, _ number: Int) -> Int {
        card.y + headHeight + rowHeight * number + rowHeight / 2
    }

    // MARK: Parts, from the back to the front

    var wires: [String] {
        plugs.map { bus, isLeft, y in
            let x = isLeft ? Self.margin + cardWidth : right
            return #"<path class="wire s\#(bus.color)" d="M\#(x) \#(y)H\#(bus.x)"/>"#
        }
    }

    var buses: [String] {
        segments.flatMap { bus in
            let end = plugs.filter { $0.bus.x == bus.x }.map(\.y).max() ?? Self.top
            let width = Self.width(of: bus.title.columns) + 20
            let kind = "\(bus.isCable ? "cable" : "bus")\(bus.isSoft ? " soft" : "")"
            return [
                #"<path class="halo" d="M\#(bus.x) \#(Self.top - 20)V\#(end)"/>"#,
                #"<path class="\#(kind) s\#(bus.color)" d="M\#(bus.x) \#(Self.top - 20)V\#(end)"/>"#,
                #"<rect class="f\#(bus.color)" x="\#(bus.x - width / 2)" y="20" width="\#(width)" height="24""#
                    + #" rx="12"/>"#,
                #"<text class="on" x="\#(bus.x)" y="36" text-anchor="middle">\#(bus.title.xmlText)</text>"#,
            ]
        }
    }

    var dots: [String] {
        plugs.map { bus, _, y in #"<circle class="f\#(bus.color)" cx="\#(bus.x)" cy="\#(y)" r="4"/>"# }
    }

    var boxes: [String] {
        cards.flatMap { card in
            let x = card.isLeft ? Self.margin : right
            let tag =
                #"<text class="faint" x="\#(x + cardWidth - 12)" y="\#(card.y + 20)" text-anchor="end">router</text>"#
            let head = [
                #"<rect class="card" x="\#(x)" y="\#(card.y)" width="\#(cardWidth)" height="\#(card.height)" rx="6"/>"#,
                #"<text class="title" x="\#(x + 12)" y="\#(card.y + 21)">\#(card.node.title.xmlText)</text>"#,
            ]
            let rows = card.node.rows.enumerated().flatMap { text(of: $1, at: x + 12, Self.rowY(card, $0) + 4) }
            return head + (card.node.isRouter ? [tag] : []) + rows
        }
    }

    private func text(of row: DrawnNode.Row, at x: Int, _ y: Int) -> [String] {
        let name = row.segment.map { "f\(segments[$0].color)" } ?? "faint"
        let parts = [(x, name, row.interface), (x + nameWidth + 12, "faint", row.text)]
        return parts.filter { !$0.2.isEmpty }.map { x, style, text in
            #"<text class="\#(style)" x="\#(x)" y="\#(y)">\#(text.xmlText)</text>"#
        }
    }
}
