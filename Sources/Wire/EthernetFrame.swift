/// An Ethernet II frame without its check sequence: who, to whom, and what is inside.
public struct EthernetFrame: Hashable, Sendable {
    /// The values of `etherType` that this package looks into.
    public enum EtherType {
        /// IPv4 (RFC 894).
        public static let ipv4: UInt16 = 0x0800
        /// ARP (RFC 826).
        public static let arp: UInt16 = 0x0806
        /// IPv6 (RFC 2464).
        public static let ipv6: UInt16 = 0x86dd
    }

    /// A station, or a group where `isMulticast` is true.
    public var destination: MACAddress
    /// The station that sent it; a virtual router speaks under a MAC address of its own.
    public var source: MACAddress
    /// Names the payload; below 0x0600 it is an IEEE 802.3 length instead.
    public var etherType: UInt16
    /// Everything after the header, padding included: only the payload knows its own length.
    public var payload: [UInt8]

    /// A frame as it will travel, without padding.
    public init(destination: MACAddress, source: MACAddress, etherType: UInt16, payload: [UInt8]) {
        self.destination = destination
        self.source = source
        self.etherType = etherType
        self.payload = payload
    }

    /// Takes any 14 octets or more; a VLAN tag stays in the payload, with 0x8100 as the `etherType`.
    public init(parsing octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        destination = try reader.macAddress()
        source = try reader.macAddress()
        etherType = try reader.uint16()
        payload = try reader.octets(reader.remaining)
    }

    /// Header and payload; nothing is padded to the 60 octets that a real wire wants, the device does that.
    public func serialized() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(destination.octets)
        writer.append(source.octets)
        writer.append(etherType)
        writer.append(payload)
        return writer.octets
    }
}
