/// Splits a command into arguments: blanks separate, `"` and `'` join, a backslash escapes except between `'`.
struct ArgumentSplitter {
    private let octets: [UInt8]
    private var offset = 0
    private var arguments: [String] = []
    private var current: [UInt8]?

    /// nil when a quote is not closed.
    static func split(_ octets: [UInt8]) -> [String]? {
        var splitter = ArgumentSplitter(octets: octets)
        return splitter.run()
    }

    private init(octets: [UInt8]) {
        self.octets = octets
    }

    private mutating func run() -> [String]? {
        while let octet = take() {
            switch octet {
            case .quote, .apostrophe:
                guard takeQuotation(closedBy: octet) else { return nil }
            case .backslash:
                current = (current ?? []) + escaped()
            case _ where octet.isBlank:
                finishArgument()
            default:
                current = (current ?? []) + [octet]
            }
        }
        finishArgument()
        return arguments
    }

    private mutating func take() -> UInt8? {
        guard offset < octets.count else { return nil }
        offset += 1
        return octets[offset - 1]
    }

    private mutating func finishArgument() {
        if let current { arguments.append(String(decoding: current, as: UTF8.self)) }
        current = nil
    }

    private mutating func takeQuotation(closedBy quote: UInt8) -> Bool {
        var content = current ?? []
        while let octet = take() {
            if octet == quote {
                current = content
                return true
            }
            content += octet == .backslash && quote == .quote ? escaped() : [octet]
        }
        return false
    }

    /// What a backslash and the characters after it stand for.
    private mutating func escaped() -> [UInt8] {
        guard let octet = take() else { return [.backslash] }
        switch octet {
        case UInt8(ascii: "a"): return [7]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "E"): return [27]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "v"): return [11]
        case UInt8(ascii: "c"): return take().map { [$0 & 0x1f] } ?? []
        case UInt8(ascii: "x"): return number(radix: 16, maximumDigits: 2) ?? [octet]
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            offset -= 1
            return number(radix: 8, maximumDigits: 3) ?? [octet]
        default: return [octet]
        }
    }

    private mutating func number(radix: Int, maximumDigits: Int) -> [UInt8]? {
        let digits = octets[offset...].prefix(maximumDigits).prefix { octet in
            Character(UnicodeScalar(octet)).hexDigitValue.map { $0 < radix } ?? false
        }
        guard let value = Int(String(decoding: digits, as: UTF8.self), radix: radix) else { return nil }
        offset += digits.count
        // A NUL would end the argument.
        return value == 0 ? [] : [UInt8(truncatingIfNeeded: value)]
    }
}
