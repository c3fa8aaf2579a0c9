import LabCourse

/// How several measured times stand to what the protocol says of them.
public struct Deviation: Hashable, Sendable {
    /// How late times may be on the average before somebody is told, in seconds: a stall of the host that is longer
    /// spoils a single time, too.
    public static let allowance = 0.020

    /// The mean of what was measured less what theory has for it, in seconds: positive is late.
    public let lateness: Double
    /// How far the mean may be off: the allowance, and for times that chance spreads three standard errors.
    public let tolerance: Double
    /// Why the theory is what it is.
    public let reason: String

    /// - Returns: nil when theory says nothing of one of the times.
    public init?(_ series: MeasurementSeries) {
        let pairs = series.checks.compactMap { check in check.theory.map { (check.measured ?? 0, $0) } }
        guard let reason = pairs.first?.1.reason, pairs.count == series.checks.count else { return nil }
        let count = Double(pairs.count)
        lateness = pairs.map { $0 - $1.mean }.reduce(0, +) / count
        let variance = pairs.map(\.1.variance).reduce(0, +) / count
        tolerance = Self.allowance + 3 * (variance / count).squareRoot()
        self.reason = reason
    }

    public var isTooLarge: Bool { abs(lateness) > tolerance }
}

extension MeasurementSeries {
    /// What theory says, such as `3.609, T, from the last advertisement`; nil when it says nothing more than the bound.
    public var theory: String? {
        let theories = checks.compactMap(\.theory)
        guard let first = theories.first else { return nil }
        let (low, high) = (theories.map(\.from).min() ?? first.from, theories.map(\.to).max() ?? first.to)
        if low == high { return "\(low.inDecimals) s: \(first.reason)" }
        let kind = first.isExact ? "a value for each run" : "every value as likely"
        return "\(low.inDecimals)..\(high.inDecimals) s, \(kind): \(first.reason)"
    }

    /// What is not as it should be, a sentence each.
    public var complaints: [String] {
        var complaints: [String] = []
        let outside = checks.filter { check in
            guard let value = check.measured, let bound = check.bound, bound.count == 2 else { return false }
            return value < bound[0] || value > bound[1]
        }
        if let worst = outside.max(by: { $0.excess < $1.excess }), let value = worst.measured {
            let count = outside.count == 1 ? "1 time is" : "\(outside.count) times are"
            complaints.append(
                "\(count) outside the bound; the worst, \(value.inDecimals) s, by \(worst.excess.inDecimals) s")
        }
        if let deviation = Deviation(self), deviation.isTooLarge {
            let side = deviation.lateness > 0 ? "late" : "early"
            complaints.append(
                "the mean is \(abs(deviation.lateness).inDecimals) s \(side); "
                    + "\(deviation.tolerance.inDecimals) s would do")
        }
        return complaints
    }
}

extension CheckRecord {
    /// By how much the measured time is outside its bound, in seconds; 0 inside.
    fileprivate var excess: Double {
        guard let measured, let bound, bound.count == 2 else { return 0 }
        return max(bound[0] - measured, measured - bound[1], 0)
    }
}
