import LabCourse

/// One scenario with one pair of daemons, as often as it ran.
public struct ScenarioSeries: Hashable, Sendable {
    /// Such as `step2/crash`.
    public var id: String
    /// The pair as `--daemon` takes it.
    public var daemon: String
    /// In the order of their repetitions.
    public var runs: [ScenarioDocument]

    public var passed: Int { runs.count { $0.record.verdict == .pass } }
    /// The worst of its runs.
    public var verdict: Verdict { runs.map(\.record.verdict).max() ?? .skip }

    /// What the scenario is about: the first of which theory has more than a bound, else the first.
    public var leading: MeasurementSeries? {
        let all = measurements
        return all.first { $0.checks.contains { $0.theory != nil } } ?? all.first
    }

    /// What was measured, in the order in which the scenario asks.
    public var measurements: [MeasurementSeries] {
        var found: [MeasurementSeries] = []
        var places: [String: Int] = [:]
        for run in runs {
            var seen: [String: Int] = [:]
            for check in run.checks where check.measured != nil {
                // A scenario may ask the same twice.
                let number = seen[check.title, default: 0]
                seen[check.title] = number + 1
                let key = "\(number) \(check.title)"
                if let place = places[key] {
                    found[place].checks.append(check)
                } else {
                    places[key] = found.count
                    found.append(MeasurementSeries(title: check.title, checks: [check]))
                }
            }
        }
        return found
    }
}

/// One measured check of a scenario, as often as it was answered.
public struct MeasurementSeries: Hashable, Sendable {
    public var title: String
    /// Each has a measured time.
    public var checks: [CheckRecord]

    public init(title: String, checks: [CheckRecord]) {
        self.title = title
        self.checks = checks
    }

    public var values: [Double] { checks.compactMap(\.measured) }
    public var passed: Int { checks.count { $0.verdict == .pass } }

    /// From the lowest to the highest bound that any run had, in seconds; nil when none had one.
    public var bound: ClosedRange<Double>? {
        let bounds = checks.compactMap { check in check.bound.flatMap { $0.count == 2 ? $0 : nil } }
        guard let low = bounds.map({ $0[0] }).min(), let high = bounds.map({ $0[1] }).max(), low <= high else {
            return nil
        }
        return low...high
    }
}

extension RunDocument {
    /// The scenarios of the run, each with its repetitions; in the order in which they appear.
    public var series: [ScenarioSeries] {
        var found: [ScenarioSeries] = []
        var places: [String: Int] = [:]
        for scenario in scenarios {
            let key = "\(scenario.record.id) \(scenario.record.daemon)"
            if let place = places[key] {
                found[place].runs.append(scenario)
            } else {
                places[key] = found.count
                found.append(
                    ScenarioSeries(id: scenario.record.id, daemon: scenario.record.daemon, runs: [scenario]))
            }
        }
        for index in found.indices {
            found[index].runs.sort { ($0.record.repetition ?? 0) < ($1.record.repetition ?? 0) }
        }
        return found
    }
}
