/// A cursor over octets in network order that refuses to pass their end.
///
/// A read that throws consumes nothing.
public struct ByteReader: Sendable {
    private let source: [UInt8]
    /// How many octets have been read.
    public private(set) var offset = 0

    /// Starts before the first octet; offsets in errors count from there.
    public init(_ octets: [UInt8]) {
        source = octets
    }

    /// How many octets are left to read.
    public var remaining: Int { source.count - offset }

    /// The next octet.
    public mutating func uint8() throws(WireError) -> UInt8 {
        UInt8(truncatingIfNeeded: try number(octets: 1))
    }

    /// The next two octets, the first one highest.
    public mutating func uint16() throws(WireError) -> UInt16 {
        UInt16(truncatingIfNeeded: try number(octets: 2))
    }

    /// The next four octets, the first one highest.
    public mutating func uint32() throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(octets: 4))
    }

    /// The next `count` octets as they are; `count` is not negative.
    public mutating func octets(_ count: Int) throws(WireError) -> [UInt8] {
        try require(count)
        defer { offset += count }
        return Array(source[offset..<offset + count])
    }

    /// The next six octets.
    public mutating func macAddress() throws(WireError) -> MACAddress {
        MACAddress(rawValue: try number(octets: 6))
    }

    /// The next four octets.
    public mutating func ipv4Address() throws(WireError) -> IPv4Address {
        IPv4Address(rawValue: try uint32())
    }

    /// The next sixteen octets.
    public mutating func ipv6Address() throws(WireError) -> IPv6Address {
        try require(16)
        return IPv6Address(high: try number(octets: 8), low: try number(octets: 8))
    }

    /// The next four or sixteen octets, as the family has it.
    public mutating func address(_ family: AddressFamily) throws(WireError) -> IPAddress {
        switch family {
        case .ipv4: .v4(try ipv4Address())
        case .ipv6: .v6(try ipv6Address())
        }
    }

    /// Throws `trailingOctets` unless everything has been read.
    public func expectEnd() throws(WireError) {
        guard remaining == 0 else { throw .trailingOctets(offset: offset, count: remaining) }
    }

    private func require(_ count: Int) throws(WireError) {
        guard count <= remaining else { throw .truncated(offset: offset, missing: count - remaining) }
    }

    private mutating func number(octets count: Int) throws(WireError) -> UInt64 {
        try require(count)
        var number: UInt64 = 0
        for index in offset..<offset + count { number = number << 8 | UInt64(source[index]) }
        offset += count
        return number
    }
}
