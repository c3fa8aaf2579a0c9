import Histogram

/// How measured times are distributed; a histogram of microseconds answers for its percentiles.
public struct Distribution: Hashable, Sendable {
    /// In seconds; the longest time that is looked at.
    public static let longest = 3600.0
    /// In seconds; what comes before the moment that it is counted from is negative.
    public static let earliest = -60.0

    /// How many times there are.
    public let count: Int
    /// In seconds, as the rest.
    public let minimum: Double
    public let maximum: Double
    public let mean: Double
    /// Half of the times are no longer.
    public let p50: Double
    /// Nine of ten are no longer.
    public let p90: Double

    /// Looks at times, in seconds; a histogram's own error is one in ten thousand.
    ///
    /// - Throws: when there is none, or one that is no time of a lab: not finite, longer than an hour, or more than a
    ///   minute before what it is counted from.
    public init(_ seconds: [Double]) throws(DistributionError) {
        guard let minimum = seconds.min(), let maximum = seconds.max() else { throw .empty }
        if let odd = seconds.first(where: { !($0 >= Self.earliest && $0 <= Self.longest) }) { throw .outOfRange(odd) }
        // A histogram has no place for what is negative.
        let origin = min(minimum, 0)
        var histogram = Histogram<UInt32>(
            highestTrackableValue: UInt64((Self.longest - Self.earliest) * 1_000_000),
            numberOfSignificantValueDigits: .four)
        for value in seconds where !histogram.record(UInt64(((value - origin) * 1_000_000).rounded())) {
            throw .outOfRange(value)
        }
        count = seconds.count
        self.minimum = minimum
        self.maximum = maximum
        mean = seconds.reduce(0, +) / Double(seconds.count)
        // What shares a bucket with the largest value may be said to be a little larger.
        let percentile = { (share: Double) in
            min(max(Double(histogram.valueAtPercentile(share)) / 1_000_000 + origin, minimum), maximum)
        }
        p50 = percentile(50)
        p90 = percentile(90)
    }
}

/// Why times have no distribution.
public enum DistributionError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// In seconds.
    case outOfRange(Double)

    public var description: String {
        switch self {
        case .empty: "nothing was measured"
        case .outOfRange(let value):
            "\(value) s is no time of a lab: more than an hour, or long before what it is counted from"
        }
    }
}
