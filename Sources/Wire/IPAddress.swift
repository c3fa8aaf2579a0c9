/// The two kinds of Internet address.
public enum AddressFamily: String, Hashable, Sendable, Codable, CaseIterable {
    /// Addresses of 32 bits.
    case ipv4 = "IPv4"
    /// Addresses of 128 bits.
    case ipv6 = "IPv6"

    /// 32 or 128: the longest prefix.
    public var bits: Int { self == .ipv4 ? 32 : 128 }

    /// Where VRRP advertisements of this family go.
    public var vrrpGroup: IPAddress { self == .ipv4 ? .v4(.vrrpGroup) : .v6(.vrrpGroup) }
}

/// An address of either family; IPv4 sorts before IPv6.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address.
    case v4(IPv4Address)
    /// An IPv6 address, without a zone.
    case v6(IPv6Address)

    /// Takes four or sixteen octets, in the order they travel.
    public init?(octets: some Collection<UInt8>) {
        if let address = IPv4Address(octets: octets) {
            self = .v4(address)
        } else if let address = IPv6Address(octets: octets) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Which of the two kinds it is.
    public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// Four or sixteen octets, in the order they travel.
    public var octets: [UInt8] {
        switch self {
        case .v4(let address): address.octets
        case .v6(let address): address.octets
        }
    }

    /// Whether it names a group: 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool {
        switch self {
        case .v4(let address): address.isMulticast
        case .v6(let address): address.isMulticast
        }
    }
}

extension IPAddress: Comparable {
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let left), .v4(let right)): left < right
        case (.v6(let left), .v6(let right)): left < right
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}

extension IPAddress: LosslessStringConvertible, Codable {
    /// Reads an address as people write it, such as `10.0.0.1` or `fe80::1`; no length, no zone, no name.
    public init?(_ text: String) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }

    public init(from decoder: any Decoder) throws {
        self = try .init(losslessIn: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try encodeDescription(to: encoder)
    }
}

/// An address and how many of its leading bits name the network.
public struct IPPrefix: Hashable, Sendable {
    /// The address with all its bits, those of the host included.
    public let address: IPAddress
    /// 0...32 or 0...128.
    public let length: Int

    /// Refuses a length that the family cannot have.
    public init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.bits).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// A single host: /32 or /128.
    public init(host address: IPAddress) {
        self.address = address
        length = address.family.bits
    }

    /// Whether an address lies in the same network.
    public func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family else { return false }
        let (whole, rest) = (length / 8, length % 8)
        let (mine, theirs) = (address.octets, other.octets)
        guard mine.prefix(whole) == theirs.prefix(whole) else { return false }
        return rest == 0 || (mine[whole] ^ theirs[whole]) >> (8 - rest) == 0
    }
}

extension IPPrefix: LosslessStringConvertible, Codable {
    /// Reads `address/length`; without a length the prefix is a single host.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        guard parts.count == 2 else {
            self.init(host: address)
            return
        }
        guard parts[1].allSatisfy(\.isWholeNumber), let length = Int(parts[1]) else { return nil }
        self.init(address, length: length)
    }

    public var description: String { "\(address)/\(length)" }

    public init(from decoder: any Decoder) throws {
        self = try .init(losslessIn: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try encodeDescription(to: encoder)
    }
}
