import LabCourse

extension PlotView {
    private static let (left, right, width) = (150.0, 690.0, 720.0)
    private static let (top, rowHeight) = (22.0, 38.0)
    private static let mostPlots = 4

    /// A plot for each check of a time that more than one run measured.
    static func plots(of runs: [ScenarioDocument]) -> [PlotView] {
        let titles = runs.flatMap(\.checks).filter { $0.measured != nil && $0.bound?.count == 2 }.map(\.title)
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return titles.lazy.compactMap { PlotView($0, runs) }.prefix(mostPlots).map(\.self)
    }

    /// About what it takes in a page.
    var size: Int { rows.reduce(1500) { $0 + 500 + $1.inside.utf8.count + $1.outside.utf8.count } }

    private init?(_ title: String, _ runs: [ScenarioDocument]) {
        let points = runs.flatMap { run in
            run.checks.filter { $0.title == title }.compactMap { check in Point(check, run.record.daemon) }
        }
        guard points.count > 1, let low = points.map(\.low).min(), let high = points.map(\.high).max() else {
            return nil
        }
        let values = points.map(\.value)
        let (least, most) = (min(low, values.min() ?? low), max(high, values.max() ?? high))
        let margin = max((most - least) * 0.06, 1e-6)
        let scale = Scale(low: least - margin, high: most + margin, left: Self.left, right: Self.right)
        let pairs = points.map(\.pair).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let theories = Set(points.map(\.theory))
        let theory = theories.count == 1 ? theories.first ?? nil : nil
        let areAlike = Set(points.map { [$0.low, $0.high] }).count == 1
        self.title = title
        caption =
            "bound \(Figures.bound([low, high]))" + (areAlike ? "" : " over all runs: each has its own")
            + (theory.map { ", theory \(Figures.theory($0))" } ?? "")
        rows = pairs.enumerated().map { index, pair in
            Row(pair, points.filter { $0.pair == pair }, Self.top + Self.rowHeight * (Double(index) + 0.5), scale)
        }
        let bottom = Self.top + Self.rowHeight * Double(pairs.count)
        axis = Figures.number(bottom, digits: 1)
        (width, height) = (Figures.number(Self.width, digits: 0), Figures.number(bottom + 22, digits: 0))
        band = Band(
            x: scale.text(low), width: Figures.number(max(scale.x(high) - scale.x(low), 1), digits: 1),
            height: Figures.number(bottom - 14, digits: 1), text: "bound \(Figures.bound([low, high]))")
        // A range in which every value is as likely has no place of its own.
        self.theory = theory.flatMap { theory in
            theory.isExact ? Theory(x: scale.text(theory.from), text: "theory \(Figures.theory(theory))") : nil
        }
        marks = scale.marks
    }

    fileprivate struct Point {
        var value: Double
        var low: Double
        var high: Double
        var theory: LabCourse.Theory?
        var pair: String

        init?(_ check: CheckRecord, _ pair: String) {
            guard let value = check.measured, let bound = check.bound, bound.count == 2,
                (bound + [value]).allSatisfy(\.isFinite)
            else { return nil }
            (self.value, low, high, theory, self.pair) = (value, bound[0], bound[1], check.theory, pair)
        }

        var isOutside: Bool { value < low || value > high }
    }

    fileprivate struct Scale {
        var low: Double
        var high: Double
        var left: Double
        var right: Double

        func x(_ value: Double) -> Double { left + (right - left) * (value - low) / (high - low) }
        func text(_ value: Double) -> String { Figures.number(x(value), digits: 1) }

        /// Round values, at most seven.
        var marks: [Mark] {
            var (step, factor) = (1e-6, 0)
            while (high - low) / step > 6, factor < 60 {
                step *= [2, 2.5, 2][factor % 3]
                factor += 1
            }
            let first = (low / step).rounded(.up)
            let digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : step >= 0.001 ? 3 : 4
            return (0...7).map { (first + Double($0)) * step }.filter { $0 <= high }.map {
                Mark(x: text($0), text: Figures.number($0, digits: digits))
            }
        }
    }
}

extension PlotView.Row {
    /// A dot for each run, side by side in height so that equal ones do not hide one another.
    fileprivate init(_ pair: String, _ points: [PlotView.Point], _ y: Double, _ scale: PlotView.Scale) {
        let heights = points.indices.map { y + Double($0 * 3 % 7 - 3) * 3 }
        let dots = { (isOutside: Bool, shape: String) in
            zip(points, heights).filter { $0.0.isOutside == isOutside }
                .map { "M\(scale.text($0.0.value)) \(Figures.number($0.1, digits: 1))\(shape)" }.joined()
        }
        let values = points.map(\.value)
        let median = Figures.median(values)
        self.init(
            label: pair.count > 20 ? pair.prefix(19) + "…" : pair, y: Figures.number(y + 4, digits: 1),
            line: Figures.number(y, digits: 1), inside: dots(false, "h0"), outside: dots(true, "m-4-4l8 8m0-8l-8 8"),
            median: median.map(scale.text), medianTop: Figures.number(y - 14, digits: 1),
            medianBottom: Figures.number(y + 14, digits: 1),
            text: "\(pair): \(Figures.count(values.count, "run")), median \(Figures.seconds(median ?? 0)), "
                + "\(Figures.number(values.min() ?? 0))..\(Figures.seconds(values.max() ?? 0)), "
                + "\(points.count(where: \.isOutside)) outside the bound")
    }
}
