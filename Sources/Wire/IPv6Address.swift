/// Sixteen octets that name an IPv6 host or group, ordered as numbers.
public struct IPv6Address: Hashable, Sendable {
    /// The first and the last eight octets, each first octet highest.
    public let high: UInt64
    /// The last eight octets, which mostly name the interface.
    public let low: UInt64

    /// `::`, no address, or every one.
    public static let any = IPv6Address(high: 0, low: 0)
    /// ff02::1, every node on the link.
    public static let allNodes = IPv6Address(high: 0xff02 << 48, low: 1)
    /// Where VRRP advertisements go (RFC 9568 §5.1.2.2).
    public static let vrrpGroup = IPv6Address(high: 0xff02 << 48, low: 0x12)

    /// Takes the two halves, each first octet highest.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes exactly sixteen octets, in the order they travel.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 16 else { return nil }
        self.init(
            high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Sixteen octets, in the order they travel.
    public var octets: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
    }

    /// fe80::/10, valid on one link only.
    public var isLinkLocal: Bool { high >> 54 == 0x3fa }

    /// Whether it names a group: ff00::/8.
    public var isMulticast: Bool { high >> 56 == 0xff }

    private var groups: [UInt16] {
        [high, low].flatMap { half in (0..<4).map { UInt16(truncatingIfNeeded: half >> (48 - 16 * $0)) } }
    }
}

extension IPv6Address: Comparable {
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension IPv6Address: LosslessStringConvertible, Codable {
    /// Reads any form of RFC 4291 §2.2: full, with `::`, or with a dotted IPv4 tail; no zone.
    public init?(_ text: String) {
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = Self.groups(text[...]), groups.count == 8 else { return nil }
            self.init(groups: groups)
            return
        }
        let (front, back) = (text[..<gap.lowerBound], text[gap.upperBound...])
        guard let head = front.isEmpty ? [] : Self.groups(front), !front.contains("."),
            let tail = back.isEmpty ? [] : Self.groups(back), head.count + tail.count < 8
        else { return nil }
        self.init(groups: head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    /// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`.
    public var description: String {
        let groups = self.groups
        var (bestStart, bestLength, start) = (0, 0, 0)
        while start < 8 {
            let length = groups[start...].prefix { $0 == 0 }.count
            if length > bestLength { (bestStart, bestLength) = (start, length) }
            start += max(length, 1)
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard bestLength > 1 else { return text(groups[...]) }
        return text(groups[..<bestStart]) + "::" + text(groups[(bestStart + bestLength)...])
    }

    public init(from decoder: any Decoder) throws {
        self = try .init(losslessIn: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try encodeDescription(to: encoder)
    }

    private init(groups: [UInt16]) {
        let number = { (part: ArraySlice<UInt16>) in part.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        self.init(high: number(groups[..<4]), low: number(groups[4...]))
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1, let tail = IPv4Address(String(part)) {
                groups += [UInt16(tail.rawValue >> 16), UInt16(truncatingIfNeeded: tail.rawValue)]
            } else if (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                let group = UInt16(part, radix: 16)
            {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }
}
