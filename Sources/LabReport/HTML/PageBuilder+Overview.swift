import LabCourse

extension PageBuilder {
    var overview: OverviewView {
        let rows = groups.map { group in
            OverviewView.Row(
                id: group.id, anchor: PageLink.anchor(group.id), title: group.title,
                cells: pairs.map { pair in
                    cell(group.runs.map { document.scenarios[$0] }.filter { $0.record.daemon == pair })
                })
        }
        return OverviewView(pairs: pairs, rows: rows)
    }

    private func cell(_ runs: [ScenarioDocument]) -> OverviewView.Cell {
        guard let verdict = runs.map(\.record.verdict).max() else {
            return OverviewView.Cell(hint: "not run with this pair")
        }
        let passed = runs.count { $0.record.verdict == .pass }
        let figure = Self.keyFigure(runs)
        let measured = figure.map { "\($0.title): \(Figures.bound($0.bound)), " } ?? ""
        return OverviewView.Cell(
            verdict: VerdictView(verdict), figure: figure.map { Figures.seconds($0.median) },
            count: runs.count > 1 ? "\(passed)/\(runs.count)" : nil,
            hint: "\(measured)\(passed) of \(Figures.count(runs.count, "run")) passed")
    }

    /// What stands for a scenario: the check that it is about, and the middle of what was measured.
    static func keyFigure(_ runs: [ScenarioDocument]) -> (title: String, bound: [Double], median: Double)? {
        guard let record = runs.first?.record,
            let key = ScenarioSeries(id: record.id, daemon: record.daemon, runs: runs).leading, let bound = key.bound
        else { return nil }
        return Figures.median(key.values).map { (key.title, [bound.lowerBound, bound.upperBound], $0) }
    }
}
