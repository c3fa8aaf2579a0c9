/// Columns of text, as wide as what stands in them.
struct Table {
    var head: [String]
    var rows: [[String]] = []

    /// The first column stands to the left, the others to the right.
    var text: String {
        let widths = head.indices.map { column in
            ([head] + rows).map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return ([head] + rows).map { row in
            row.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + gap : gap + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension Table {
    /// One row for each figure.
    init(_ figures: [Figure]) {
        self.init(head: ["", "of", "", "", "unit", "99 of 100 below", "runs"])
        rows = figures.map { figure in
            [
                figure.circumstances, figure.contestant, figure.name, figure.sample.text, figure.unit,
                Sample.short(figure.sample.quantile(0.99)), "\(figure.sample.values.count)",
            ]
        }
    }
}
