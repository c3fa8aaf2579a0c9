import LabCourse

/// Scenarios that ran several times, as text of 80 columns.
public struct RepetitionTable: Sendable {
    private let series: [ScenarioSeries]
    private let hasSeveralPairs: Bool

    public init(_ document: RunDocument) {
        series = document.series
        hasSeveralPairs = Set(series.map(\.daemon)).count > 1
    }

    /// A heading, and a line for each scenario: how many runs passed, and the times that it is about.
    public var lines: [String] {
        guard !series.isEmpty else { return [] }
        let heading =
            "        " + padded("SCENARIO", 23) + padded("PASSED", 9) + padded("MIN", 7) + padded("P50", 7)
            + padded("P90", 7) + padded("MAX", 7) + "BOUND"
        return [heading] + series.flatMap { line(for: $0) }
    }

    private func line(for series: ScenarioSeries) -> [String] {
        let head =
            "  " + padded(series.verdict.shortMark, 6) + padded(series.id, 23)
            + padded("\(series.passed)/\(series.runs.count)", 9)
        let pair = hasSeveralPairs ? ["          with \(series.daemon)"] : []
        guard let first = series.leading else { return [head + "nothing is measured"] + pair }
        let complaints = series.measurements.flatMap { measurement in
            measurement.complaints.flatMap { wrapped("\(measurement.title): \($0)", indent: 10) }
        }
        return [head + figures(first)] + pair + complaints
    }

    private func figures(_ series: MeasurementSeries) -> String {
        do throws(DistributionError) {
            let seen = try Distribution(series.values)
            let numbers = [seen.minimum, seen.p50, seen.p90, seen.maximum].map { padded($0.inDecimals, 7) }.joined()
            let bound = series.bound.map { "\($0.lowerBound.inDecimals)..\($0.upperBound.inDecimals)" }
            return numbers + (bound ?? "")
        } catch {
            return "\(error)"
        }
    }

    /// For each scenario every measured check: theory, figures, a drawing, and what is not as it should be.
    public var details: [String] {
        series.flatMap { series in
            let pair = hasSeveralPairs ? " [\(series.daemon)]" : ""
            return ["\(series.id)\(pair)  \(series.passed) of \(series.runs.count) passed"]
                + series.measurements.flatMap { details(of: $0) } + [""]
        }
    }

    private func details(of series: MeasurementSeries) -> [String] {
        let title = wrapped(series.title, indent: 2)
        do throws(DistributionError) {
            let seen = try Distribution(series.values)
            var lines = title
            if let theory = series.theory { lines += wrapped("theory \(theory)", indent: 4) }
            lines += wrapped(
                "\(seen.count) times: min \(seen.minimum.inDecimals), p50 \(seen.p50.inDecimals), "
                    + "p90 \(seen.p90.inDecimals), max \(seen.maximum.inDecimals), mean \(seen.mean.inDecimals)"
                    + (Deviation(series).map { ", \($0.sentence)" } ?? "")
                    + "; \(series.passed) of \(seen.count) passed",
                indent: 4)
            if let bound = series.bound {
                let theories = series.checks.compactMap(\.theory)
                let mark =
                    theories.allSatisfy(\.isExact) && Set(theories.map(\.mean)).count == 1 ? theories.first?.mean : nil
                lines += ValuePlot(series.values, in: bound, mark: mark).lines.map { "    \($0)" }
            }
            return lines + series.complaints.flatMap { wrapped("but \($0)", indent: 4) }
        } catch {
            return title + ["    \(error)"]
        }
    }
}

extension Deviation {
    /// How far the mean is off, such as `0.002 s late`.
    var sentence: String {
        "\(abs(lateness).inDecimals) s \(lateness < 0 ? "early" : "late")"
    }
}

extension Verdict {
    /// How a line about a scenario begins.
    var shortMark: String {
        switch self {
        case .skip: "skip"
        case .pass: "ok"
        case .inconclusive: "??"
        case .fail: "FAIL"
        }
    }
}

/// A word in a column of its own.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
}

/// Words in lines of at most 80 columns, each with a margin.
func wrapped(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let last = lines.last, last.count + word.count < 80 {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(String(repeating: " ", count: lines.isEmpty ? indent : indent + 2) + word)
        }
    }
    return lines
}
