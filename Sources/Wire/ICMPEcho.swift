/// An ICMP echo request or its answer (RFC 792), over IPv4.
public struct ICMPEcho: Hashable, Sendable {
    public static let protocolNumber: UInt8 = 1

    public var isReply: Bool
    /// Tells one asker's requests from another's.
    public var identifier: UInt16
    public var sequence: UInt16
    public var payload: [UInt8]

    public init(isReply: Bool = false, identifier: UInt16, sequence: UInt16, payload: [UInt8] = []) {
        self.isReply = isReply
        self.identifier = identifier
        self.sequence = sequence
        self.payload = payload
    }

    /// Reads an ICMP message; the checksum is not judged.
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

    /// The message as it stands in an IP packet, with its checksum.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(isReply ? UInt8(0) : UInt8(8))
        writer.append(UInt8(0))
        writer.append(UInt16(0))
        writer.append(identifier)
        writer.append(sequence)
        writer.append(payload)
        writer.patch(InternetChecksum.of(writer.octets), at: 2)
        return writer.octets
    }
}
