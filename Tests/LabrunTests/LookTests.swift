import Testing
import Timeline
import Wire

@testable import labrun

@Suite("What labrun look says") struct LookTests {
    private static let vip = IPAddress.v4(IPv4Address(192, 168, 1, 100))

    private func claim(
        _ node: String, host: UInt8, _ priority: UInt8, version: UInt8 = 2, router: UInt8 = 51,
        every interval: Duration = .seconds(1), _ addresses: [IPAddress] = [vip],
        _ authentication: VRRPPacket.Authentication = .none, isUnicast: Bool = false, reached: Set<String> = []
    ) -> LookClaim {
        LookClaim(
            node: node, time: .zero,
            packet: VRRPPacket(
                version: version, virtualRouterID: router, priority: priority, interval: interval, addresses: addresses,
                authentication: authentication),
            isUnicast: isUnicast, reached: reached, source: .v4(IPv4Address(192, 168, 1, host)))
    }

    @Test("Two masters that differ in one thing are told by its code, whichever stands first")
    func differences() {
        let one = claim("node1", host: 11, 150)
        let other = IPAddress.v4(IPv4Address(192, 168, 1, 101))
        let rivals: [(LookClaim, String)] = [
            (claim("node2", host: 12, 100, router: 52), "VR201"),
            (claim("node2", host: 12, 100, [Self.vip], .password(Array("geheim12".utf8))), "VR202"),
            (claim("node2", host: 12, 100, every: .seconds(2)), "VR203"),
            (claim("node2", host: 12, 100, version: 3), "VR204"),
            (claim("node2", host: 12, 100, [Self.vip, other]), "VR205"),
            (claim("node2", host: 12, 100, isUnicast: true), "VR207"),
        ]
        for (rival, code) in rivals {
            #expect(LookHints.contest(one, rival).code == code)
            #expect(LookHints.contest(rival, one).code == code)
        }
    }

    @Test("Two that agree, and of which the weaker's port gets the stronger's frames, are told as a filter")
    func filtered() {
        let stronger = claim("node1", host: 11, 150, reached: ["node2", "client"])
        let weaker = claim("node2", host: 12, 100)
        for hint in [LookHints.contest(stronger, weaker), LookHints.contest(weaker, stronger)] {
            #expect(hint.code == "VR206")
            #expect(hint.sentence.hasPrefix("Advertisements of node1 reach node2's port"))
        }
    }

    @Test(
        "Of two with one priority the higher address is the stronger; frames that do not arrive are no file's mistake"
    )
    func lost() {
        let low = claim("node1", host: 11, 100, reached: ["node2"])
        let high = claim("node2", host: 12, 100, reached: ["client"])
        for hint in [LookHints.contest(low, high), LookHints.contest(high, low)] {
            #expect(hint.code == nil)
            #expect(hint.sentence.hasPrefix("Advertisements of node2 do not reach node1"))
        }
    }

    @Test("A lab with two owners is one screen of 80 columns that says so loudly")
    func screen() {
        let address = LookReport.Address(
            address: "192.168.1.100", owners: [.init(node: "node1", since: 9.26), .init(node: "node2", since: 3.04)],
            sharedFor: 3.04, lostFor: nil, asker: "client",
            answers: [.init(mac: "d2:c0:c8:ef:5d:ce", node: "node1"), .init(mac: "fa:4f:db:60:6e:54", node: nil)])
        let router = { (state: String?, sent: Double?, heard: LookReport.Hearing?) in
            LookReport.Router(
                name: "VI_1", virtualRouterID: 51, state: state, configuredPriority: 150, advertisedPriority: 130,
                hasAddress: true, sent: sent, isSending: sent != nil, heard: heard)
        }
        let report = LookReport(
            name: "lab", plan: SessionPlan(step: "step4", variant: "reference", daemon: "ours", isFast: false, etc: ""),
            age: 12.7, addresses: [address],
            nodes: [
                .init(name: "node1", daemon: "vrrpd", end: "signal 9", routers: [router("MASTER", nil, nil)]),
                .init(
                    name: "node2", daemon: "vrrpd",
                    routers: [router("MASTER", 0.44, .init(node: "node1", priority: 0, ago: 3.66))]),
                .init(name: "client", routers: []),
            ],
            faults: [],
            hints: [LookHint(code: "VR206", sentence: String(repeating: "word ", count: 20) + "end")])
        #expect(
            report.text == [
                "lab: step4, reference, ours; up for 12 s",
                "no fault is in force",
                "",
                "  192.168.1.100  *** 2 OWNERS ***  node1 and node2 have it together, for 3.0 s",
                "    client asked by ARP: d2:c0:c8:ef:5d:ce (node1), fa:4f:db:60:6e:54 (nobody's)",
                "",
                "  NODE      STATE    PRIO  VIP  SENT LAST    ADVERT AT ITS PORT",
                "  node1     dead     150   yes  -            -",
                "  node2     MASTER   130   yes  0.4 s ago    node1 (0) 3.7 s ago",
                "  client    no daemon",
                "",
                "  ! word word word word word word word word word word word word word word word",
                "    word word word word word end",
                "    looks like VR206: labrun explain VR206",
            ])
        #expect(report.text.allSatisfy { $0.count <= 80 })
    }

    @Test(
        "A captured line has the machine's time, how long after its last of the kind, the sender and its words"
    )
    func captured() {
        let packet = VRRPPacket(
            version: 2, virtualRouterID: 51, priority: 150, interval: .seconds(1), addresses: [Self.vip])
        let source = IPAddress.v4(IPv4Address(192, 168, 1, 11))
        let group = IPAddress.v4(IPv4Address(224, 0, 0, 18))
        let carrier = IPPacket(
            source: source, destination: group, hopLimit: 255, protocolNumber: VRRPPacket.protocolNumber,
            payload: packet.serialized(source: source, destination: group))
        let frame = EthernetFrame(
            destination: .multicast(group), source: MACAddress(rawValue: 0x0200_0000_000b),
            etherType: EthernetFrame.EtherType.ipv4, payload: carrier.serialized())
        var text = CaptureText(realTimeOffset: 0)
        let lines = [Int64(1_000_000), 1_001_234_000].map { time in
            text.line(
                TimelineEvent(
                    at: Instant(nanoseconds: time), node: "node1",
                    .frame(CapturedFrame(interface: "eth0", direction: .sent, octets: frame.serialized()))))
        }
        #expect(lines[0].hasSuffix(":00.001000             node1  VRRPv2 51 priority 150: 192.168.1.100"))
        #expect(lines[1].hasSuffix(":01.001234    +1.0002  node1  VRRPv2 51 priority 150: 192.168.1.100"))
        #expect(text.line(TimelineEvent(at: .zero, .fault("x"))).hasSuffix(":00.000000  -- fault: x"))
    }
}
