/// The same figure, measured several times.
struct Sample: Hashable, Sendable {
    /// In ascending order.
    let values: [Double]

    init(_ values: some Sequence<Double>) {
        self.values = values.sorted()
    }

    /// Durations, in a unit such as a millisecond.
    init(_ values: some Sequence<Duration>, in unit: Duration) {
        self.init(values.map { $0 / unit })
    }

    var minimum: Double { values.first ?? .nan }
    var maximum: Double { values.last ?? .nan }
    /// Of an even number of values the mean of the two in the middle.
    var median: Double {
        guard !values.isEmpty else { return .nan }
        return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }

    /// The smallest value that is not exceeded by this part of all, 0...1.
    func quantile(_ part: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let rank = Int((part * Double(values.count)).rounded(.up))
        return values[min(max(rank, 1), values.count) - 1]
    }

    /// `12.3 (11.9...14.0)`: the median, and between what the values lie.
    var text: String { "\(Self.short(median)) (\(Self.short(minimum))...\(Self.short(maximum)))" }

    /// A number with three digits that count.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let decimals = value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 2
        let unit = [1, 10, 100][decimals]
        let scaled = Int((value.magnitude * Double(unit)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % unit)
        return "\(sign)\(scaled / unit).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
    }
}
