import Testing
import Timeline
import Wire

@Suite("Timeline")
struct TimelineTests {
    private func note(_ seconds: Double, _ text: String, uncertainty: Duration = .zero) -> TimelineEvent {
        TimelineEvent(at: at(seconds), uncertainty: uncertainty, .step(text))
    }

    private func texts(_ events: some Sequence<TimelineEvent>) -> [String] {
        events.map { event in
            guard case .step(let text) = event.kind else { return "?" }
            return text
        }
    }

    @Test("A late arrival goes to its place, behind those of the same instant")
    func lateArrival() {
        let timeline = Timeline([note(1, "a"), note(3, "d"), note(2, "b"), note(2, "c"), note(0.5, "first")])
        #expect(texts(timeline) == ["first", "a", "b", "c", "d"])
    }

    @Test("Timelines are equal when their events are, however they arrived")
    func equality() {
        #expect(Timeline([note(2, "b"), note(1, "a")]) == Timeline([note(1, "a"), note(2, "b")]))
        #expect(Timeline([note(1, "b"), note(1, "a")]) != Timeline([note(1, "a"), note(1, "b")]))
    }

    @Test("Forgets what satisfies a condition before an instant, also of what spoils the record, and nothing else")
    func forgetting() {
        let stalls = [1.0, 2, 3].map { TimelineEvent(at: at($0), .stall(.milliseconds(30))) }
        var timeline = Timeline(stalls + [note(1, "a"), note(2, "b")])
        timeline.forget(before: at(2)) { if case .stall = $0.kind { true } else { false } }
        #expect(timeline.map(\.time) == [at(1), at(2), at(2), at(3)])
        #expect(texts(timeline) == ["a", "?", "b", "?"])
        #expect(timeline.stalls(in: at(0)...at(9)).map(\.time) == [at(2), at(3)])
    }

    @Test("A slice holds its closed ends and leaves its open ones out")
    func slices() {
        let timeline = Timeline([note(1, "a"), note(2, "b"), note(3, "c")])
        #expect(texts(timeline[at(1)...at(2)]) == ["a", "b"])
        #expect(texts(timeline[at(1)..<at(2)]) == ["a"])
        #expect(texts(timeline[at(2)...]) == ["b", "c"])
        #expect(texts(timeline[..<at(2)]) == ["a"])
        #expect(timeline[at(4)...].isEmpty)
    }

    @Test("A slice of a node has neither the other nodes nor the lab")
    func node() {
        let node1 = Story.crash.of(node: "node1")
        #expect(!node1.isEmpty)
        #expect(node1.allSatisfy { $0.node == "node1" })
        #expect(Story.crash.of(node: "node3").isEmpty)
    }

    @Test("Every kind of event belongs to one category")
    func categories() {
        let crash = Story.crash
        #expect(crash.of(.scenario).map(\.kind) == [.step("both routers start"), .fault("crash node1")])
        #expect(crash.of(.kernel).count == 2)
        #expect(crash.of(.process).count == 3)
        #expect(crash.of(.verdict).count == 2)
        #expect(crash.of(.host).isEmpty)
        // 7 + 6 advertisements and 4 bursts of 5 announcements, each on three link ends.
        #expect(crash.of(.wire).count == 99)
    }

    @Test("`first` looks at its instant too, `last` only before it")
    func firstAndLast() {
        let timeline = Timeline([note(1, "a"), note(2, "b"), note(3, "c")])
        #expect(timeline.first(after: at(2)) { _ in true } == note(2, "b"))
        #expect(timeline.last(before: at(2)) { _ in true } == note(1, "a"))
        #expect(timeline.first(after: at(3.1)) { _ in true } == nil)
        #expect(timeline.last(before: at(1)) { _ in true } == nil)
        #expect(timeline.first(after: at(0)) { $0.node == "r1" } == nil)
    }

    @Test("Events are ordered only when their uncertainties do not touch")
    func order() {
        let exact = note(1.000, "exact")
        #expect(Timeline.order(exact, note(1.003, "late", uncertainty: .milliseconds(2))) == .before)
        #expect(Timeline.order(note(1.003, "late", uncertainty: .milliseconds(2)), exact) == .after)
        #expect(Timeline.order(exact, note(1.003, "vague", uncertainty: .milliseconds(3))) == .undecided)
        #expect(Timeline.order(exact, note(1.000, "same instant")) == .undecided)
    }

    @Test("A stall covers the time before its event, and short ones do not count")
    func stalls() {
        var story = Story()
        story.add(10, .stall(.seconds(2)))
        story.add(20, .stall(.milliseconds(20)))
        #expect(story.timeline.stalls(in: at(7)...at(7.9)).isEmpty)
        #expect(story.timeline.stalls(in: at(7)...at(8)).count == 1)
        #expect(story.timeline.stalls(in: at(9)...at(9.1)).count == 1)
        #expect(story.timeline.stalls(in: at(10.1)...at(11)).isEmpty)
        #expect(story.timeline.stalls(in: at(0)...at(30)).count == 1)
        #expect(story.timeline.stalls(in: at(0)...at(30), longerThan: .milliseconds(19)).count == 2)
    }

    @Test("A loss counts where it may have happened")
    func losses() {
        var story = Story()
        story.add(10, .lost(source: "capture", count: 3), uncertainty: .seconds(1))
        #expect(story.timeline.losses(in: at(8)...at(9)).count == 1)
        #expect(story.timeline.losses(in: at(8)...at(8.9)).isEmpty)
        #expect(story.timeline.losses(in: at(10.1)...at(11)).isEmpty)
    }
}

@Suite("Meaning of frames")
struct MeaningTests {
    private func event(_ octets: [UInt8], _ direction: CapturedFrame.Direction = .sent) -> TimelineEvent {
        let frame = CapturedFrame(interface: "eth0", direction: direction, octets: octets)
        return TimelineEvent(at: at(1), node: "node1", .frame(frame))
    }

    @Test("An advertisement is read with the packet that carried it")
    func advertisementFrame() throws {
        let event = event(advertisement(150, from: "node1"))
        let (packet, carrier) = try #require(event.advertisement)
        #expect(packet.priority == 150)
        #expect(packet.virtualRouterID == 51)
        #expect(packet.addresses == [.v4(IPv4Address(192, 168, 1, 100))])
        #expect(carrier.source == .v4(IPv4Address(192, 168, 1, 11)))
        #expect(event.gratuitousARP == nil)
        #expect(event.announcedAddress == nil)
    }

    @Test("A gratuitous ARP announces its address, and an ordinary request does not")
    func announcements() {
        let gratuitous = event(announcement(from: "node1"))
        #expect(gratuitous.gratuitousARP?.senderMAC == MACAddress("02:00:00:00:00:0b"))
        #expect(gratuitous.announcedAddress == Story.shared)
        #expect(gratuitous.advertisement == nil)

        let question = ARPPacket(
            operation: .request, senderMAC: station("node1"), senderAddress: IPv4Address(192, 168, 1, 11),
            targetMAC: .zero, targetAddress: IPv4Address(192, 168, 1, 100))
        let frame = EthernetFrame(
            destination: .broadcast, source: station("node1"), etherType: 0x0806, payload: question.serialized())
        #expect(event(frame.serialized()).announcedAddress == nil)
    }

    @Test("An unsolicited neighbor advertisement announces its address, and an answer does not")
    func neighborAdvertisements() {
        let headers = """
            333300000001 02000000000b 86dd
            60000000 0020 3a ff 20010db8000000000000000000000100 ff020000000000000000000000000001
            """
        let options = "20010db8000000000000000000000100 0201 02000000000b"
        let unsolicited = octets("\(headers) 8800 f722 20000000 \(options)")
        let answer = octets("\(headers) 8800 b722 60000000 \(options)")
        #expect(event(unsolicited).announcedAddress == IPAddress("2001:db8::100"))
        #expect(event(answer).announcedAddress == nil)
        #expect(event(answer).frame != nil)
    }

    @Test("Octets that make no sense are no frame, and neither is another kind of event")
    func nonsense() {
        #expect(event([1, 2, 3]).frame == nil)
        #expect(event([]).advertisement == nil)
        #expect(TimelineEvent(at: at(1), .step("start")).frame == nil)
    }

    @Test("Only what a node sent itself is its advertisement")
    func direction() {
        let octets = advertisement(150, from: "node1")
        #expect(event(octets).isAdvertisement(from: "node1"))
        #expect(event(octets).isAdvertisement(from: "node1", for: Story.shared))
        #expect(!event(octets).isAdvertisement(from: "node1", for: .v4(.any)))
        #expect(!event(octets).isAdvertisement(from: "node2"))
        #expect(!event(octets, .received).isAdvertisement(from: "node1"))
        #expect(!event(octets, .received).isSent)
    }
}
