import Testing
import Wire

@Suite struct IPv6AddressTests {
    @Test(
        "Every spelling of an address is written as RFC 5952 has it",
        arguments: [
            ("::", "::"),
            ("0:0:0:0:0:0:0:0", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("fe80::5e:233", "fe80::5e:233"),
            // §4.1: no leading zeros.
            ("2001:0db8::0001", "2001:db8::1"),
            // §4.2.1: shortened as far as it goes.
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            // §4.2.2: a single zero group stays.
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            // §4.2.3: the longest run, and of two equal ones the first.
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            // §4.3: lower case.
            ("2001:DB8::ABCD", "2001:db8::abcd"),
            ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("1:0:0:2::", "1:0:0:2::"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"),
            ("64:ff9b:0:0:0:0:192.0.2.1", "64:ff9b::c000:201"),
        ])
    func text(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
    }

    @Test(
        "A text that RFC 4291 does not know is no address",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1::2:3:4:5:6:7:8",
            "1::2::3", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:::2", "12345::", "g::", "+1::", "-0::", "fe80::1%eth0",
            "fe80::1/64", " ::1", "::1 ", "192.0.2.1", "192.0.2.1::", "::192.0.2.1:1", "::192.0.2", "::192.0.2.256",
            "1:2:3:4:5:6:7:192.0.2.1",
        ])
    func badText(text: String) {
        #expect(IPv6Address(text) == nil)
    }

    @Test("Octets travel first group first, and there are sixteen of them")
    func octets() throws {
        let octets = [UInt8](hex: "20010db8 00000001 00000000 000000fe")
        let address = IPv6Address(high: 0x2001_0db8_0000_0001, low: 0xfe)
        #expect(address.octets == octets)
        #expect(IPv6Address(octets: octets) == address)
        #expect(IPv6Address(octets: octets.dropLast()) == nil)
        #expect(IPv6Address(octets: octets + [0]) == nil)
    }

    @Test("Addresses are ordered as unsigned numbers of 128 bits")
    func order() {
        #expect(IPv6Address(high: 1, low: .max) < IPv6Address(high: 2, low: 0))
        #expect(IPv6Address(high: 1, low: 1) < IPv6Address(high: 1, low: 1 << 63))
    }

    @Test(
        "fe80::/10 is link-local and ff00::/8 multicast",
        arguments: [
            ("fe7f::1", false, false), ("fe80::1", true, false), ("febf::1", true, false), ("fec0::1", false, false),
            ("ff02::12", false, true), ("feff::1", false, false), ("2001:db8::1", false, false),
        ])
    func scope(text: String, isLinkLocal: Bool, isMulticast: Bool) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.isLinkLocal == isLinkLocal)
        #expect(address.isMulticast == isMulticast)
    }

    @Test("The groups have the numbers that IANA gave them")
    func groups() {
        #expect(IPv6Address.vrrpGroup.description == "ff02::12")
        #expect(IPv6Address.allNodes.description == "ff02::1")
    }
}
