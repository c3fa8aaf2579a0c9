import Wire

/// What the protocol says of a time beyond its bound: a value, or a range in which every value is as likely.
public struct Theory: Codable, Hashable, Sendable {
    /// In seconds.
    public var from: Double
    /// In seconds; the same as `from` when the protocol gives one value.
    public var to: Double
    /// Why, such as "T from the last advertisement".
    public var reason: String

    /// A value.
    public init(exactly time: Duration, _ reason: String) {
        from = time.inSeconds
        to = from
        self.reason = reason
    }

    /// A range in which every value is as likely as any other.
    public init(uniform range: ClosedRange<Duration>, _ reason: String) {
        from = range.lowerBound.inSeconds
        to = range.upperBound.inSeconds
        self.reason = reason
    }

    public var mean: Double { (from + to) / 2 }
    public var isExact: Bool { from == to }
    /// Of a uniform distribution: its width squared, by twelve.
    public var variance: Double { (to - from) * (to - from) / 12 }
}
