import Testing
import Timeline
import Wire

@testable import Labs

@Suite("Who takes over too early")
struct EarlyClaimsTests {
    private static let patience: Duration = .milliseconds(3609)

    @Test("A backup that has heard the master within its patience is early")
    func early() {
        let timeline = Timeline([Self.heard(150, at: 1000), Self.claim(at: 4608)])
        #expect(Self.early(in: timeline) == [4608])
    }

    @Test("One that has heard nothing for long enough is not, and goes on as the master")
    func timely() {
        let timeline = Timeline([Self.heard(150, at: 1000), Self.claim(at: 4609), Self.claim(at: 5609)])
        #expect(Self.early(in: timeline) == [])
    }

    @Test("Who resigned leaves the address free")
    func resigned() {
        let timeline = Timeline([Self.heard(150, at: 1000), Self.heard(0, at: 2000), Self.claim(at: 2610)])
        #expect(Self.early(in: timeline) == [])
    }

    @Test("A master that hears another begins anew")
    func again() {
        let timeline = Timeline([
            Self.heard(150, at: 1000), Self.claim(at: 4609), Self.heard(150, at: 5000), Self.claim(at: 6000),
        ])
        #expect(Self.early(in: timeline) == [6000])
    }

    private static func early(in timeline: Timeline) -> [Int64] {
        timeline.earlyClaims(of: CapstoneNetwork.web, by: "lb2", patience: patience)
            .map { $0.time.nanoseconds / 1_000_000 }
    }

    private static func heard(_ priority: UInt8, at milliseconds: Int) -> TimelineEvent {
        event(from: "10.0.1.11", priority, .received, milliseconds)
    }

    private static func claim(at milliseconds: Int) -> TimelineEvent {
        event(from: "10.0.1.12", 100, .sent, milliseconds)
    }

    private static func event(
        from source: String, _ priority: UInt8, _ direction: CapturedFrame.Direction, _ milliseconds: Int
    ) -> TimelineEvent {
        let (source, destination) = (IPAddress(source)!, CapstoneNetwork.receiver)
        let packet = VRRPPacket(
            version: 2, virtualRouterID: 51, priority: priority, interval: .seconds(1), addresses: [CapstoneNetwork.web]
        )
        let carrier = IPPacket(
            source: source, destination: destination, hopLimit: 255, protocolNumber: 112, trafficClass: 0xc0,
            identification: 1, payload: packet.serialized(source: source, destination: destination))
        let frame = EthernetFrame(
            destination: .broadcast, source: MACAddress(rawValue: 0x0200_0000_0001), etherType: 0x0800,
            payload: carrier.serialized())
        let captured = CapturedFrame(interface: "data0", direction: direction, octets: frame.serialized())
        return TimelineEvent(
            at: Instant(nanoseconds: Int64(milliseconds) * 1_000_000), node: "lb2", .frame(captured))
    }
}
