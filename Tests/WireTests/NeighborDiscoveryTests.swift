import Testing
import Wire

@Suite struct NeighborDiscoveryTests {
    static let router = MACAddress.virtualRouter(51, .ipv6)
    static let address = IPv6Address(high: 0x2001_0db8_0000_0001, low: 0xfe)
    static let host = IPv6Address(high: 0x2001_0db8_0000_0001, low: 0x99)

    /// Router and override; the checksum is for a packet from the address itself to all nodes.
    static let unsolicited = [UInt8](
        hex: "88 00 18fc a0000000 20010db80000000100000000000000fe 02 01 00005e000233")
    /// Router, solicited and override; from the address to the host.
    static let solicited = [UInt8](
        hex: "88 00 a9ac e0000000 20010db80000000100000000000000fe 02 01 00005e000233")
    /// From the host to the solicited-node group.
    static let solicitation = [UInt8](
        hex: "87 00 1995 00000000 20010db80000000100000000000000fe 01 01 020000000001")

    @Test("An unsolicited advertisement is read and written as the same octets")
    func unsolicitedAdvertisement() throws {
        let message = NeighborAdvertisement(
            target: Self.address, isRouter: true, isSolicited: false, isOverride: true, linkLayerAddress: Self.router)
        #expect(try NeighborAdvertisement(parsing: Self.unsolicited) == message)
        #expect(message.serialized(source: Self.address, destination: .allNodes) == Self.unsolicited)
    }

    @Test("A solicited advertisement is read and written as the same octets")
    func solicitedAdvertisement() throws {
        let message = NeighborAdvertisement(
            target: Self.address, isRouter: true, isSolicited: true, isOverride: true, linkLayerAddress: Self.router)
        #expect(try NeighborAdvertisement(parsing: Self.solicited) == message)
        #expect(message.serialized(source: Self.address, destination: Self.host) == Self.solicited)
    }

    @Test("A solicitation is read and written as the same octets")
    func solicitationMessage() throws {
        let message = NeighborSolicitation(
            target: Self.address, linkLayerAddress: MACAddress(rawValue: 0x0200_0000_0001))
        let group = IPv6Address(high: 0xff02 << 48, low: 0x1_ff00_00fe)
        #expect(try NeighborSolicitation(parsing: Self.solicitation) == message)
        #expect(message.serialized(source: Self.host, destination: group) == Self.solicitation)
    }

    @Test("A router that takes over an address tells all nodes, in the address's own name")
    func announcement() {
        let frame = NeighborAdvertisement.unsolicited(Self.address, from: Self.router, isRouter: true)
        #expect(
            frame.serialized()
                == [UInt8](
                    hex: """
                        333300000001 00005e000233 86dd
                        60000000 0020 3a ff 20010db80000000100000000000000fe ff020000000000000000000000000001
                        """) + Self.unsolicited)
    }

    @Test(
        "Each flag has its own bit",
        arguments: [
            (0x80, true, false, false), (0x40, false, true, false), (0x20, false, false, true),
            (0x1f, false, false, false),
        ] as [(UInt8, Bool, Bool, Bool)])
    func flags(octet: UInt8, isRouter: Bool, isSolicited: Bool, isOverride: Bool) throws {
        var octets = Self.unsolicited
        octets[4] = octet
        let message = try NeighborAdvertisement(parsing: octets)
        #expect(message.isRouter == isRouter)
        #expect(message.isSolicited == isSolicited)
        #expect(message.isOverride == isOverride)
    }

    @Test("Without its option a message ends after the target, and has no link-layer address")
    func withoutOption() throws {
        let octets = [UInt8](hex: "87 00 0000 00000000 20010db80000000100000000000000fe")
        let message = try NeighborSolicitation(parsing: octets)
        #expect(message.linkLayerAddress == nil)
        #expect(message.serialized(source: .any, destination: .allNodes).count == 24)
    }

    @Test("Options of other kinds and lengths are skipped")
    func otherOptions() throws {
        let header = [UInt8](hex: "88 00 0000 00000000 20010db80000000100000000000000fe")
        // A nonce, the source's address, an address of another link layer; then the one that counts, and a second.
        let options = [UInt8](
            hex: """
                0e01 010203040506  0101 020000000009  0202 0102030405060708090a0b0c0d0e
                0201 00005e000233  0201 020000000009
                """)
        #expect(try NeighborAdvertisement(parsing: header + options).linkLayerAddress == Self.router)
        #expect(try NeighborAdvertisement(parsing: header + options.prefix(32)).linkLayerAddress == nil)
    }

    @Test("Every shorter prefix is refused, except where an option begins", arguments: 0..<32)
    func truncated(length: Int) throws {
        let octets = Array(Self.unsolicited.prefix(length))
        if length == 24 {
            #expect(try NeighborAdvertisement(parsing: octets).linkLayerAddress == nil)
        } else {
            #expect(throws: WireError.self) { try NeighborAdvertisement(parsing: octets) }
        }
    }

    @Test("An option of length zero is refused: it would never end")
    func emptyOption() {
        #expect(throws: WireError.badValue(field: "option length", value: 0)) {
            try NeighborAdvertisement(parsing: Self.unsolicited + [1, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    @Test("Another ICMPv6 type or code is refused")
    func otherTypes() {
        #expect(throws: WireError.badValue(field: "ICMPv6 type", value: 135)) {
            try NeighborAdvertisement(parsing: Self.solicitation)
        }
        #expect(throws: WireError.badValue(field: "ICMPv6 type", value: 136)) {
            try NeighborSolicitation(parsing: Self.unsolicited)
        }
        var octets = Self.unsolicited
        octets[1] = 1
        #expect(throws: WireError.badValue(field: "ICMPv6 code", value: 1)) {
            try NeighborAdvertisement(parsing: octets)
        }
    }
}
