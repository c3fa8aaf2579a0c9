import Testing
import Wire

/// Frames captured from keepalived 2.2.7, whose own address was 10.9.0.1 or fe80::4065:feff:fed6:722f.
@Suite struct KeepalivedFrameTests {
    struct Capture: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let hex: String
        let vrrp: VRRPPacket
        let destination: String
        let hopLimit: UInt8
    }

    static func address(_ last: UInt8) -> IPAddress { .v4(IPv4Address(10, 9, 0, last)) }
    static func address(_ high: UInt64, _ low: UInt64) -> IPAddress { .v6(IPv6Address(high: high, low: low)) }

    static let advertisements = [
        Capture(
            testDescription: "version 2 without authentication",
            hex: """
                01005e000012 4265fed6722f 0800 45c0002800010000ff70d0880a090001e0000012
                213364010001705d 0a090064 0000000000000000
                """,
            vrrp: VRRPPacket(
                version: 2, virtualRouterID: 51, priority: 100, interval: .seconds(1), addresses: [address(100)]),
            destination: "224.0.0.18", hopLimit: 255),
        Capture(
            testDescription: "version 2 with a password",
            hex: """
                01005e000012 4265fed6722f 0800 45c0002c00010000ff70d0840a090001e0000012
                213396020101c56f 0a090064 0a090065 7365637265743132
                """,
            vrrp: VRRPPacket(
                version: 2, virtualRouterID: 51, priority: 150, interval: .seconds(1),
                addresses: [address(100), address(101)], authentication: .password(Array("secret12".utf8))),
            destination: "224.0.0.18", hopLimit: 255),
        Capture(
            testDescription: "version 3 over IPv4",
            hex: """
                01005e000012 4265fed6722f 0800 45c0002000010000ff70d0900a090001e0000012
                312cc80100191187 0a090090
                """,
            vrrp: VRRPPacket(
                version: 3, virtualRouterID: 44, priority: 200, interval: .milliseconds(250),
                addresses: [address(144)]),
            destination: "224.0.0.18", hopLimit: 255),
        Capture(
            testDescription: "version 3 to a unicast peer",
            hex: """
                4265fed6722f 324c50121f0a 0800 45c000200001000040706599 0a0900020a090001
                3133960100641969 0a090064
                """,
            vrrp: VRRPPacket(
                version: 3, virtualRouterID: 51, priority: 150, interval: .seconds(1), addresses: [address(100)]),
            destination: "10.9.0.1", hopLimit: 64),
        Capture(
            testDescription: "version 3 over IPv6",
            hex: """
                333300000012 4265fed6722f 86dd 6c0a516d 0038 70 ff
                fe800000000000004065fefffed6722f ff020000000000000000000000000012
                3142c8030032fcb7 fe800000000000000000000000000066 20010db8000000000000000000000066
                20010db8000000000000000000000067
                """,
            vrrp: VRRPPacket(
                version: 3, virtualRouterID: 66, priority: 200, interval: .milliseconds(500),
                addresses: [
                    address(0xfe80 << 48, 0x66), address(0x2001_0db8_0000_0000, 0x66),
                    address(0x2001_0db8_0000_0000, 0x67),
                ]),
            destination: "ff02::12", hopLimit: 255),
    ]

    @Test(
        "An advertisement is read as what keepalived was told to send, and written as what it sent",
        arguments: advertisements)
    func advertisement(capture: Capture) throws {
        guard case .vrrp(let vrrp, let packet) = try Frame(parsing: [UInt8](hex: capture.hex)).content else {
            Issue.record("not VRRP")
            return
        }
        #expect(vrrp == capture.vrrp)
        #expect(packet.destination.description == capture.destination)
        #expect(packet.hopLimit == capture.hopLimit)
        #expect(packet.trafficClass == 0xc0)
        #expect(
            VRRPPacket.checksumIsValid(packet.payload, source: packet.source, destination: packet.destination))
        #expect(vrrp.serialized(source: packet.source, destination: packet.destination) == packet.payload)
    }

    @Test("The whole frame is written as it was captured, but for the flow label", arguments: advertisements)
    func wholeFrame(capture: Capture) throws {
        var octets = [UInt8](hex: capture.hex)
        let frame = try Frame(parsing: octets)
        guard case .vrrp(_, let packet) = frame.content else {
            Issue.record("not VRRP")
            return
        }
        var ethernet = frame.ethernet
        ethernet.payload = packet.serialized()
        if packet.source.family == .ipv6 { octets.replaceSubrange(15..<18, with: [0, 0, 0]) }
        #expect(ethernet.serialized() == octets)
    }

    @Test("A gratuitous ARP is built as keepalived builds it")
    func gratuitousARP() throws {
        let octets = [UInt8](
            hex: "ffffffffffff 4265fed6722f 0806 0001080006040001 4265fed6722f 0a090064 ffffffffffff 0a090064")
        let frame = try Frame(parsing: octets)
        let mac = MACAddress(rawValue: 0x4265_fed6_722f)
        #expect(frame.content == .arp(.gratuitous(IPv4Address(10, 9, 0, 100), from: mac)))
        #expect(
            EthernetFrame(
                destination: .broadcast, source: mac, etherType: 0x0806,
                payload: ARPPacket.gratuitous(IPv4Address(10, 9, 0, 100), from: mac).serialized()
            ).serialized() == octets)
    }

    @Test("An unsolicited neighbor advertisement is built as keepalived builds it")
    func neighborAdvertisement() throws {
        let octets = [UInt8](
            hex: """
                333300000001 4265fed6722f 86dd 60000000 0020 3a ff
                fe800000000000000000000000000066 ff020000000000000000000000000001
                8800a566 20000000 fe800000000000000000000000000066 0201 4265fed6722f
                """)
        let address = IPv6Address(high: 0xfe80 << 48, low: 0x66)
        let mac = MACAddress(rawValue: 0x4265_fed6_722f)
        #expect(NeighborAdvertisement.unsolicited(address, from: mac).serialized() == octets)
        guard case .neighborAdvertisement(let message, _) = try Frame(parsing: octets).content else {
            Issue.record("not a neighbor advertisement")
            return
        }
        #expect(
            message
                == NeighborAdvertisement(
                    target: address, isRouter: false, isSolicited: false, isOverride: true, linkLayerAddress: mac))
    }

    @Test(
        "AH is left as an IP packet, and IGMP is a report",
        arguments: [
            (
                51, 44,
                """
                01005e000012 4265fed6722f 0800 45c0004000010000ff33d0ad0a090001e0000012
                70040000 0a090001 00000001 1afdf33b5fce7182d4d64aae 2133960102013c5d 0a090064 0000000000000000
                """
            ),
            (
                2, 16,
                """
                01005e000016 4265fed6722f 0800 46c00028000040000102f9ef0a090001e0000016 94040000
                2200f9eb00000001 04000000 e0000012
                """
            ),
        ] as [(UInt8, Int, String)])
    func otherProtocols(number: UInt8, length: Int, hex: String) throws {
        let frame = try Frame(parsing: [UInt8](hex: hex))
        let packet = try #require(frame.ipPacket)
        #expect((frame.content == .ip(packet)) == (number == 51))
        #expect((frame.summary == "IGMP 10.9.0.1 > 224.0.0.22: v3 report: 224.0.0.18 to exclude {}") == (number == 2))
        #expect(packet.protocolNumber == number)
        #expect(packet.payload.count == length)
    }
}
