import Testing
import Timeline
import Wire

@Suite("What a client went through")
struct ServiceExperienceTests {
    private static let vip = IPAddress.v4(IPv4Address(192, 168, 1, 100))

    @Test("An outage is from the last request that was answered to the next one, whatever came in between")
    func outages() {
        let experience = Self.experience(["a", "a", nil, nil, "b", nil, "b"])
        #expect(
            experience.outages == [
                .init(lastGood: Self.instant(10), firstGood: Self.instant(40), missed: 2),
                .init(lastGood: Self.instant(40), firstGood: Self.instant(60), missed: 1),
            ])
        #expect(experience.longestOutage?.length == .milliseconds(30))
        #expect(experience.responders == ["a", "b"])
    }

    @Test("What begins or ends without an answer is an outage without a length")
    func openOutages() {
        let experience = Self.experience([nil, "a", nil, nil])
        #expect(
            experience.outages == [
                .init(lastGood: nil, firstGood: Self.instant(10), missed: 1),
                .init(lastGood: Self.instant(10), firstGood: nil, missed: 2),
            ])
        #expect(experience.longestOutage == nil)
        #expect(Self.experience([nil, nil]).outages == [.init(lastGood: nil, firstGood: nil, missed: 2)])
        #expect(Self.experience([]).outages.isEmpty)
        #expect(Self.experience(["a", "a"]).outages.isEmpty)
    }

    @Test("An answer of the wrong host is told from an answer")
    func wrongAnswers() {
        let experience = Self.experience(["node1", "node2", "node1"])
        #expect(experience.wrongAnswers(expected: ["node1"]).map(\.number) == [1])
    }

    @Test("Events of a probe make an experience, in the order of the requests and not of the answers")
    func events() {
        let late = ClientRequest(
            service: "192.168.1.100:80", number: 0, asked: Self.instant(0), outcome: .failed("no answer"))
        let soon = ClientRequest(
            service: "192.168.1.100:80", number: 1, asked: Self.instant(10), outcome: .answered(by: "node2"))
        let timeline = Timeline([
            TimelineEvent(at: Self.instant(12), node: "client", .request(soon)),
            TimelineEvent(at: Self.instant(900), node: "client", .request(late)),
            TimelineEvent(at: Self.instant(901), node: "other", .request(late)),
        ])
        #expect(timeline.experience(of: "192.168.1.100:80", by: "client").requests == [late, soon])
        #expect(timeline.of(.client).count == 3)
    }

    @Test(
        "Echoes are paired with their answers over either family, also those that never left and those that came twice")
    func echoes() throws {
        for (client, service) in [("192.168.1.50", "192.168.1.100"), ("2001:db8::50", "2001:db8::100")] {
            let (client, service) = (try #require(IPAddress(client)), try #require(IPAddress(service)))
            var timeline = Timeline()
            let add = { (time: Int, sequence: UInt16, isReply: Bool) in
                timeline.append(Self.echo(at: time, sequence, isReply: isReply, client, service))
            }
            add(0, 65_534, false)
            add(1, 65_534, true)
            add(10, 65_535, false)
            // 0 never left, as while the client looks for the address.
            add(30, 1, false)
            add(31, 1, true)
            add(32, 1, true)
            let experience = timeline.echoExperience(of: service, by: "client")
            #expect(experience.requests.map(\.number) == [0, 1, 3])
            #expect(
                experience.outages == [.init(lastGood: Self.instant(0), firstGood: Self.instant(30), missed: 2)])
            #expect(experience.duplicates.map(\.number) == [3])
            #expect(experience.responders == ["02:00:00:00:00:12"])
        }
    }

    private static func experience(_ responders: [String?]) -> ServiceExperience {
        ServiceExperience(
            responders.enumerated().map { number, responder in
                ClientRequest(
                    service: "s", number: number, asked: instant(10 * number),
                    outcome: responder.map { .answered(by: $0) } ?? .failed("refused"))
            })
    }

    private static func instant(_ milliseconds: Int) -> Instant { .zero + .milliseconds(milliseconds) }

    private static func echo(
        at time: Int, _ sequence: UInt16, isReply: Bool, _ client: IPAddress, _ service: IPAddress
    ) -> TimelineEvent {
        let echo = ICMPEcho(isReply: isReply, identifier: 2, sequence: sequence)
        let (source, destination) = isReply ? (service, client) : (client, service)
        let payload: [UInt8]
        let number: UInt8
        switch (source, destination) {
        case (.v6(let source), .v6(let destination)):
            (payload, number) = (echo.serialized(source: source, destination: destination), IPPacket.icmpv6)
        default: (payload, number) = (echo.serialized(), ICMPEcho.protocolNumber)
        }
        let packet = IPPacket(
            source: source, destination: destination, hopLimit: 64, protocolNumber: number, payload: payload)
        let frame = EthernetFrame(
            destination: .broadcast, source: MACAddress(rawValue: 0x0200_0000_0012),
            etherType: source.family == .ipv4 ? EthernetFrame.EtherType.ipv4 : EthernetFrame.EtherType.ipv6,
            payload: packet.serialized())
        return TimelineEvent(
            at: instant(time), node: "client",
            .frame(
                CapturedFrame(
                    interface: "eth0", direction: isReply ? .received : .sent, octets: frame.serialized())))
    }
}
