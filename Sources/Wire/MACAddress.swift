/// Six octets that name an Ethernet station.
public struct MACAddress: Hashable, Sendable {
    /// The 48 bits in the low end, first octet highest.
    public let rawValue: UInt64

    /// ff:ff:ff:ff:ff:ff, every station on the segment.
    public static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)
    /// 00:00:00:00:00:00, no station: what ARP puts where an address is not known.
    public static let zero = MACAddress(rawValue: 0)

    /// Keeps the low 48 bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue & 0xffff_ffff_ffff
    }

    /// Takes exactly six octets, in the order they travel.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 6 else { return nil }
        self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The address that the active router of a virtual router answers with (RFC 9568 §7.3).
    public static func virtualRouter(_ virtualRouterID: UInt8, _ family: AddressFamily) -> MACAddress {
        let prefix: UInt64 = family == .ipv4 ? 0x0000_5e00_0100 : 0x0000_5e00_0200
        return MACAddress(rawValue: prefix | UInt64(virtualRouterID))
    }

    /// The Ethernet address that a multicast group maps to (RFC 1112 §6.4, RFC 2464 §7).
    public static func multicast(_ group: IPAddress) -> MACAddress {
        switch group {
        case .v4(let address): MACAddress(rawValue: 0x0100_5e00_0000 | UInt64(address.rawValue & 0x7f_ffff))
        case .v6(let address): MACAddress(rawValue: 0x3333_0000_0000 | address.low & 0xffff_ffff)
        }
    }

    /// Six octets, in the order they travel.
    public var octets: [UInt8] {
        (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * $0)) }
    }

    /// The group bit: broadcast and multicast destinations carry it.
    public var isMulticast: Bool { rawValue >> 40 & 1 == 1 }
}

extension MACAddress: LosslessStringConvertible, Codable {
    /// Reads six hexadecimal octets joined by colons, such as `02:00:5e:10:00:01`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isHexDigit) })
        else { return nil }
        let octets = parts.compactMap { UInt8($0, radix: 16) }
        self.init(octets: octets)
    }

    public var description: String {
        octets.map { hexadecimal($0) }.joined(separator: ":")
    }

    public init(from decoder: any Decoder) throws {
        self = try .init(losslessIn: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try encodeDescription(to: encoder)
    }
}

/// Two lower-case hexadecimal digits.
func hexadecimal(_ octet: UInt8) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16)
}
