/// An ICMP echo request or its answer (RFC 792, RFC 4443 §4): what `ping` sends, over either family.
public struct ICMPEcho: Hashable, Sendable {
    /// ICMP in an IPv4 header; over IPv6 it is `IPPacket.icmpv6`.
    public static let protocolNumber: UInt8 = 1

    /// Whether it is the answer.
    public var isReply: Bool
    /// Tells one asker's requests from another's.
    public var identifier: UInt16
    /// Which request of an asker it is, or answers.
    public var sequence: UInt16
    /// What the answer has to bring back unchanged.
    public var payload: [UInt8]

    /// A request unless it says otherwise, with nothing in it.
    public init(isReply: Bool = false, identifier: UInt16, sequence: UInt16, payload: [UInt8] = []) {
        self.isReply = isReply
        self.identifier = identifier
        self.sequence = sequence
        self.payload = payload
    }

    /// Reads an ICMP message of IPv4; the checksum is not judged.
    ///
    /// - Throws: `WireError.badValue` for any other type of message.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        let type = try reader.uint8()
        guard type == 8 || type == 0 else { throw .badValue(field: "ICMP type", value: Int(type)) }
        isReply = type == 0
        _ = try reader.uint8()
        _ = try reader.uint16()
        identifier = try reader.uint16()
        sequence = try reader.uint16()
        payload = try reader.octets(reader.remaining)
    }

    /// The message as it stands in an IPv4 packet, with its checksum.
    public func serialized() -> [UInt8] {
        var message = unchecked(type: isReply ? 0 : 8)
        message.patch(InternetChecksum.of(message.octets), at: 2)
        return message.octets
    }

    /// The message as it stands in an IPv6 packet, with its checksum, which covers the addresses of the packet.
    public func serialized(source: IPv6Address, destination: IPv6Address) -> [UInt8] {
        var message = unchecked(type: isReply ? 129 : 128)
        let checksum = InternetChecksum.of(
            message.octets, source: .v6(source), destination: .v6(destination), protocol: IPPacket.icmpv6)
        message.patch(checksum, at: 2)
        return message.octets
    }

    private func unchecked(type: UInt8) -> ByteWriter {
        var writer = ByteWriter()
        writer.append([type, 0])
        writer.append(UInt16(0))
        writer.append(identifier)
        writer.append(sequence)
        writer.append(payload)
        return writer
    }
}
