import Chance
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// Impairments in a real network: what the seed says is what happens.
@Suite("A bad cable", .requiresNamespaces, .requiresTapDevices)
struct BadCableTests {
    private static let end = LinkEnd("node1", "eth0")

    /// Without IPv6, whose kernel speaks when it likes.
    private static func pair(seed: UInt64 = 1) -> Topology {
        Topology(
            (1...2).map { number in
                NodeDescription(
                    "node\(number)", [InterfaceDescription("eth0", on: "lan", ["10.0.0.\(number)/24"])],
                    settings: ["net.ipv6.conf.all.disable_ipv6": "1"])
            }, segments: [SegmentDescription("lan", fabric: .userSpace)], seed: seed)
    }

    /// Sends echo requests from node1 to node2 over a cable that loses some of them.
    ///
    /// - Returns: the numbers of those that node2 did not receive.
    private func lostRequests(of count: Int, loss: Double, seed: UInt64) async throws -> Set<Int> {
        try await Lab.run(Self.pair(seed: seed)) { lab in
            #expect(try await FabricTests.reaches(2, from: 1, in: lab))
            let start = try lab.inject(.impair(Self.end, .sent, Impairment(loss: loss, on: .only(.icmp)))).began
            for number in 1...count {
                try lab["node1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: UInt16(number))
            }
            try await lab.expect("the switch has them all", within: .seconds(10), since: start) {
                $0.node == "node1" && $0.isSent && $0.echoRequest == count
            }
            // One that is not lost, so that everything before it has arrived.
            let last = try lab.heal(.impair(Self.end, .sent, Impairment(loss: loss, on: .only(.icmp)))).began
            try lab["node1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: 0)
            try await lab.expect("the last request arrives", within: .seconds(10), since: last) {
                $0.node == "node2" && !$0.isSent && $0.echoRequest == 0
            }
            let timeline = lab.timeline[start...]
            let sent = timeline.of(node: "node1").filter(\.isSent).compactMap(\.echoRequest)
            #expect(sent.filter { $0 > 0 } == Array(1...count), "what is lost is on record as sent")
            let received = timeline.of(node: "node2").filter { !$0.isSent }.compactMap(\.echoRequest)
            let lost = Set(1...count).subtracting(received)
            let recorded = timeline.compactMap(\.impairment)
            #expect(recorded.allSatisfy { $0.effects == [.lost] && $0.frameClass == .icmp && $0.direction == .sent })
            #expect(Set(recorded.map(\.ordinal)) == lost)
            return lost
        }
    }

    @Test("that loses a tenth of 1000 requests loses exactly those that the seed says")
    func loss() async throws {
        let expected = (1...1000).filter { ordinal in
            let key = FateKey(seed: 1, link: "node1/eth0", direction: .sent, frameClass: .icmp, ordinal: ordinal)
            return Fate(of: key, length: 42, under: Impairment(loss: 0.1)).isLost
        }
        #expect((70...130).contains(expected.count))
        #expect(try await lostRequests(of: 1000, loss: 0.1, seed: 1) == Set(expected))
    }

    @Test("loses the same again with the same seed, and others with another")
    func seeds() async throws {
        let first = try await lostRequests(of: 200, loss: 0.3, seed: 5)
        #expect(try await lostRequests(of: 200, loss: 0.3, seed: 5) == first)
        #expect(try await lostRequests(of: 200, loss: 0.3, seed: 6) != first)
    }

    @Test("loses the third advertisement and no other, whatever else passes")
    func thirdAdvertisement() async throws {
        try await Lab.run(Self.pair()) { lab in
            let start = try lab.inject(.impair(Self.end, .sent, Impairment(loss: 1, on: .nth([3], .vrrp)))).began
            for number: UInt8 in 1...5 {
                try lab["node1"].send(Self.frame(number), over: "eth0")
                try lab["node1"].send(try Self.advertisement(priority: 100 + number), over: "eth0")
            }
            try await lab.expect("the fifth arrives", within: .seconds(5), since: start) {
                $0.node == "node2" && $0.advertisement?.0.priority == 105
            }
            let heard = lab.timeline.of(node: "node2").compactMap { $0.advertisement?.0.priority }
            #expect(heard == [101, 102, 104, 105])
            #expect(Self.numbers(at: "node2", in: lab.timeline) == [1, 2, 3, 4, 5])
            let notes = lab.timeline.compactMap(\.impairment)
            #expect(notes.map(\.description) == ["sent vrrp #3 lost"])
            #expect("\(Diagram(lab.timeline))".contains("vrrp lost, sent"))
            let event = try #require(lab.timeline.first { $0.impairment != nil })
            #expect(
                try JSONLines.line(EventRecord(event, origin: event.time)) == """
                    {"actualDelay":0,"direction":"sent","effects":["lost"],"frameClass":"vrrp","intendedDelay":0,\
                    "interface":"eth0","kind":"event","node":"node1","ordinal":3,"src":"wire",\
                    "summary":"sent vrrp #3 lost","t":0,"v":1,"what":"impaired"}
                    """)
        }
    }

    @Test("delays by what it was told, both ways, and records how exactly")
    func delay() async throws {
        try await Lab.run(Self.pair()) { lab in
            #expect(try await FabricTests.reaches(2, from: 1, in: lab))
            for direction in [CapturedFrame.Direction.sent, .received] {
                try lab.inject(.impair(Self.end, direction, Impairment(delay: .milliseconds(20), on: .only(.icmp))))
            }
            let start = lab.step("ask")
            try lab["node1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0", sequence: 7)
            let answer = try await lab.expect("an answer", within: .seconds(2), since: start) {
                $0.node == "node1" && !$0.isSent && $0.icmpType(1) == 0
            }
            let request = try #require(lab.timeline[start...].first { $0.echoRequest == 7 && $0.node == "node1" })
            #expect(answer.time - request.time >= .milliseconds(40))
            let notes = lab.timeline.compactMap(\.impairment)
            #expect(notes.map(\.effects) == [[.delayed], [.delayed]])
            #expect(notes.allSatisfy { $0.intendedDelay == .milliseconds(20) && $0.actualDelay >= $0.intendedDelay })
            let isTrusted = lab.timeline.stalls(in: start...answer.time).isEmpty
            #expect(!isTrusted || notes.allSatisfy { $0.actualDelay < .milliseconds(40) })
        }
    }

    @Test("delivers twice what it doubles")
    func duplication() async throws {
        try await harm(Impairment(duplication: 1), frames: [1, 2, 3]) { received, notes in
            #expect(received.map { $0[14] } == [1, 1, 2, 2, 3, 3])
            #expect(notes.map(\.effects) == [[.duplicated], [.duplicated], [.duplicated]])
        }
    }

    @Test("lets the next frame pass one that it holds back, and does not hold it for ever")
    func reordering() async throws {
        let impairment = Impairment(reordering: 1, patience: .seconds(1))
        try await harm(impairment, frames: [1, 2, 3, 4, 5]) { received, notes in
            #expect(received.map { $0[14] } == [2, 1, 4, 3, 5])
            #expect(notes.map(\.ordinal) == [1, 3, 5])
            #expect(notes.allSatisfy { $0.effects == [.heldBack] })
            let last = try #require(notes.last)
            #expect(last.actualDelay >= .seconds(1))
        }
    }

    @Test("turns over one bit of a frame, and says which")
    func corruption() async throws {
        try await harm(Impairment(corruption: 1), frames: [1, 2, 3]) { received, notes in
            try #require(received.count == 3 && notes.count == 3)
            for (index, (octets, note)) in zip(received, notes).enumerated() {
                let difference = zip(octets, Self.frame(UInt8(index + 1))).map { $0 ^ $1 }
                #expect(difference.reduce(0) { $0 + $1.nonzeroBitCount } == 1)
                let place = try #require(difference.firstIndex { $0 != 0 })
                #expect(place >= 14)
                #expect(note.corruptedBit == place * 8 + difference[place].leadingZeroBitCount)
            }
        }
    }

    @Test("carries no more than its rate, one frame after the other, and loses what does not fit into its queue")
    func rate() async throws {
        // 1000 octets are 8 ms of a megabit in a second.
        let frame = Self.frame(9) + [UInt8](repeating: 0, count: 1000 - Self.frame(9).count)
        try await Lab.run(Self.pair()) { lab in
            let impairment = Impairment(rate: 1_000_000, queue: 20_000, on: .only(.other))
            let start = try lab.inject(.impair(Self.end, .sent, impairment)).began
            let stream = try lab["node1"].stream([frame], over: "eth0", rate: 5000)
            try await lab.expect("fifty arrive", within: .seconds(5), since: start) { timeline, _ in
                timeline.of(node: "node2").filter { $0.frame?.ethernet.etherType == 0x88b5 }.dropFirst(49).first
            }
            stream.stop()
            let timeline = lab.timeline
            let arrivals = timeline.of(node: "node2").filter { $0.frame?.ethernet.etherType == 0x88b5 }.map(\.time)
            let span = arrivals[49] - arrivals[0]
            // Lateness of up to 20 ms is ordinary scheduling, as for the stall sampler.
            #expect(span >= .milliseconds(49 * 8 - 20))
            #expect(!timeline.stalls(in: start...arrivals[49]).isEmpty || span < .milliseconds(49 * 8 + 40))
            let notes = timeline.compactMap(\.impairment)
            #expect(notes.contains { $0.effects == [.overflowed] })
            // 20 frames wait, each 8 ms.
            #expect(notes.allSatisfy { $0.intendedDelay <= .milliseconds(168) })
        }
    }

    @Test("is refused where the kernel carries the frames, and where it makes no sense")
    func refusals() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let error = LabError.notImpairable(segment: "lan")
            #expect(throws: error) { try lab.inject(.impair(Self.end, .sent, Impairment(loss: 1))) }
            #expect("\(error)".contains("SegmentDescription(\"lan\", fabric: .userSpace)"))
        }
        try await Lab.run(Self.pair()) { lab in
            #expect(throws: LabError.impairment(.badShare("loss", 2))) {
                try lab.inject(.impair(Self.end, .sent, Impairment(loss: 2)))
            }
            #expect(throws: LabError.noSuchInterface("eth7", node: "node1")) {
                try lab.inject(.impair(LinkEnd("node1", "eth7"), .sent, Impairment(loss: 1)))
            }
        }
    }

    /// Sends frames of no protocol over a cable that is bad for what node2 receives.
    private func harm(
        _ impairment: Impairment, frames numbers: [UInt8],
        _ judge: (_ received: [[UInt8]], _ notes: [ImpairedFrame]) throws -> Void
    ) async throws {
        try await Lab.run(Self.pair()) { lab in
            var impairment = impairment
            impairment.selector = .only(.other)
            let fault = Fault.impair(LinkEnd("node2", "eth0"), .received, impairment)
            let start = try lab.inject(fault).began
            for number in numbers { try lab["node1"].send(Self.frame(number), over: "eth0") }
            try await lab.expect("all have been carried", within: .seconds(5), since: start) { timeline, _ in
                let notes = timeline.compactMap(\.impairment)
                return notes.contains { $0.ordinal == numbers.count } ? timeline.events.last : nil
            }
            // What is sent now comes after all that.
            let healed = try lab.heal(fault).began
            try lab["node1"].send(Self.frame(255), over: "eth0")
            try await lab.expect("the cable is whole again", within: .seconds(2), since: healed) {
                $0.node == "node2" && Self.number(of: $0) == 255
            }
            let received = lab.timeline.of(node: "node2").compactMap { event -> [UInt8]? in
                guard Self.isNumbered(event), case .frame(let frame) = event.kind else { return nil }
                return frame.octets
            }
            try judge(received.dropLast(), lab.timeline.compactMap(\.impairment))
        }
    }

    /// A frame of the kind that is free for experiments, with its number first.
    private static func frame(_ number: UInt8) -> [UInt8] {
        EthernetFrame(
            destination: .broadcast, source: MACAddress("02:00:00:00:00:99") ?? .zero, etherType: 0x88b5,
            payload: [number] + (1...45)
        ).serialized()
    }

    private static func isNumbered(_ event: TimelineEvent) -> Bool {
        !event.isSent && event.frame?.ethernet.source == MACAddress("02:00:00:00:00:99")
    }

    private static func number(of event: TimelineEvent) -> UInt8? {
        isNumbered(event) ? event.frame?.ethernet.payload.first : nil
    }

    private static func numbers(at node: String, in timeline: Timeline) -> [UInt8] {
        timeline.of(node: node).compactMap(number)
    }

    private static func advertisement(priority: UInt8) throws -> [UInt8] {
        let (source, group) = (IPv4Address(10, 0, 0, 1), IPv4Address(224, 0, 0, 18))
        let packet = VRRPPacket(
            version: 3, virtualRouterID: 51, priority: priority, interval: .seconds(1),
            addresses: [.v4(IPv4Address(10, 0, 0, 100))])
        let carrier = IPPacket(
            source: .v4(source), destination: .v4(group), hopLimit: 255, protocolNumber: VRRPPacket.protocolNumber,
            payload: packet.serialized(source: .v4(source), destination: .v4(group)))
        return EthernetFrame(
            destination: .multicast(.v4(group)), source: .virtualRouter(51, .ipv4),
            etherType: EthernetFrame.EtherType.ipv4, payload: carrier.serialized()
        ).serialized()
    }
}

extension TimelineEvent {
    /// What a bad cable did.
    fileprivate var impairment: ImpairedFrame? {
        if case .impaired(let frame) = kind { frame } else { nil }
    }

    /// The sequence number of an echo request in a frame.
    fileprivate var echoRequest: Int? {
        guard let message = icmpMessage(1), message.first == 8, message.count >= 8 else { return nil }
        return message.dropFirst(6).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    }
}
