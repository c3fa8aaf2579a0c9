import Wire

extension Duration {
    /// Seconds with a fixed number of decimals, rounded to the nearest, such as `3.610`.
    public func decimalSeconds(digits: Int = 3) -> String {
        let unit = (digits..<9).reduce(Int64(1)) { product, _ in product * 10 }
        let second = 1_000_000_000 / unit
        let magnitude = Int64((nanoseconds.magnitude + UInt64(unit / 2)) / UInt64(unit))
        let fraction = String(magnitude % second)
        let padding = String(repeating: "0", count: digits - (digits == 0 ? 0 : fraction.count))
        let sign = nanoseconds < 0 && magnitude > 0 ? "-" : ""
        return sign + String(magnitude / second) + (digits == 0 ? "" : "." + padding + fraction)
    }

    /// The length as people read it: `3.610 s`.
    public var text: String { decimalSeconds() + " s" }
}
