/// Measured times within their bound, drawn in ASCII: a column for each part of the bound, higher where there are more.
public struct ValuePlot: Hashable, Sendable {
    /// In columns, at most.
    public static let width = 60
    /// In rows, at most.
    public static let height = 5

    /// The rows from the top, an axis with the ends of the bound at the bottom.
    public let lines: [String]

    /// - Parameters:
    ///   - values: in seconds; those outside the bound stand as `<` and `>` beside the axis.
    ///   - mark: what theory has, drawn as `^` below the axis.
    public init(_ values: [Double], in bound: ClosedRange<Double>, mark: Double? = nil) {
        let span = max(bound.upperBound - bound.lowerBound, 0.000_001)
        let column = { (value: Double) in
            min(max(Int((value - bound.lowerBound) / span * Double(Self.width)), 0), Self.width - 1)
        }
        var counts = [Int](repeating: 0, count: Self.width)
        for value in values where bound.contains(value) { counts[column(value)] += 1 }
        let highest = max(counts.max() ?? 0, 1)
        // One star is one run, or more where there is no room.
        let perStar = (highest + Self.height - 1) / Self.height
        let heights = counts.map { ($0 + perStar - 1) / perStar }
        let rows = stride(from: max(heights.max() ?? 0, 1), through: 1, by: -1).map { level in
            String(heights.map { $0 >= level ? "*" : " " })
        }
        let (low, high) = (bound.lowerBound.inDecimals, bound.upperBound.inDecimals)
        let margin = String(repeating: " ", count: low.count + 1)
        let below = values.contains { $0 < bound.lowerBound } ? "<" : "|"
        let above = values.contains { $0 > bound.upperBound } ? ">" : "|"
        let axis = mark.filter(bound.contains).map { mark in
            let place = column(mark)
            return String((0..<Self.width).map { $0 == place ? "^" : "-" })
        }
        let note = perStar > 1 ? "  * is up to \(perStar) runs" : ""
        lines =
            rows.map { Self.trimmed(margin + " " + $0) }
            + ["\(low) \(below)\(axis ?? String(repeating: "-", count: Self.width))\(above) \(high)"]
            + (note.isEmpty ? [] : [margin + note])
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}

extension Optional {
    fileprivate func filter(_ isWanted: (Wrapped) -> Bool) -> Wrapped? {
        flatMap { isWanted($0) ? $0 : nil }
    }
}
