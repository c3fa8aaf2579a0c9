import Testing
import Timeline
import Wire

@testable import Labs

@Suite("Who takes over too early")
struct EarlyTakeoverTests {
    @Test("A backup that has heard the master within its patience is early")
    func early() {
        #expect(Self.early(in: [Self.heard(150, at: 1000), Self.addition(at: 4608)]) == [4608])
    }

    @Test("One that has heard nothing for long enough is not")
    func timely() {
        #expect(Self.early(in: [Self.heard(150, at: 1000), Self.addition(at: 4609)]) == [])
    }

    @Test("Who resigned leaves the address free")
    func resigned() {
        let story = [Self.heard(150, at: 1000), Self.heard(0, at: 2000), Self.addition(at: 2610)]
        #expect(Self.early(in: story) == [])
    }

    @Test("What came in the last tenth of a second may not have been read, what came before that was")
    func busy() {
        #expect(Self.early(in: [Self.heard(150, at: 4510), Self.addition(at: 4609)]) == [])
        #expect(Self.early(in: [Self.heard(150, at: 4509), Self.addition(at: 4609)]) == [4609])
    }

    @Test("What another node hears, and another address, have nothing to do with it")
    func others() {
        let story = [Self.heard(150, at: 1000, at: "lb1"), Self.addition(at: 2000)]
        #expect(Self.early(in: story) == [])
        let other = Timeline([Self.heard(150, at: 1000), Self.addition(at: 2000)])
            .earlyTakeovers(of: CapstoneNetwork.database, by: "lb2", patience: .milliseconds(3609))
        #expect(other == [])
    }

    private static func early(in story: [TimelineEvent]) -> [Int64] {
        Timeline(story).earlyTakeovers(of: CapstoneNetwork.web, by: "lb2", patience: .milliseconds(3609))
            .map { $0.time.nanoseconds / 1_000_000 }
    }

    private static func addition(at milliseconds: Int64) -> TimelineEvent {
        TimelineEvent(
            at: Instant(nanoseconds: milliseconds * 1_000_000), node: "lb2",
            .addressAdded(IPPrefix(CapstoneNetwork.web, length: 24)!, interface: "data0"))
    }

    private static func heard(_ priority: UInt8, at milliseconds: Int64, at node: String = "lb2") -> TimelineEvent {
        let source = CapstoneNetwork.address(of: "lb1", in: 1)
        let destination = CapstoneNetwork.address(of: "lb2", in: 1)
        let packet = VRRPPacket(
            version: 2, virtualRouterID: 51, priority: priority, interval: .seconds(1), addresses: [CapstoneNetwork.web]
        )
        let carrier = IPPacket(
            source: source, destination: destination, hopLimit: 255, protocolNumber: 112, trafficClass: 0xc0,
            identification: 1, payload: packet.serialized(source: source, destination: destination))
        let frame = EthernetFrame(
            destination: .broadcast, source: MACAddress(rawValue: 0x0200_0000_0001), etherType: 0x0800,
            payload: carrier.serialized())
        let captured = CapturedFrame(interface: "data0", direction: .received, octets: frame.serialized())
        return TimelineEvent(at: Instant(nanoseconds: milliseconds * 1_000_000), node: node, .frame(captured))
    }
}
