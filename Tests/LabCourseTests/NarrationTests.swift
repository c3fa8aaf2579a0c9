import NetnsKit
import Testing
import Timeline
import Wire

@testable import LabCourse

@Suite("A story, line by line") struct NarrationTests {
    private static let vip = IPAddress.v4(IPv4Address(192, 168, 1, 100))

    private static func tell(_ events: [TimelineEvent], before limit: Instant? = nil) -> [Narration.Line] {
        var narration = Narration(
            Narration.Cast(origin: .zero, places: [:], daemons: ["node1": "vrrpd"], addresses: [vip]))
        for event in events { narration.note(event) }
        return narration.lines(before: limit)
    }

    private static func at(_ milliseconds: Int, _ kind: TimelineEvent.Kind, node: String? = "node1") -> TimelineEvent {
        TimelineEvent(at: .zero + .milliseconds(milliseconds), node: node, kind)
    }

    private static func line(_ text: String, of process: String = "vrrpd") -> TimelineEvent.Kind {
        .output(process: process, stream: .standardError, line: text)
    }

    private static let prefix = IPPrefix(host: .v4(IPv4Address(192, 168, 1, 100)))

    @Test("What belongs to a takeover stands in one line, whatever comes first")
    func rise() throws {
        let lines = Self.tell([
            Self.at(3_001, .addressAdded(Self.prefix, interface: "eth0")),
            Self.at(3_000, Self.line("(VI_1) Entering MASTER STATE")),
        ])
        #expect(lines.map(\.word) == ["MASTER"])
        #expect(lines.map(\.text) == ["VIP up"])
    }

    @Test("A state that is left takes its address with it; faults and heals are words in capitals")
    func leave() {
        let lines = Self.tell([
            Self.at(1_000, .fault("SIGTERM vrrpd on node1"), node: nil),
            Self.at(1_010, Self.line("(VI_1) Entering FAULT STATE")),
            Self.at(1_011, .addressRemoved(Self.prefix, interface: "eth0")),
            Self.at(2_000, .healed("x"), node: nil),
        ])
        #expect(lines.map(\.word) == ["FAULT", "FAULT", "HEAL"])
        #expect(lines.map(\.node) == ["", "node1", ""])
        #expect(lines[1].text == "VIP removed")
    }

    @Test("Calls are told with their words, checks with their results, and what a daemon says else is not")
    func lines() {
        let lines = Self.tell([
            Self.at(10, Self.line("INSTANCE VI_1 MASTER 150", of: "state-log")),
            Self.at(20, Self.line("VRRP_Script(chk) failed (exited with status 1)")),
            Self.at(30, Self.line("Startup complete")),
        ])
        #expect(lines.map { "\($0.word) \($0.text)" } == ["notify INSTANCE VI_1 MASTER 150", "check chk: failed"])
    }

    @Test("A client's outage is one line when it begins and one when it ends")
    func outage() {
        let request = { (number: Int, outcome: ClientRequest.Outcome) in
            TimelineEvent.Kind.request(
                ClientRequest(
                    service: "192.168.1.100:80", number: number, asked: .zero + .milliseconds(100 * number),
                    outcome: outcome))
        }
        let lines = Self.tell([
            Self.at(110, request(1, .answered(by: "node1")), node: "client"),
            Self.at(220, request(2, .failed("timed out")), node: "client"),
            Self.at(320, request(3, .failed("timed out")), node: "client"),
            Self.at(450, request(4, .answered(by: "node2")), node: "client"),
        ])
        #expect(lines.map(\.word) == ["OUTAGE", "served"])
        #expect(lines[1].text == "192.168.1.100:80 answered by node2: 2 requests failed in 0.250 s")
    }

    @Test("A line comes when nothing more can belong to it, in the order of time")
    func waiting() {
        let events = [
            Self.at(500, .step("second"), node: nil), Self.at(400, .step("first"), node: nil),
            Self.at(900, .step("later"), node: nil),
        ]
        #expect(Self.tell(events, before: .zero + .milliseconds(600)).map(\.text) == ["first", "second"])
    }
}
