import Testing
import Timeline
import Wire

@Suite("Convergence")
struct ConvergenceTests {
    private static let virtual = MACAddress(rawValue: 0x0000_5e00_0133)
    private static let client = IPAddress.v4(IPv4Address(192, 168, 1, 50))

    @Test("Each step is the first of its kind after the fault, and the table says when")
    func steps() {
        let convergence = Self.convergence(Self.story().timeline)
        #expect(convergence.steps.allSatisfy { !$0.isMissing })
        #expect(convergence.disorder.isEmpty)
        #expect(convergence.microseconds(to: .firstAdvertisement) == 3_000_000)
        #expect(
            convergence.description == """
                         µs      or  after the fault, 192.168.1.100
                    -499980          last advertisement heard
                    3000000          first advertisement of the new master
                    3000400    -200  address added
                    3000500          first announcement
                          -          bridge forwards to the new master: 02:00:00:00:00:0c is node2's own and stays \
                where it is
                    3000700    -100  client's neighbor entry changed
                    3010100          first answer of the new master

                """)
    }

    @Test("A virtual station moves in the bridge, and the client's belief stays")
    func virtualStation() {
        var story = Self.story(station: Self.virtual)
        let port = { (node: String) in SwitchPort(node, "eth0") }
        story.add(
            5.000_6, .forwarding(Self.virtual, ForwardingChange(before: port("node1"), now: port("node2"))),
            uncertainty: .microseconds(100))
        let convergence = Self.convergence(story.timeline)
        #expect(convergence.steps.allSatisfy { !$0.isMissing })
        #expect(convergence[.forwarding].event?.time == at(5.000_6))
        #expect(convergence[.neighbor].finding == .notNeeded("client knew 00:00:5e:00:01:33 before"))
    }

    @Test("What was not seen is missing, and says what to look for")
    func missing() {
        let convergence = Self.convergence(Story.partition)
        #expect(convergence[.lastAdvertisement].event?.time == at(5.500_02))
        #expect(convergence[.answer].finding == .missing("client got nothing from node2"))
        #expect(convergence[.neighbor].finding == .missing("client's kernel told of no change"))
        #expect(Self.convergence(Timeline()).steps.allSatisfy { $0.isMissing })
    }

    @Test("An answer before the address is disorder, unless the clocks cannot tell")
    func disorder() {
        var story = Self.story(answer: 5.000_1)
        #expect(
            Self.convergence(story.timeline).disorder == [
                "first answer of the new master came 280 µs before address added",
                "first answer of the new master came 580 µs before client's neighbor entry changed",
            ])
        story = Self.story(answer: 5.000_25)
        #expect(Self.convergence(story.timeline).disorder.count == 1)
        story = Self.story(answer: 5.000_65)
        #expect(Self.convergence(story.timeline).disorder.isEmpty)
    }

    private static func convergence(_ timeline: Timeline) -> Convergence {
        Convergence(of: Story.shared, from: "node1", to: "node2", seenBy: "client", after: at(2), in: timeline)
    }

    /// node1 is heard until 1.5 s and fails at 2 s; node2 takes over at 5 s.
    private static func story(station: MACAddress? = nil, answer: Double = 5.010_08) -> Story {
        let (old, new) = (
            station ?? MACAddress(rawValue: 0x0200_0000_000b), station ?? MACAddress(rawValue: 0x0200_0000_000c)
        )
        var story = Story()
        story.add(0.9, .neighbor(Story.shared, .found(old, before: nil), interface: "eth0"), at: "client")
        // node2 is known to the bridge by what it sends as itself.
        story.frame(
            announcement(from: "node2").replacing([192, 168, 1, 100], with: [192, 168, 1, 12]), 0.5, from: "node2",
            to: [])
        story.advert(150, 1.5, from: "node1", to: ["node2", "client"])
        story.add(2, .fault("crash node1"))
        story.advert(100, 5, from: "node2", to: ["node1", "client"])
        story.add(
            5.000_4, .addressAdded(IPPrefix(host: Story.shared), interface: "eth0"), at: "node2",
            uncertainty: .microseconds(200))
        story.frame(
            EthernetFrame(
                destination: .broadcast, source: new, etherType: EthernetFrame.EtherType.arp,
                payload: ARPPacket.gratuitous(IPv4Address(192, 168, 1, 100), from: new).serialized()
            ).serialized(), 5.000_5, from: "node2", to: ["client"])
        if station == nil {
            story.add(
                5.000_7, .neighbor(Story.shared, .found(new, before: old), interface: "eth0"), at: "client",
                uncertainty: .microseconds(100))
        }
        let echo = ICMPEcho(isReply: true, identifier: 2, sequence: 1)
        let packet = IPPacket(
            source: Story.shared, destination: client, hopLimit: 64, protocolNumber: ICMPEcho.protocolNumber,
            payload: echo.serialized())
        story.frame(
            EthernetFrame(
                destination: .broadcast, source: new, etherType: EthernetFrame.EtherType.ipv4,
                payload: packet.serialized()
            ).serialized(), answer, from: "node2", to: ["client"])
        return story
    }
}
