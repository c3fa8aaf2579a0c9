import Testing
import Wire

@Suite struct ARPPacketTests {
    static let router = MACAddress.virtualRouter(51, .ipv4)
    static let host = MACAddress(rawValue: 0x0200_0000_0001)
    static let address = IPv4Address(198, 18, 128, 254)

    static let packets: [(String, ARPPacket)] = [
        (
            "0001 0800 06 04 0001 020000000001 c6120101 000000000000 c61280fe",
            ARPPacket(
                operation: .request, senderMAC: host, senderAddress: IPv4Address(198, 18, 1, 1), targetMAC: .zero,
                targetAddress: address)
        ),
        (
            "0001 0800 06 04 0002 00005e000133 c61280fe 020000000001 c6120101",
            ARPPacket(
                operation: .reply, senderMAC: router, senderAddress: address, targetMAC: host,
                targetAddress: IPv4Address(198, 18, 1, 1))
        ),
        (
            "0001 0800 06 04 0001 00005e000133 c61280fe 00005e000133 c61280fe",
            ARPPacket(
                operation: .request, senderMAC: router, senderAddress: address, targetMAC: router,
                targetAddress: address)
        ),
        // An RFC 5227 probe: the sender has no address yet.
        (
            "0001 0800 06 04 0001 020000000001 00000000 000000000000 c61280fe",
            ARPPacket(
                operation: .request, senderMAC: host, senderAddress: .any, targetMAC: .zero, targetAddress: address)
        ),
    ]

    @Test("A packet is read and written as the same octets", arguments: packets)
    func sameOctets(hex: String, packet: ARPPacket) throws {
        #expect(try ARPPacket(parsing: [UInt8](hex: hex)) == packet)
        #expect(packet.serialized() == [UInt8](hex: hex))
    }

    @Test("A router announces an address as keepalived does: a request with a target of all ones")
    func gratuitous() {
        let packet = ARPPacket.gratuitous(Self.address, from: Self.router)
        #expect(
            packet.serialized()
                == [UInt8](hex: "0001 0800 06 04 0001 00005e000133 c61280fe ffffffffffff c61280fe"))
        #expect(packet.isGratuitous)
    }

    @Test("Requests, replies and probes are not gratuitous, whatever speaks of its own address is")
    func isGratuitous() {
        #expect(Self.packets.map(\.1.isGratuitous) == [false, false, true, false])
        var reply = ARPPacket.gratuitous(Self.address, from: Self.router)
        reply.operation = .reply
        #expect(reply.isGratuitous)
    }

    @Test("Fewer than 28 octets are no packet", arguments: 0..<28)
    func truncated(length: Int) {
        let octets = ARPPacket.gratuitous(Self.address, from: Self.router).serialized()
        #expect(throws: WireError.self) { try ARPPacket(parsing: Array(octets.prefix(length))) }
    }

    @Test("Ethernet padding after the packet is ignored")
    func padding() throws {
        let packet = ARPPacket.gratuitous(Self.address, from: Self.router)
        #expect(try ARPPacket(parsing: packet.serialized() + [UInt8](repeating: 0, count: 18)) == packet)
    }

    @Test(
        "Other hardware, protocols, lengths and operations are refused",
        arguments: [
            ("0006 0800 0604 0001", WireError.badValue(field: "hardware type", value: 6)),
            ("0001 86dd 0604 0001", .badValue(field: "protocol type", value: 0x86dd)),
            ("0001 0800 0804 0001", .badValue(field: "address lengths", value: 0x0804)),
            ("0001 0800 0610 0001", .badValue(field: "address lengths", value: 0x0610)),
            ("0001 0800 0604 0000", .badValue(field: "operation", value: 0)),
            ("0001 0800 0604 0003", .badValue(field: "operation", value: 3)),
        ])
    func otherForms(hex: String, error: WireError) {
        let octets = [UInt8](hex: hex) + [UInt8](repeating: 0, count: 20)
        #expect(throws: error) { try ARPPacket(parsing: octets) }
    }
}
