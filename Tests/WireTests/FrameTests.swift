import Testing
import Wire

@Suite struct FrameTests {
    static func frame(_ etherType: String, _ payload: String) throws -> Frame {
        try Frame(parsing: [UInt8](hex: "01005e000012 4265fed6722f" + etherType + payload))
    }

    static let advertisement = "45c0002000010000ff70d0900a090001e0000012 312cc801001911870a090090"

    @Test("Only an unreadable Ethernet header throws", arguments: 0..<47)
    func truncated(length: Int) throws {
        let octets = [UInt8](hex: "01005e000012 4265fed6722f 0800" + Self.advertisement).prefix(length)
        switch length {
        case ..<14:
            #expect(throws: WireError.self) { try Frame(parsing: Array(octets)) }
        case ..<46:
            #expect(try Frame(parsing: Array(octets)).content == .other)
        default:
            guard case .vrrp = try Frame(parsing: Array(octets)).content else {
                Issue.record("not VRRP")
                return
            }
        }
    }

    @Test("VRRP is found behind Ethernet padding")
    func padding() throws {
        guard case .vrrp(let vrrp, let packet) = try Self.frame("0800", Self.advertisement + "000000000000").content
        else {
            Issue.record("not VRRP")
            return
        }
        #expect(vrrp.virtualRouterID == 44)
        #expect(packet.payload.count == 12)
    }

    @Test(
        "Another EtherType, a cut tag, and an IP version that contradicts the EtherType stay closed",
        arguments: [
            ("88cc", "0207"), ("8100", "0064 08"), ("86dd", advertisement), ("0026", advertisement),
            ("0806", "0001 0800"), ("0806", advertisement),
            ("0800", "6000000000003bff 00000000000000000000000000000001 00000000000000000000000000000001"),
        ])
    func other(etherType: String, payload: String) throws {
        #expect(try Self.frame(etherType, payload).content == .other)
    }

    @Test("What is wrong inside IP leaves the IP packet")
    func ip() throws {
        let unreadable = "45c0001800010000ff70d0980a090001e0000012 312cc801"
        guard case .ip(let packet) = try Self.frame("0800", unreadable).content else {
            Issue.record("not IP")
            return
        }
        #expect(packet.payload == [0x31, 0x2c, 0xc8, 0x01])
        let echo = "60000000 0008 3a 40 \(Self.loopback) \(Self.loopback) 8000 0000 0000 0000"
        guard case .icmp = try Self.frame("86dd", echo).content else {
            Issue.record("not ICMPv6")
            return
        }
    }

    private static let loopback = "00000000000000000000000000000001"
    private static let hostRequest = "0001080006040001 020000000001 0a090002 000000000000 0a090064"
    private static let hostReply = "0001080006040002 00005e000133 0a090064 020000000001 0a090002"
    private static let announcement = "0001080006040001 00005e000133 0a090064 ffffffffffff 0a090064"
    private static let solicitation =
        "60000000 0018 3a ff \(loopback) ff020000000000000000000000000001 8700 0000 00000000 \(loopback)"
    private static let neighbor =
        "60000000 0020 3a ff \(loopback) ff020000000000000000000000000001 "
        + "8800 0000 20000000 \(loopback) 0201 00005e000233"

    @Test(
        "A frame has a line for people",
        arguments: [
            ("0806", hostRequest, "ARP who has 10.9.0.100? Tell 10.9.0.2"),
            ("0806", hostReply, "ARP 10.9.0.100 is at 00:00:5e:00:01:33"),
            ("0806", announcement, "ARP 10.9.0.100 is at 00:00:5e:00:01:33 (gratuitous)"),
            (
                "0800", advertisement,
                "VRRPv3 10.9.0.1 > 224.0.0.18: router 44, priority 200, every 0.25 s, 10.9.0.144"
            ),
            (
                "0800", "45c0002400010000ff70d08c0a090001e0000012 2133000100010000 0a090064 0000000000000000",
                "IP 10.9.0.1 > 224.0.0.18: protocol 112, 16 octets"
            ),
            (
                "0800", "45c0002800010000ff70d0880a090001e0000012 2133000100010000 0a090064 0000000000000000",
                "VRRPv2 10.9.0.1 > 224.0.0.18: router 51, resigns, every 1.0 s, 10.9.0.100"
            ),
            ("86dd", solicitation, "NS who has ::1? Tell ::1"),
            ("86dd", neighbor, "NA ::1 is at 00:00:5e:00:02:33"),
            ("88cc", "0207", "Ethernet 42:65:fe:d6:72:2f > 01:00:5e:00:00:12: type 0x88cc, 2 octets"),
        ])
    func summary(etherType: String, payload: String, line: String) throws {
        #expect(try Self.frame(etherType, payload).summary == line)
    }
}
