import LabCourse

/// How each pair of daemons did in each scenario, as text of 80 columns; what does not fit stands below.
public struct MatrixTable: Sendable {
    private static let titleWidth = 36
    private static let cellWidth = 11
    private static let columnsInRow = 4

    private let series: [ScenarioSeries]
    /// As `--daemon` takes them, in the order in which they appear.
    private let pairs: [String]
    private let scenarios: [String]

    public init(_ document: RunDocument) {
        series = document.series
        pairs = series.map(\.daemon).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        scenarios = series.map(\.id).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    public var lines: [String] {
        stride(from: 0, to: pairs.count, by: Self.columnsInRow).flatMap { start -> [String] in
            let columns = Array(pairs[start..<min(start + Self.columnsInRow, pairs.count)])
            let heading =
                String(repeating: " ", count: Self.titleWidth - 11) + "node1:node2"
                + columns.map { Self.cell(Self.short($0)) }.joined()
            return (start == 0 ? [] : [""]) + [heading] + scenarios.flatMap { rows($0, columns) }
        }
    }

    private func rows(_ id: String, _ columns: [String]) -> [String] {
        let cells = columns.map { pair in series.first { $0.id == id && $0.daemon == pair } }
        let counts = cells.map { cell in
            Self.cell(cell.map { "\($0.verdict.shortMark) \($0.passed)/\($0.runs.count)" } ?? "-")
        }.joined()
        // Daemons may differ in what there is to measure.
        guard let title = cells.compactMap({ $0?.leading?.title }).first else {
            let words = cells.compactMap { $0?.runs.first?.record.title }.first ?? ""
            return [Self.row(id, words) + counts]
        }
        let measured = cells.map { cell in cell?.measurements.first { $0.title == title } }
        let medians = measured.map { series in
            Self.cell((try? series.map { try Distribution($0.values) })?.p50.inDecimals ?? "-")
        }.joined()
        let bounds = measured.compactMap { $0?.bound }
        let low = bounds.map(\.lowerBound).min()?.inDecimals
        let high = bounds.map(\.upperBound).max()?.inDecimals
        let bound = low.flatMap { low in high.map { "bound \(low)-\($0)" } } ?? ""
        return [Self.row(id, title) + medians, Self.row("", bound) + counts]
    }

    private static func row(_ id: String, _ words: String) -> String {
        let head = padded(id, 16)
        let room = titleWidth - head.count - 1
        let text = words.count <= room ? words : String(words.prefix(max(room - 2, 0))) + ".."
        return padded(head + text, titleWidth).prefix(titleWidth).description
    }

    /// A cell stands at the right of its column.
    private static func cell(_ text: String) -> String {
        String(repeating: " ", count: max(cellWidth - text.count, 1)) + text.prefix(cellWidth - 1)
    }

    /// What a column is called: the last part of a path, `ka` for keepalived.
    static func short(_ pair: String) -> String {
        let words = pair.split(separator: ":").map { word -> String in
            let name = word.split(separator: "/").last.map(String.init) ?? String(word)
            return name == "keepalived" ? "ka" : name
        }
        guard let first = words.first, let last = words.last else { return pair }
        return "\(first):\(last)"
    }
}
