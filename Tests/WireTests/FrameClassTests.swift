import Testing
import Wire

/// What a frame is at a glance, for faults that concern one protocol.
@Suite struct FrameClassTests {
    private static let addresses: [UInt8] = [1, 0, 0x5e, 0, 0, 18, 2, 0, 0, 0, 0, 1]
    private static let ipv4: [UInt8] = [8, 0]
    private static let ipv6: [UInt8] = [0x86, 0xdd]

    private static func ipv4(_ number: UInt8, _ payload: [UInt8] = [], words: UInt8 = 5) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Int(words) * 4)
        header[0] = 0x40 | words
        header[9] = number
        return addresses + ipv4 + header + payload
    }

    private static func ipv6(_ number: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 40)
        header[0] = 0x60
        header[6] = number
        return addresses + ipv6 + header + payload
    }

    @Test("names the protocols of IPv4, also behind options")
    func ipv4Classes() {
        let expected: [UInt8: FrameClass] = [
            1: .icmp, 2: .membership, 6: .tcp, 17: .udp, 112: .vrrp, 47: .other, 58: .other,
        ]
        for (number, frameClass) in expected {
            #expect(FrameClass(of: Self.ipv4(number)) == frameClass)
            #expect(FrameClass(of: Self.ipv4(number, words: 15)) == frameClass)
            #expect(FrameGlance(at: Self.ipv4(number, words: 15)).payloadOffset == 74)
        }
    }

    @Test("names the protocols of IPv6, and what an ICMPv6 message is about")
    func ipv6Classes() {
        #expect(FrameClass(of: Self.ipv6(6)) == .tcp)
        #expect(FrameClass(of: Self.ipv6(17)) == .udp)
        #expect(FrameClass(of: Self.ipv6(112)) == .vrrp)
        #expect(FrameClass(of: Self.ipv6(1)) == .other)
        for type: UInt8 in [133, 134, 135, 136, 137] {
            #expect(FrameClass(of: Self.ipv6(58, [type])) == .neighborDiscovery)
        }
        for type: UInt8 in [130, 131, 132, 143] { #expect(FrameClass(of: Self.ipv6(58, [type])) == .membership) }
        for type: UInt8 in [1, 128, 129, 138, 142] { #expect(FrameClass(of: Self.ipv6(58, [type])) == .icmp) }
        #expect(FrameClass(of: Self.ipv6(58)) == .icmp)
    }

    @Test("finds what extension headers, authentication headers and VLAN tags stand before")
    func headersBefore() {
        let report: [UInt8] = [58, 0, 5, 2, 0, 0, 1, 0, 143]
        #expect(FrameClass(of: Self.ipv6(0, report)) == .membership)
        let options: [UInt8] = [44, 1] + [UInt8](repeating: 0, count: 14) + [17, 0, 0, 0, 0, 0, 0, 1]
        #expect(FrameClass(of: Self.ipv6(60, options)) == .udp)
        let authenticated: [UInt8] = [112, 4] + [UInt8](repeating: 0, count: 22)
        #expect(FrameClass(of: Self.ipv4(51, authenticated)) == .vrrp)
        #expect(FrameGlance(at: Self.ipv4(51, authenticated)).payloadOffset == 58)
        let tagged = Self.addresses + [0x88, 0xa8, 0, 7, 0x81, 0, 0, 5] + Self.ipv4(112).dropFirst(12)
        #expect(FrameClass(of: tagged) == .vrrp)
        #expect(FrameGlance(at: tagged).etherType == 0x0800)
        #expect(FrameClass(of: Self.addresses + [0x81, 0, 0, 5, 8, 6, 0]) == .arp)
    }

    @Test("takes whatever ends too early for nothing in particular")
    func short() {
        let whole = Self.ipv6(0, [58, 0, 5, 2, 0, 0, 1, 0, 143])
        for length in whole.indices.dropLast() {
            let frameClass = FrameClass(of: Array(whole.prefix(length)))
            #expect(length >= 54 ? [.other, .icmp].contains(frameClass) : frameClass == .other)
        }
        #expect(FrameClass(of: Self.addresses + [8, 6]) == .arp)
        #expect(FrameClass(of: Self.addresses + [0x81, 0]) == .other)
    }
}
