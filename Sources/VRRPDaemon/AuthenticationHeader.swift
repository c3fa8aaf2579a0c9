import LinuxSystem
import VRRPCore
import Wire

/// The IP authentication header that VRRPv2 travels behind with `auth_type AH` (RFC 2338 §5.3.6.3, RFC 4302 §2).
///
/// The integrity check value covers the packet with everything in its IPv4 header as zero that may change on the way.
/// keepalived does not count the TTL among that when the packet goes to a group: it must arrive as 255 anyway.
enum AuthenticationHeader {
    /// Of IP.
    static let protocolNumber: UInt8 = 51
    /// In octets, with the check value.
    static let length = 24
    private static let valueOffset = 12

    /// A packet ready to be sent, with the header in front of the VRRP message.
    ///
    /// - Parameter packet: carries the message as its payload; its protocol number does not matter.
    static func sealed(_ packet: IPPacket, with authentication: SentAuthenticationHeader) -> [UInt8] {
        var header = ByteWriter()
        header.append([VRRPPacket.protocolNumber, UInt8(length / 4 - 2), 0, 0])
        header.append(packet.source.octets)
        header.append(authentication.sequenceNumber)
        header.append([UInt8](repeating: 0, count: MessageAuthentication.length))
        var packet = packet
        packet.protocolNumber = protocolNumber
        packet.payload = header.octets + packet.payload
        var octets = packet.serialized()
        let value = checkValue(
            of: octets, headerLength: 20, keepingHopLimit: packet.destination.isMulticast, key: authentication.key)
        octets.replaceSubrange(20 + valueOffset..<20 + length, with: value)
        return octets
    }

    /// Takes the header off a packet of protocol 51; nil when none of VRRP's is in front of a message there.
    ///
    /// A value over the packet without its TTL is right too, as RFC 4302 §3.3.3.1.1 has it.
    /// - Parameter key: finds the key of a virtual router ID; without one nothing is intact.
    static func open(
        _ packet: ReceivedPacket, key: (UInt8) -> [UInt8]?
    ) -> (header: ReceivedAuthenticationHeader, message: [UInt8])? {
        let start = packet.headerLength
        let octets = packet.octets
        guard octets.count >= start + length + 2, octets[start] == VRRPPacket.protocolNumber,
            octets[start + 1] == UInt8(length / 4 - 2)
        else { return nil }
        let number = { (offset: Int) in
            octets[(start + offset)...].prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        let value = octets[start + valueOffset..<start + length]
        let isIntact =
            key(octets[start + length + 1]).map { key in
                [true, false].contains { keepsHopLimit in
                    checkValue(of: octets, headerLength: start, keepingHopLimit: keepsHopLimit, key: key)[...] == value
                }
            } ?? false
        let header = ReceivedAuthenticationHeader(
            securityParametersIndex: number(4), sequenceNumber: number(8), isIntact: isIntact)
        return (header, Array(octets[(start + length)...]))
    }

    private static func checkValue(
        of octets: [UInt8], headerLength: Int, keepingHopLimit: Bool, key: [UInt8]
    ) -> [UInt8] {
        var octets = octets
        // Type of service, fragmentation, TTL, header checksum.
        for offset in [1, 6, 7, 10, 11] { octets[offset] = 0 }
        if !keepingHopLimit { octets[8] = 0 }
        for offset in headerLength + valueOffset..<headerLength + length { octets[offset] = 0 }
        return MessageAuthentication.code(for: octets, key: key)
    }
}
