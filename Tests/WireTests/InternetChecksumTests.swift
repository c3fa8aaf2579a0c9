import Testing
import Wire

@Suite struct InternetChecksumTests {
    @Test(
        "The checksum is the complement of the ones' complement sum",
        arguments: [
            ("", 0xffff),
            // The example of RFC 1071 §3.
            ("0001 f203 f4f5 f6f7", 0x220d),
            // An odd last octet counts as the high half of a word.
            ("0001 f2", 0x0dfe),
            // The carry of a carry is folded too.
            ("ffff 0001 ffff", 0xfffe),
            ("ffff", 0x0000),
        ] as [(String, UInt16)])
    func plain(hex: String, checksum: UInt16) {
        #expect(InternetChecksum.of([UInt8](hex: hex)) == checksum)
    }

    @Test("An IPv4 header that carries its checksum sums to zero, and a changed one does not")
    func verifies() {
        var header = [UInt8](hex: "45c0002800010000ff70d0880a090001e0000012")
        #expect(InternetChecksum.of(header) == 0)
        header[8] = 254
        #expect(InternetChecksum.of(header) != 0)
    }

    @Test("The pseudo-header covers both addresses, the protocol and the length")
    func pseudoHeader() throws {
        let source = IPAddress.v4(IPv4Address(10, 9, 0, 1))
        let message = [UInt8](hex: "312cc801 00190000 0a090090")
        #expect(
            InternetChecksum.of(message, source: source, destination: .v4(.vrrpGroup), protocol: 112) == 0x1187)
        #expect(
            InternetChecksum.of(message, source: source, destination: .v4(.any), protocol: 112) != 0x1187)
        #expect(
            InternetChecksum.of(message, source: source, destination: .v4(.vrrpGroup), protocol: 58) != 0x1187)
        #expect(
            InternetChecksum.of(message + [0, 0], source: source, destination: .v4(.vrrpGroup), protocol: 112) != 0x1187
        )
    }
}
