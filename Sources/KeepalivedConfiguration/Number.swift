/// Why a text is not the number that was wanted, in keepalived's words.
struct NumberRefusal: Error, Hashable, Sendable {
    let reason: String
}

/// Reads the two kinds of number that keepalived has: integers and decimal seconds. Neither takes trailing junk.
enum Number {
    static func integer(_ text: String, in range: ClosedRange<Int>) throws(NumberRefusal) -> Int {
        let digits = unsigned(text)
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else {
            throw NumberRefusal(reason: "invalid number '\(text)'")
        }
        try refuseNegative(text, unlessBelowZero: range.lowerBound < 0)
        // Too many digits for an Int are out of any range.
        guard let value = Int(text), range.contains(value) else {
            throw outside(text, "[\(range.lowerBound), \(range.upperBound)]")
        }
        return value
    }

    /// Seconds with a fraction, rounded to whole microseconds.
    static func seconds(_ text: String, in range: ClosedRange<Duration>) throws(NumberRefusal) -> Duration {
        let parts = unsigned(text).split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = parts.count <= 2 && parts.allSatisfy { $0.utf8.allSatisfy(\.isDigit) }
        guard isNumber, parts.contains(where: { !$0.isEmpty }) else {
            throw NumberRefusal(reason: "invalid number '\(text)'")
        }
        try refuseNegative(text, unlessBelowZero: false)
        let bounds = "[\(decimal(range.lowerBound)), \(decimal(range.upperBound))]"
        let whole = parts[0].isEmpty ? 0 : Int(parts[0])
        guard let whole, whole < 1_000_000_000 else { throw outside(text, bounds) }
        // Seven digits of the fraction: microseconds, and one more to round by.
        let fraction = parts.count == 2 ? Array(parts[1].utf8.prefix(7)) : []
        let tenths = (0..<7).reduce(0) { $0 * 10 + ($1 < fraction.count ? Int(fraction[$1] & 0xf) : 0) }
        let value: Duration = .seconds(whole) + .microseconds((tenths + 5) / 10)
        guard range.contains(value) else { throw outside(text, bounds) }
        return value
    }

    /// Seconds with six decimals, as C's `%f` prints them.
    static func decimal(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = String(attoseconds / 1_000_000_000_000)
        return "\(seconds)." + String(repeating: "0", count: 6 - microseconds.count) + microseconds
    }

    private static func unsigned(_ text: String) -> Substring {
        text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    }

    private static func refuseNegative(_ text: String, unlessBelowZero isAllowed: Bool) throws(NumberRefusal) {
        if text.hasPrefix("-"), !isAllowed { throw NumberRefusal(reason: "negative number '\(text)'") }
    }

    private static func outside(_ text: String, _ bounds: String) -> NumberRefusal {
        NumberRefusal(reason: "number '\(text)' outside range \(bounds)")
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
