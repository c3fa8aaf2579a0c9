import Testing
import Wire

@Suite struct VRRPPacketTests {
    static let source = IPAddress.v4(IPv4Address(10, 9, 0, 1))
    static let group = IPAddress.v4(.vrrpGroup)
    static let version2 = [UInt8](hex: "21 33 64 01 00 01 705d 0a090064 0000000000000000")
    static let version3 = [UInt8](hex: "31 2c c8 01 0019 1187 0a090090")
    static let version3IPv6 = [UInt8](
        hex: "31 42 c8 01 0032 0000 fe800000000000000000000000000066")

    // MARK: Reading

    @Test("Version 2 counts its interval in seconds, version 3 in centiseconds")
    func intervals() throws {
        #expect(try VRRPPacket(parsing: Self.version2, family: .ipv4).interval == .seconds(1))
        #expect(try VRRPPacket(parsing: Self.version3, family: .ipv4).interval == .milliseconds(250))
    }

    @Test("Bits that version 3 reserves are ignored and written as zeros")
    func reservedBits() throws {
        var octets = Self.version3
        octets[4] = 0xf0
        let packet = try VRRPPacket(parsing: octets, family: .ipv4)
        #expect(packet.interval == .milliseconds(250))
        #expect(packet.serialized(source: Self.source, destination: Self.group) == Self.version3)
    }

    @Test("Authentication data of type 0 are ignored and written as zeros")
    func meaninglessData() throws {
        let octets = Array(Self.version2.prefix(12)) + [1, 2, 3, 4, 5, 6, 7, 8]
        let packet = try VRRPPacket(parsing: octets, family: .ipv4)
        #expect(packet.authentication == .none)
        #expect(packet.serialized(source: Self.source, destination: Self.group) == Self.version2)
    }

    @Test("An unknown authentication type is kept with its data")
    func unknownAuthentication() throws {
        let octets = [UInt8](hex: "21 33 96 01 02 01 0a5d 0a090064 0102030405060708")
        let packet = try VRRPPacket(parsing: octets, family: .ipv4)
        #expect(packet.authentication == .other(type: 2, data: [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(packet.serialized(source: Self.source, destination: Self.group).suffix(8) == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test("Ranges and types are for the receiver to judge: zeros and unknown types are read")
    func notJudged() throws {
        let packet = try VRRPPacket(parsing: [UInt8](hex: "3f 00 00 00 0000 0000"), family: .ipv4)
        #expect(
            packet
                == VRRPPacket(
                    version: 3, type: 15, virtualRouterID: 0, priority: 0, interval: .zero, addresses: []))
        #expect(try VRRPPacket(parsing: [UInt8](hex: "2033000000010000 0000000000000000"), family: .ipv4).type == 0)
    }

    // MARK: Refusing

    @Test("Every shorter prefix is refused as truncated", arguments: [version2, version3])
    func truncated(octets: [UInt8]) {
        for length in 0..<octets.count {
            let error = #expect(throws: WireError.self) {
                try VRRPPacket(parsing: Array(octets.prefix(length)), family: .ipv4)
            }
            guard case .truncated = error else {
                Issue.record("\(length) octets: \(String(describing: error))")
                continue
            }
        }
    }

    @Test(
        "A length that the address count does not call for is refused",
        arguments: [
            ("212c6401000100000a090064 00000000000000 ", WireError.truncated(offset: 12, missing: 1)),
            ("212c6401000100000a090064 000000000000000000", .trailingOctets(offset: 20, count: 1)),
            ("312c6402006400000a090064", .truncated(offset: 12, missing: 4)),
            ("312c6401006400000a090064 00000000", .trailingOctets(offset: 12, count: 4)),
            ("312c6400006400000a090064", .trailingOctets(offset: 8, count: 4)),
            // Version 3 has no authentication data.
            ("312c6401006400000a090064 0000000000000000", .trailingOctets(offset: 12, count: 8)),
        ])
    func otherLengths(hex: String, error: WireError) {
        #expect(throws: error) { try VRRPPacket(parsing: [UInt8](hex: hex), family: .ipv4) }
    }

    @Test("The family decides how long an address is")
    func family() throws {
        #expect(try VRRPPacket(parsing: Self.version3IPv6, family: .ipv6).addresses.map(\.description) == ["fe80::66"])
        #expect(throws: WireError.trailingOctets(offset: 12, count: 12)) {
            try VRRPPacket(parsing: Self.version3IPv6, family: .ipv4)
        }
        #expect(throws: WireError.truncated(offset: 8, missing: 12)) {
            try VRRPPacket(parsing: Self.version3, family: .ipv6)
        }
    }

    @Test("Versions other than 2 and 3 are refused", arguments: [0, 1, 4, 15] as [UInt8])
    func otherVersions(version: UInt8) {
        var octets = Self.version3
        octets[0] = version << 4 | 1
        #expect(throws: WireError.badValue(field: "version", value: Int(version))) {
            try VRRPPacket(parsing: octets, family: .ipv4)
        }
    }

    // MARK: Writing

    @Test("The largest intervals fill their fields, and a finer part is cut off")
    func largestIntervals() {
        var packet = VRRPPacket(
            version: 3, virtualRouterID: 1, priority: 100, interval: .milliseconds(40_959), addresses: [])
        #expect(packet.serialized(source: Self.source, destination: Self.group)[4..<6] == [0x0f, 0xff])
        packet.version = 2
        packet.interval = .milliseconds(255_999)
        #expect(packet.serialized(source: Self.source, destination: Self.group)[4..<6] == [0, 255])
    }

    @Test("A password is cut or padded to eight octets")
    func passwords() {
        var packet = VRRPPacket(
            version: 2, virtualRouterID: 51, priority: 150, interval: .seconds(1), addresses: [],
            authentication: .password(Array("abc".utf8)))
        #expect(
            packet.serialized(source: Self.source, destination: Self.group).suffix(8) == [97, 98, 99, 0, 0, 0, 0, 0])
        packet.authentication = .password(Array("0123456789".utf8))
        #expect(
            packet.serialized(source: Self.source, destination: Self.group).suffix(8)
                == [48, 49, 50, 51, 52, 53, 54, 55])
    }

    @Test("Version 2 goes over IPv6 with its authentication data and the pseudo-header")
    func version2OverIPv6() throws {
        let source = IPAddress.v6(IPv6Address(high: 0xfe80 << 48, low: 1))
        let packet = VRRPPacket(
            version: 2, virtualRouterID: 51, priority: 100, interval: .seconds(1),
            addresses: [.v6(IPv6Address(high: 0xfe80 << 48, low: 0x66))])
        let octets = packet.serialized(source: source, destination: .v6(.vrrpGroup))
        #expect(
            octets
                == [UInt8](
                    hex: "21 33 64 01 00 01 7dbc fe800000000000000000000000000066 0000000000000000"))
        #expect(try VRRPPacket(parsing: octets, family: .ipv6) == packet)
        #expect(VRRPPacket.checksumIsValid(octets, source: source, destination: .v6(.vrrpGroup)))
    }

    // MARK: Checksums

    @Test("Version 2 over IPv4 sums the message alone, whatever the addresses")
    func version2Checksum() {
        #expect(VRRPPacket.checksumIsValid(Self.version2, source: Self.source, destination: Self.group))
        #expect(VRRPPacket.checksumIsValid(Self.version2, source: Self.group, destination: Self.group))
    }

    @Test("Version 3 over IPv4 may sum the pseudo-header or leave it out, but not another one")
    func version3Checksum() throws {
        #expect(VRRPPacket.checksumIsValid(Self.version3, source: Self.source, destination: Self.group))
        #expect(!VRRPPacket.checksumIsValid(Self.version3, source: Self.source, destination: Self.source))
        let plain = try VRRPPacket(parsing: Self.version3, family: .ipv4)
            .serialized(source: Self.source, destination: Self.group, checksumAsVersion2: true)
        #expect(plain == [UInt8](hex: "31 2c c8 01 0019 fc1f 0a090090"))
        #expect(VRRPPacket.checksumIsValid(plain, source: Self.source, destination: Self.source))
    }

    @Test("A flip of any one bit makes a checksum wrong", arguments: [version2, version3])
    func flippedBits(octets: [UInt8]) {
        for bit in 0..<8 * octets.count {
            var flipped = octets
            flipped[bit / 8] ^= 0x80 >> (bit % 8)
            #expect(
                !VRRPPacket.checksumIsValid(flipped, source: Self.source, destination: Self.group), "bit \(bit)")
        }
    }

    @Test("Octets that are no VRRP message have no valid checksum")
    func noMessage() {
        for octets in [[], [0xff, 0xff], [UInt8](hex: "41000000 0000 beff")] {
            #expect(!VRRPPacket.checksumIsValid(octets, source: Self.source, destination: Self.group))
        }
    }
}
