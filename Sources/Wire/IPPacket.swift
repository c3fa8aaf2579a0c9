/// An IPv4 or IPv6 packet: the header fields that VRRP cares for, and the payload.
public struct IPPacket: Hashable, Sendable {
    /// The protocol number of ICMPv6, which carries neighbor discovery.
    public static let icmpv6: UInt8 = 58

    /// Of the same family as the destination.
    public var source: IPAddress
    /// A host, or a group where `isMulticast` is true.
    public var destination: IPAddress
    /// TTL in IPv4.
    public var hopLimit: UInt8
    /// What the payload is; in IPv6 the first next header, which may be an extension header.
    public var protocolNumber: UInt8
    /// Type of service in IPv4; VRRP travels with 0xc0.
    public var trafficClass: UInt8
    /// IPv4 only; 0 in IPv6.
    public var identification: UInt16
    /// What follows the header, without link padding.
    public var payload: [UInt8]

    /// A packet as it will travel; both addresses must be of one family.
    public init(
        source: IPAddress, destination: IPAddress, hopLimit: UInt8, protocolNumber: UInt8, trafficClass: UInt8 = 0,
        identification: UInt16 = 0, payload: [UInt8]
    ) {
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.protocolNumber = protocolNumber
        self.trafficClass = trafficClass
        self.identification = identification
        self.payload = payload
    }

    /// Reads either family, by the version in the first octet, and cuts the payload to the length in the header.
    ///
    /// IPv4 options are skipped. Refused are a wrong IPv4 header checksum, and fragments: their payload is not whole.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        switch try reader.uint8() >> 4 {
        case 4: try self.init(ipv4: octets)
        case 6: try self.init(ipv6: octets)
        case let version: throw .badValue(field: "IP version", value: Int(version))
        }
    }

    /// Header and payload: IPv4 with DF clear and a correct header checksum, IPv6 with flow label 0; no options.
    ///
    /// - Precondition: both addresses are of one family, and the length fits its 16 bits.
    public func serialized() -> [UInt8] {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)): ipv4Header(source, destination) + payload
        case (.v6(let source), .v6(let destination)): ipv6Header(source, destination) + payload
        case (.v4, .v6), (.v6, .v4): preconditionFailure("a packet from \(source) to \(destination)")
        }
    }
}

// RFC 791 §3.1
extension IPPacket {
    private init(ipv4 octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        let headerLength = 4 * Int(try reader.uint8() & 0x0f)
        guard headerLength >= 20 else { throw .badValue(field: "header length", value: headerLength) }
        trafficClass = try reader.uint8()
        let totalLength = Int(try reader.uint16())
        guard totalLength >= headerLength else { throw .badValue(field: "total length", value: totalLength) }
        identification = try reader.uint16()
        let moreFragmentsAndOffset = try reader.uint16() & 0x3fff
        guard moreFragmentsAndOffset == 0 else {
            throw .badValue(field: "fragment", value: Int(moreFragmentsAndOffset))
        }
        hopLimit = try reader.uint8()
        protocolNumber = try reader.uint8()
        let checksum = try reader.uint16()
        source = .v4(try reader.ipv4Address())
        destination = .v4(try reader.ipv4Address())
        _ = try reader.octets(headerLength - 20)
        guard InternetChecksum.of(Array(octets.prefix(headerLength))) == 0 else {
            throw .badValue(field: "header checksum", value: Int(checksum))
        }
        payload = try reader.octets(totalLength - headerLength)
    }

    private func ipv4Header(_ source: IPv4Address, _ destination: IPv4Address) -> [UInt8] {
        var writer = ByteWriter()
        writer.append([0x45, trafficClass])
        writer.append(UInt16(20 + payload.count))
        writer.append(identification)
        writer.append(UInt16(0))
        writer.append([hopLimit, protocolNumber])
        writer.append(UInt16(0))
        writer.append(source.octets)
        writer.append(destination.octets)
        writer.patch(InternetChecksum.of(writer.octets), at: 10)
        return writer.octets
    }
}

// RFC 8200 §3
extension IPPacket {
    private init(ipv6 octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        let versionClassAndFlow = try reader.uint32()
        trafficClass = UInt8(truncatingIfNeeded: versionClassAndFlow >> 20)
        identification = 0
        let length = Int(try reader.uint16())
        protocolNumber = try reader.uint8()
        hopLimit = try reader.uint8()
        source = .v6(try reader.ipv6Address())
        destination = .v6(try reader.ipv6Address())
        payload = try reader.octets(length)
    }

    private func ipv6Header(_ source: IPv6Address, _ destination: IPv6Address) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(0x6000_0000 | UInt32(trafficClass) << 20)
        writer.append(UInt16(payload.count))
        writer.append([protocolNumber, hopLimit])
        writer.append(source.octets)
        writer.append(destination.octets)
        return writer.octets
    }
}
