import Testing
import Wire

/// What is inside frames other than VRRP, ARP and neighbor discovery.
@Suite("Decoded frames")
struct DecodedFrameTests {
    @Test("Each kind of frame has its line for people", arguments: FrameSample.all)
    func summary(sample: FrameSample) throws {
        #expect(try Frame(parsing: sample.octets).summary == sample.summary, "\(sample.name)")
    }

    @Test("No prefix of a frame is read as more than it is, and none makes the reader fail", arguments: FrameSample.all)
    func prefixes(sample: FrameSample) throws {
        for length in 0..<sample.octets.count {
            let octets = Array(sample.octets.prefix(length))
            guard length >= 14 else {
                #expect(throws: WireError.self) { try Frame(parsing: octets) }
                continue
            }
            // The IP header says how long the packet is, and ARP is as long as it is.
            #expect(try Frame(parsing: octets).content == .other, "\(sample.name), \(length) octets")
        }
    }

    @Test("A packet whose IP header is right and whose payload ends early is left as an IP packet or as its message")
    func cutPayloads() throws {
        for sample in FrameSample.all where sample.octets[12] == 0x86 {
            for length in 54..<sample.octets.count {
                var octets = Array(sample.octets.prefix(length))
                (octets[18], octets[19]) = (UInt8((length - 54) >> 8), UInt8((length - 54) & 0xff))
                let frame = try Frame(parsing: octets)
                #expect(frame.ipPacket?.payload.count == length - 54, "\(sample.name), \(length) octets")
                #expect(!frame.summary.isEmpty)
            }
        }
    }

    @Test("Any octet may hold any value", arguments: FrameSample.all)
    func changedOctets(sample: FrameSample) throws {
        for index in sample.octets.indices {
            for value: UInt8 in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                var octets = sample.octets
                octets[index] = value
                #expect(try !Frame(parsing: octets).summary.isEmpty)
            }
        }
    }

    @Test("An echo over either family has its numbers, and is written as it is read")
    func echoes() throws {
        guard case .icmp(let message, _) = try Self.frame("echo request").content else {
            Issue.record("no ICMP")
            return
        }
        #expect(message.kind == .echoRequest)
        #expect(message.echo == ICMPEcho(identifier: 2, sequence: 7))
        #expect(message.echo?.serialized() == [UInt8](hex: "0800f7f600020007"))
        guard case .icmp(let other, let packet) = try Self.frame("echo request over IPv6").content,
            case .v6(let source) = packet.source, case .v6(let destination) = packet.destination
        else {
            Issue.record("no ICMPv6")
            return
        }
        let written = try #require(other.echo).serialized(source: source, destination: destination)
        #expect(written == [UInt8](hex: "8000822e 00020007"))
    }

    @Test("A router's advertisement says what hosts need")
    func routerAdvertisement() throws {
        guard case .routerAdvertisement(let advertisement, _) = try Self.frame("router advertisement").content else {
            Issue.record("no router advertisement")
            return
        }
        #expect(advertisement.hopLimit == 64)
        #expect(advertisement.isManaged && advertisement.hasOtherSettings)
        #expect(advertisement.lifetime == .seconds(1800))
        #expect(advertisement.linkLayerAddress == MACAddress("02:00:00:00:00:01"))
        #expect(advertisement.prefixes == [try #require(IPPrefix("2001:db8::/64"))])
    }

    @Test(
        "A query says how long hosts may take to answer",
        arguments: [
            ("IGMPv2 query", Duration.milliseconds(10_000)),
            // 0x8a: (10 + 16) shifted by 3, in tenths of a second.
            ("IGMPv3 query", .milliseconds(20_800)), ("MLDv1 query behind hop-by-hop options", .seconds(10)),
            // 0x83e8: (1000 + 4096) shifted by 3, in milliseconds.
            ("MLDv2 query", .milliseconds(40_768)),
        ])
    func answerTime(name: String, limit: Duration) throws {
        guard case .group(let message, _) = try Self.frame(name).content, case .query(_, _, limit) = message.content
        else {
            Issue.record("not a query to be answered within \(limit)")
            return
        }
    }

    @Test("Extension headers are walked over and kept, and a fragment of several stays closed")
    func extensionHeaders() throws {
        let frame = try Self.frame("MLDv2 report")
        let layer = try #require(frame.ipPacket).upperLayer()
        #expect(layer.protocolNumber == 58)
        #expect(layer.extensionHeaders == [IPv6ExtensionHeader(number: 0, body: [5, 2, 0, 0, 1, 0])])
        var packet = try #require(try Self.frame("UDP over IPv6").ipPacket)
        let datagram = packet.payload
        packet.protocolNumber = 44
        packet.payload = [17, 0, 0, 0, 0, 0, 0, 1] + datagram
        #expect(try packet.upperLayer().payload == datagram)
        packet.payload[3] = 1
        #expect(throws: WireError.badValue(field: "fragment", value: 1)) { try packet.upperLayer() }
    }

    @Test("A TCP segment and a datagram say where they go and what they carry")
    func transports() throws {
        guard case .tcp(let segment, _) = try Self.frame("TCP, data").content else {
            Issue.record("no TCP")
            return
        }
        #expect(segment.flags == [.push, .acknowledge])
        #expect((segment.sequence, segment.acknowledgment) == (4097, 17))
        #expect(segment.payload == Array("ok".utf8))
        guard case .udp(let datagram, let packet) = try Self.frame("UDP").content else {
            Issue.record("no UDP")
            return
        }
        #expect(datagram == UDPDatagram(sourcePort: 4660, destinationPort: 53, payload: Array("hello".utf8)))
        let written = datagram.serialized(source: packet.source, destination: packet.destination)
        #expect(written == [UInt8](hex: "12340035000d9584 68656c6c6f"))
    }

    @Test("A tag says which network and how urgent")
    func tags() throws {
        let frame = try Self.frame("TCP behind a VLAN tag")
        #expect(frame.tags == [VLANTag(priority: 5, identifier: 100)])
        #expect(frame.tags.map(\.controlInformation) == [0xa064])
        #expect(try Self.frame("two tags around ARP").tags.map(\.identifier) == [7, 100])
    }

    private static func frame(_ name: String) throws -> Frame {
        try Frame(parsing: #require(FrameSample.all.first { $0.name == name }).octets)
    }
}
