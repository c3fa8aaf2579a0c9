/// Four octets that name an IPv4 host or group, ordered as numbers.
public struct IPv4Address: Hashable, Sendable {
    /// The address as a number, first octet highest.
    public let rawValue: UInt32

    /// 0.0.0.0: no address, or every one.
    public static let any = IPv4Address(rawValue: 0)
    /// Where VRRP advertisements go (RFC 9568 §5.1.1.2).
    public static let vrrpGroup = IPv4Address(224, 0, 0, 18)

    /// Takes the address as a number, first octet highest.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Takes the four numbers as they are written: `IPv4Address(192, 168, 1, 100)`.
    public init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        rawValue = UInt32(first) << 24 | UInt32(second) << 16 | UInt32(third) << 8 | UInt32(fourth)
    }

    /// Takes exactly four octets, in the order they travel.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 4 else { return nil }
        rawValue = octets.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Four octets, in the order they travel.
    public var octets: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * $0)) }
    }

    /// Whether it names a group: 224.0.0.0/4.
    public var isMulticast: Bool { rawValue >> 28 == 0xe }
}

extension IPv4Address: Comparable {
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension IPv4Address: LosslessStringConvertible, Codable {
    /// Reads dotted decimal with exactly four parts of 0 to 255; a leading zero, which some take for octal, is refused.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy(isDecimal) else { return nil }
        self.init(octets: parts.compactMap { UInt8($0) })
    }

    public var description: String {
        octets.map { String($0) }.joined(separator: ".")
    }

    public init(from decoder: any Decoder) throws {
        self = try .init(losslessIn: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try encodeDescription(to: encoder)
    }
}

private func isDecimal(_ part: Substring) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return part.utf8.allSatisfy(digits.contains) && (part.count == 1 || part.first != "0")
}
