import Testing
import Wire

@Suite struct IPv4AddressTests {
    @Test(
        "Dotted decimal is read and written alike",
        arguments: [
            ("0.0.0.0", 0), ("10.9.0.1", 0x0a09_0001), ("224.0.0.18", 0xe000_0012),
            ("255.255.255.255", 0xffff_ffff),
        ] as [(String, UInt32)])
    func text(text: String, number: UInt32) throws {
        let address = try #require(IPv4Address(text))
        #expect(address.rawValue == number)
        #expect(address.description == text)
    }

    @Test(
        "A text that is not dotted decimal is no address",
        arguments: [
            "", "10", "10.0.0", "10.0.0.1.2", "10.0.0.256", "10.0.0.", ".10.0.0", "10..0.1", "10.0.0.0001", "10.0.0.01",
            "10.0.0.-1", "10.0.0.+1", "10.0.0.1 ", " 10.0.0.1", "0x0a.0.0.1", "a.b.c.d", "١.0.0.1", "10.0.0.1/24",
        ])
    func badText(text: String) {
        #expect(IPv4Address(text) == nil)
    }

    @Test("Octets travel first part first, and there are four of them")
    func octets() {
        #expect(IPv4Address(192, 0, 2, 18).octets == [192, 0, 2, 18])
        #expect(IPv4Address(octets: [192, 0, 2, 18]) == IPv4Address(192, 0, 2, 18))
        #expect(IPv4Address(octets: [192, 0, 2]) == nil)
        #expect(IPv4Address(octets: [192, 0, 2, 18, 0]) == nil)
    }

    @Test("Addresses are ordered as unsigned numbers")
    func order() {
        #expect(IPv4Address(10, 0, 0, 2) < IPv4Address(10, 0, 0, 10))
        #expect(IPv4Address(9, 255, 255, 255) < IPv4Address(10, 0, 0, 0))
        #expect(IPv4Address(127, 0, 0, 1) < IPv4Address(198, 18, 0, 1))
    }

    @Test("224.0.0.0/4 is multicast, its neighbors are not")
    func multicast() {
        #expect(!IPv4Address(223, 255, 255, 255).isMulticast)
        #expect(IPv4Address(224, 0, 0, 0).isMulticast)
        #expect(IPv4Address.vrrpGroup.isMulticast)
        #expect(IPv4Address(239, 255, 255, 255).isMulticast)
        #expect(!IPv4Address(240, 0, 0, 0).isMulticast)
    }
}
