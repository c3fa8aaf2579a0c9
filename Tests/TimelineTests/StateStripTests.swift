import Testing
import Wire

@testable import Timeline

@Suite("Routers' states in a few lines") struct StateStripTests {
    private static func word(_ event: TimelineEvent) -> Swimlanes.Sign? {
        guard case .output(_, _, let line) = event.kind else { return nil }
        return .state(line, router: "VI_1")
    }

    private static func event(_ second: Int, _ node: String?, _ kind: TimelineEvent.Kind) -> TimelineEvent {
        TimelineEvent(at: .zero + .seconds(second), node: node, kind)
    }

    private static func says(_ word: String) -> TimelineEvent.Kind {
        .output(process: "vrrpd", stream: .standardError, line: word)
    }

    private static let prefix = IPPrefix(host: .v4(IPv4Address(192, 168, 1, 100)))

    /// node1 is the master from second 2 until it is killed in second 6; node2 takes over in second 8.
    private static func story() -> Timeline {
        var timeline = Timeline()
        for event in [
            event(0, "node1", says("BACKUP")), event(2, "node1", says("MASTER")),
            event(2, "node1", .addressAdded(prefix, interface: "eth0")), event(4, "node2", says("BACKUP")),
            event(6, nil, .fault("SIGKILL vrrpd on node1")),
            event(6, "node1", .exited(process: "vrrpd", .signaled(number: 9))), event(8, "node2", says("MASTER")),
            event(8, "node2", .addressAdded(prefix, interface: "eth0")), event(10, "node2", says("MASTER")),
        ] { timeline.append(event) }
        return timeline
    }

    @Test("Each column is a letter: backup, master, ended, not started; and the owner's number, or a star for two")
    func drawing() {
        let strip = StateStrip(
            Self.story(), nodes: ["node1", "node2"], origin: .zero, width: 51, reading: Self.word)
        #expect(
            strip.lines == [
                "         0.0     2.0             6.0        10.0 s",
                "  node1  bbbbbbbbMMMMMMMMMMMMMMMMxxxxxxxxxxxxxxxxx",
                "  node2  ................bbbbbbbbbbbbbbbbMMMMMMMMM",
                "  VIP    --------111111111111111111111111*********",
                "                                 ^FAULT",
                "  M master  b backup  x ended  . not started",
                "  VIP: 1 node1, 2 node2, * both",
            ], "\(strip.lines.joined(separator: "\n"))")
    }

    @Test("No line is wider than it may be, and every character is ASCII", arguments: [40, 60, 80])
    func width(_ width: Int) {
        let strip = StateStrip(
            Self.story(), nodes: ["node1", "node2"], origin: .zero, width: width, reading: Self.word)
        #expect(!strip.lines.isEmpty)
        #expect(strip.lines.allSatisfy { $0.count <= width && $0.allSatisfy(\.isASCII) })
    }

    @Test("Nothing is drawn where no router says anything")
    func empty() {
        #expect(StateStrip(Timeline(), nodes: ["node1"], origin: .zero, reading: Self.word).lines.isEmpty)
    }
}
