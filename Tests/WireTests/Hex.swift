extension [UInt8] {
    /// Reads pairs of hexadecimal digits; spaces and line breaks group them for the eye.
    init(hex: String) {
        let digits = hex.filter { !$0.isWhitespace }.map { $0.hexDigitValue }
        precondition(digits.count.isMultiple(of: 2) && !digits.contains(nil), "not hexadecimal: \(hex)")
        let values = digits.compactMap { $0 }
        self = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
