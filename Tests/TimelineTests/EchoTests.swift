import Testing
import Timeline
import Wire

@Suite("Echo answers")
struct EchoTests {
    private static let vip = IPv4Address(192, 168, 1, 100)
    private static let first = MACAddress("02:00:00:00:00:11") ?? .broadcast
    private static let second = MACAddress("02:00:00:00:00:12") ?? .broadcast

    @Test("An outage is what two answers are apart beyond the pace of the questions")
    func outage() {
        let timeline = Self.timeline([0, 10, 20, 70, 80])
        #expect(Self.outage(timeline, 0...80) == .milliseconds(40))
        #expect(Self.outage(timeline, 70...80) == .zero)
    }

    @Test("Silence up to the end of the window, and from its beginning on, is an outage too")
    func ends() {
        let timeline = Self.timeline([50, 60])
        #expect(Self.outage(timeline, 0...60) == .milliseconds(40))
        #expect(Self.outage(timeline, 50...200) == .milliseconds(130))
        #expect(Self.outage(Timeline(), 0...100) == .milliseconds(90))
    }

    @Test("Answers to others, of others, and questions do not count")
    func others() {
        let timeline = Timeline([
            Self.answer(at: 10), Self.answer(at: 20, node: "node1"),
            Self.answer(at: 30, source: IPv4Address(10, 0, 0, 1)),
            Self.answer(at: 40, isReply: false), Self.answer(at: 50, direction: .sent),
        ])
        #expect(timeline.echoAnswers(from: .v4(Self.vip), to: "client").map(\.time) == [Self.instant(10)])
    }

    @Test("An answer tells which of two stations gave it")
    func responder() {
        let timeline = Timeline([Self.answer(at: 10), Self.answer(at: 20, mac: Self.second)])
        let answers = timeline.echoAnswers(from: .v4(Self.vip), to: "client")
        #expect(answers.map(\.responder) == [Self.first, Self.second])
    }

    private static func outage(_ timeline: Timeline, _ window: ClosedRange<Int>) -> Duration {
        timeline.longestOutage(
            of: .v4(vip), seenBy: "client", askingEvery: .milliseconds(10),
            during: instant(window.lowerBound)...instant(window.upperBound))
    }

    private static func timeline(_ times: [Int]) -> Timeline {
        Timeline(times.map { answer(at: $0) })
    }

    private static func instant(_ milliseconds: Int) -> Instant {
        .zero + .milliseconds(milliseconds)
    }

    private static func answer(
        at time: Int, node: String = "client", source: IPv4Address = vip, mac: MACAddress = first, isReply: Bool = true,
        direction: CapturedFrame.Direction = .received
    ) -> TimelineEvent {
        let echo = ICMPEcho(isReply: isReply, identifier: 2, sequence: 7)
        let packet = IPPacket(
            source: .v4(source), destination: .v4(IPv4Address(192, 168, 1, 50)), hopLimit: 64,
            protocolNumber: ICMPEcho.protocolNumber, payload: echo.serialized())
        let frame = EthernetFrame(
            destination: .broadcast, source: mac, etherType: EthernetFrame.EtherType.ipv4, payload: packet.serialized())
        return TimelineEvent(
            at: instant(time), node: node,
            .frame(CapturedFrame(interface: "eth0", direction: direction, octets: frame.serialized())))
    }
}
