/// A TCP segment (RFC 9293 §3.1); options are skipped.
public struct TCPSegment: Hashable, Sendable {
    /// TCP in an IP header.
    public static let protocolNumber: UInt8 = 6

    /// What a segment does beside carrying data.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        /// FIN: the sender has nothing more to say.
        public static let finish = Flags(rawValue: 0x01)
        /// SYN: a connection begins.
        public static let synchronize = Flags(rawValue: 0x02)
        /// RST: there is no such connection, or not any more.
        public static let reset = Flags(rawValue: 0x04)
        /// PSH: what has come should be read now.
        public static let push = Flags(rawValue: 0x08)
        /// ACK: `acknowledgment` counts.
        public static let acknowledge = Flags(rawValue: 0x10)
        /// URG: some of the data is urgent.
        public static let urgent = Flags(rawValue: 0x20)

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }
    }

    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// The number of the first octet of the payload, or of the SYN.
    public var sequence: UInt32
    /// Means something where `flags` has `acknowledge`.
    public var acknowledgment: UInt32
    /// What it does to the connection.
    public var flags: Flags
    /// As it travels, before any scale.
    public var window: UInt16
    /// The data that it carries, without options.
    public var payload: [UInt8]

    /// Reads what an IP packet carries; the checksum is not judged: a capture may come before it is computed.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        sourcePort = try reader.uint16()
        destinationPort = try reader.uint16()
        sequence = try reader.uint32()
        acknowledgment = try reader.uint32()
        let headerLength = 4 * Int(try reader.uint8() >> 4)
        guard headerLength >= 20 else { throw .badValue(field: "TCP header length", value: headerLength) }
        flags = Flags(rawValue: try reader.uint8())
        window = try reader.uint16()
        _ = try reader.uint32()
        _ = try reader.octets(headerLength - 20)
        payload = try reader.octets(reader.remaining)
    }
}

extension TCPSegment.Flags: CustomStringConvertible {
    /// As tcpdump writes them, such as `S.` for the second step of a handshake.
    public var description: String {
        let letters: [(Self, String)] = [
            (.finish, "F"), (.synchronize, "S"), (.reset, "R"), (.push, "P"), (.urgent, "U"), (.acknowledge, "."),
        ]
        let text = letters.filter { contains($0.0) }.map(\.1).joined()
        return text.isEmpty ? "none" : text
    }
}
