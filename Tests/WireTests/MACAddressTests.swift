import Testing
import Wire

@Suite struct MACAddressTests {
    @Test(
        "Six octets in hexadecimal are read in either case and written in lower case",
        arguments: [
            ("00:00:5e:00:01:33", "00:00:5e:00:01:33"), ("42:65:FE:D6:72:2F", "42:65:fe:d6:72:2f"),
            ("0:0:5e:0:1:33", "00:00:5e:00:01:33"), ("ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff"),
        ])
    func text(text: String, canonical: String) throws {
        #expect(try #require(MACAddress(text)).description == canonical)
    }

    @Test(
        "A text of another form is no address",
        arguments: [
            "", "00:00:5e:00:01", "00:00:5e:00:01:33:00", "00-00-5e-00-01-33", "00:00:5e:00:01:", "000:0:5e:00:01:33",
            "00:00:5e:00:01:3g", "+0:00:5e:00:01:33", "-0:00:5e:00:01:33", "00005e000133",
        ])
    func badText(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test("Octets travel first part first, and there are six of them")
    func octets() {
        let address = MACAddress(rawValue: 0x4265_fed6_722f)
        #expect(address.octets == [0x42, 0x65, 0xfe, 0xd6, 0x72, 0x2f])
        #expect(MACAddress(octets: address.octets) == address)
        #expect(MACAddress(octets: [0x42, 0x65, 0xfe, 0xd6, 0x72]) == nil)
        #expect(MACAddress(rawValue: 0xffff_4265_fed6_722f) == address)
    }

    @Test(
        "A group maps to its Ethernet address",
        arguments: [
            ("224.0.0.18", "01:00:5e:00:00:12"),
            // RFC 1112 §6.4 keeps 23 bits, so two groups may share an address.
            ("239.129.2.3", "01:00:5e:01:02:03"),
            ("224.1.2.3", "01:00:5e:01:02:03"),
            ("ff02::12", "33:33:00:00:00:12"),
            ("ff02::1:ffab:cdef", "33:33:ff:ab:cd:ef"),
        ])
    func multicast(group: String, mac: String) throws {
        let address = MACAddress.multicast(try #require(IPAddress(group)))
        #expect(address.description == mac)
        #expect(address.isMulticast)
    }

    @Test("A virtual router has one address per family, with its number as the last octet")
    func virtualRouter() {
        #expect(MACAddress.virtualRouter(51, .ipv4).description == "00:00:5e:00:01:33")
        #expect(MACAddress.virtualRouter(51, .ipv6).description == "00:00:5e:00:02:33")
        #expect(MACAddress.virtualRouter(255, .ipv4).description == "00:00:5e:00:01:ff")
        #expect(!MACAddress.virtualRouter(51, .ipv4).isMulticast)
    }
}
