import Foundation
import Testing
import Wire

@Suite struct IPAddressTests {
    @Test("The text decides the family", arguments: [("10.9.0.1", AddressFamily.ipv4), ("fe80::1", .ipv6)])
    func text(text: String, family: AddressFamily) throws {
        let address = try #require(IPAddress(text))
        #expect(address.family == family)
        #expect(address.description == text)
        #expect(IPAddress(octets: address.octets) == address)
    }

    @Test("A text or a length of neither family is no address")
    func neither() {
        #expect(IPAddress("router") == nil)
        #expect(IPAddress("10.9.0.1/24") == nil)
        #expect(IPAddress(octets: [UInt8](repeating: 0, count: 6)) == nil)
    }

    @Test("IPv4 sorts before IPv6, and each as numbers")
    func order() throws {
        let texts = ["ff02::12", "10.0.0.10", "::1", "224.0.0.18", "10.0.0.9"]
        #expect(
            try texts.map { try #require(IPAddress($0)) }.sorted().map(\.description)
                == ["10.0.0.9", "10.0.0.10", "224.0.0.18", "::1", "ff02::12"])
    }

    @Test("Each family has its VRRP group")
    func group() {
        #expect(AddressFamily.ipv4.vrrpGroup.description == "224.0.0.18")
        #expect(AddressFamily.ipv6.vrrpGroup.description == "ff02::12")
    }

    @Test("In JSON an address is the text that people write")
    func json() throws {
        let address = try #require(IPPrefix("10.9.0.1/24"))
        let data = try JSONEncoder().encode([address.address])
        #expect(String(decoding: data, as: UTF8.self) == #"["10.9.0.1"]"#)
        #expect(try JSONDecoder().decode([IPAddress].self, from: data) == [address.address])
        #expect(try JSONDecoder().decode([IPPrefix].self, from: Data(#"["10.9.0.1\/24"]"#.utf8)) == [address])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([IPAddress].self, from: Data(#"["10.9.0"]"#.utf8))
        }
    }
}

@Suite struct IPPrefixTests {
    @Test(
        "A prefix holds the addresses that share its leading bits, and no others",
        arguments: [
            ("10.9.0.1/24", "10.9.0.255", true),
            ("10.9.0.1/24", "10.9.1.0", false),
            ("10.9.0.0/20", "10.9.15.255", true),
            ("10.9.0.0/20", "10.9.16.0", false),
            ("10.9.0.128/25", "10.9.0.127", false),
            ("10.9.0.1/32", "10.9.0.1", true),
            ("10.9.0.1/32", "10.9.0.0", false),
            ("0.0.0.0/0", "255.255.255.255", true),
            ("0.0.0.0/0", "::", false),
            ("::/0", "ff02::12", true),
            ("::/0", "0.0.0.0", false),
            ("fe80::/10", "febf::1", true),
            ("fe80::/10", "fec0::1", false),
            ("2001:db8::1/128", "2001:db8::1", true),
            ("2001:db8::1/127", "2001:db8::2", false),
        ])
    func contains(prefix: String, address: String, isInside: Bool) throws {
        #expect(try #require(IPPrefix(prefix)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "A prefix is read with its length or as a single host",
        arguments: [
            ("10.9.0.1/24", "10.9.0.1/24"), ("10.9.0.1", "10.9.0.1/32"), ("10.9.0.1/0", "10.9.0.1/0"),
            ("fe80::1", "fe80::1/128"), ("FE80::1/64", "fe80::1/64"),
        ])
    func text(text: String, canonical: String) throws {
        #expect(try #require(IPPrefix(text)).description == canonical)
    }

    @Test(
        "A length that the family does not have is refused",
        arguments: [
            "10.9.0.1/33", "fe80::1/129", "10.9.0.1/", "10.9.0.1/-1", "10.9.0.1/-0", "10.9.0.1/+8", "10.9.0.1/8/8",
            "10.9.0.1/x", "/24", "", "10.9.0.1/99999999999999999999",
        ])
    func badText(text: String) {
        #expect(IPPrefix(text) == nil)
    }
}
