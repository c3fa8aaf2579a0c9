import ArgumentParser

/// A length of time as people type it: `90s`, `10m`, `1h`, `500ms`.
enum TimeSpan {
    /// Reads one of more than nothing.
    static func parse(_ text: String, for option: String) throws -> Duration {
        let units: [(String, Duration)] = [
            ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
        ]
        let unit = units.first { text.hasSuffix($0.0) && text.dropLast($0.0.count).last?.isNumber == true }
        guard let unit, let count = Int(text.dropLast(unit.0.count)), (1...1_000_000).contains(count) else {
            throw ValidationError("\(option) \(text): write a time such as 90s, 10m or 1h")
        }
        return unit.1 * count
    }
}
