import Testing
import Wire

@Suite struct IPPacketTests {
    static let ipv4 = [UInt8](hex: "45 c0 0018 0007 0000 ff 70 d092 0a090001 e0000012 01020304")
    static let ipv6 = [UInt8](
        hex: """
            6c000000 0004 70 ff fe800000000000000000000000000001
            ff020000000000000000000000000012 01020304
            """)

    @Test("An IPv4 packet is read and written as the same octets")
    func sameOctetsIPv4() throws {
        let packet = IPPacket(
            source: .v4(IPv4Address(10, 9, 0, 1)), destination: .v4(.vrrpGroup), hopLimit: 255, protocolNumber: 112,
            trafficClass: 0xc0, identification: 7, payload: [1, 2, 3, 4])
        #expect(try IPPacket(parsing: Self.ipv4) == packet)
        #expect(packet.serialized() == Self.ipv4)
    }

    @Test("An IPv6 packet is read and written as the same octets")
    func sameOctetsIPv6() throws {
        let packet = IPPacket(
            source: .v6(IPv6Address(high: 0xfe80 << 48, low: 1)), destination: .v6(.vrrpGroup), hopLimit: 255,
            protocolNumber: 112, trafficClass: 0xc0, payload: [1, 2, 3, 4])
        #expect(try IPPacket(parsing: Self.ipv6) == packet)
        #expect(packet.serialized() == Self.ipv6)
    }

    @Test("Every shorter prefix of a packet is refused", arguments: [ipv4, ipv6])
    func truncated(octets: [UInt8]) {
        for length in 0..<octets.count {
            #expect(throws: WireError.self, "\(length) octets") { try IPPacket(parsing: Array(octets.prefix(length))) }
        }
    }

    @Test("Padding after the length in the header is cut off", arguments: [ipv4, ipv6])
    func padding(octets: [UInt8]) throws {
        #expect(try IPPacket(parsing: octets + [0, 0, 0]).payload == [1, 2, 3, 4])
    }

    @Test("IPv4 options are skipped, and DF is no obstacle")
    func options() throws {
        let routerAlert = [UInt8](hex: "46c0001c00074000ff70fb890a090001e0000012 94040000 01020304")
        #expect(try IPPacket(parsing: routerAlert) == IPPacket(parsing: Self.ipv4))
    }

    @Test("A flow label is ignored and written as zero")
    func flowLabel() throws {
        var octets = Self.ipv6
        octets.replaceSubrange(1..<4, with: [0x0a, 0x51, 0x6d])
        let packet = try IPPacket(parsing: octets)
        #expect(packet.trafficClass == 0x60 << 1)
        #expect(packet.serialized()[..<4] == [0x6c, 0, 0, 0])
    }

    @Test(
        "An IPv4 header that contradicts itself is refused",
        arguments: [
            // Apart from the one that is about it, the header checksums are right.
            ("44c0001800070000ff70d1920a090001e0000012", WireError.badValue(field: "header length", value: 16)),
            ("45c0001300070000ff70d0970a090001e0000012", .badValue(field: "total length", value: 19)),
            ("45c0001800072000ff70b0920a090001e0000012", .badValue(field: "fragment", value: 0x2000)),
            ("45c0001800070001ff70d0910a090001e0000012", .badValue(field: "fragment", value: 1)),
            ("45c0001800070000ff70d0930a090001e0000012", .badValue(field: "header checksum", value: 0xd093)),
            ("45c0001900070000ff70d0910a090001e0000012", .truncated(offset: 20, missing: 1)),
            ("4fc0003c00070000ff70c66d0a090001e0000012", .truncated(offset: 20, missing: 36)),
            ("55c0001800070000ff70c0920a090001e0000012", .badValue(field: "IP version", value: 5)),
            ("05c0001800070000ff7010930a090001e0000012", .badValue(field: "IP version", value: 0)),
        ])
    func contradictions(header: String, error: WireError) {
        #expect(throws: error) { try IPPacket(parsing: [UInt8](hex: header) + [1, 2, 3, 4]) }
    }

    @Test("An IPv6 length beyond the octets is refused")
    func ipv6Length() {
        var octets = Self.ipv6
        octets[5] = 6
        #expect(throws: WireError.truncated(offset: 40, missing: 2)) { try IPPacket(parsing: octets) }
    }

    @Test("A packet without payload is a packet")
    func emptyPayload() throws {
        let packet = IPPacket(
            source: .v4(IPv4Address(10, 9, 0, 1)), destination: .v4(IPv4Address(10, 9, 0, 2)), hopLimit: 1,
            protocolNumber: 59, payload: [])
        #expect(packet.serialized().count == 20)
        #expect(try IPPacket(parsing: packet.serialized()) == packet)
    }
}
