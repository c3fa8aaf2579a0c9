/// A UDP datagram (RFC 768).
public struct UDPDatagram: Hashable, Sendable {
    /// UDP in an IP header.
    public static let protocolNumber: UInt8 = 17

    /// The sender's port; zero when no answer is wanted.
    public var sourcePort: UInt16
    /// The receiver's port, which tells what the payload is.
    public var destinationPort: UInt16
    /// What follows the header, as long as the header says.
    public var payload: [UInt8]

    /// A datagram as it will travel; its length follows from the payload.
    public init(sourcePort: UInt16, destinationPort: UInt16, payload: [UInt8]) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.payload = payload
    }

    /// Reads what an IP packet carries; the checksum is not judged: a capture may come before it is computed.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        sourcePort = try reader.uint16()
        destinationPort = try reader.uint16()
        let length = Int(try reader.uint16())
        guard length >= 8 else { throw .badValue(field: "UDP length", value: length) }
        _ = try reader.uint16()
        payload = try reader.octets(length - 8)
    }

    /// Header and payload, with the checksum that covers the addresses of the packet around it.
    ///
    /// - Precondition: the length fits its 16 bits.
    public func serialized(source: IPAddress, destination: IPAddress) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(sourcePort)
        writer.append(destinationPort)
        writer.append(UInt16(8 + payload.count))
        writer.append(UInt16(0))
        writer.append(payload)
        let checksum = InternetChecksum.of(
            writer.octets, source: source, destination: destination, protocol: Self.protocolNumber)
        // Zero would say that there is none.
        writer.patch(checksum == 0 ? 0xffff : checksum, at: 6)
        return writer.octets
    }
}
