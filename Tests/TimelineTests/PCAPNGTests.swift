import Foundation
import Testing
import Timeline
import Wire

@Suite("PCAPNG")
struct PCAPNGTests {
    private let wallTime = Duration.seconds(1_700_000_000)

    @Test("A fault and a frame are these octets")
    func golden() throws {
        var story = Story()
        story.add(0.5, .fault("cut"))
        let frame = CapturedFrame(
            interface: "eth0", direction: .sent, octets: [0xde, 0xad, 0xbe, 0xef, 0x01], originalLength: 60)
        story.add(1, .frame(frame), at: "r1")
        let expected = """
            0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000
            01000000 2c000000 0100 0000 00000000
              0200 0700 72312f6574683000  0900 0100 09000000  00000000 2c000000
            06000000 60000000 00000000 fe9c9717 00cac471 05000000 3c000000 deadbeef01000000
              0100 2600 6661756c743a20637574205b302e3530302073206265666f72652074686973206672616d655d 0000
              0200 0400 02000000  00000000 60000000
            """
        #expect(PCAPNG(story.timeline, realTimeOffset: wallTime).octets == octets(expected))
    }

    @Test("A file that grows event by event has its interfaces where they are first needed, and every comment")
    func growing() throws {
        var story = Story()
        story.advert(150, 1, from: "node1", to: ["node2"])
        story.add(1.5, .fault("cut"))
        story.advert(100, 2, from: "node2", to: ["node1"])
        let sent = story.timeline.filter { !($0.frameDirection == .received) }
        var stream = PCAPNGStream(realTimeOffset: wallTime)
        let parts = [stream.beginning] + sent.map { stream.octets(of: $0) }
        let file = try CaptureFile(parts.flatMap(\.self))
        let whole = try CaptureFile(PCAPNG(sent, realTimeOffset: wallTime).octets)
        #expect(parts.map(\.isEmpty) == [false, false, true, false])
        #expect(file.interfaces == ["node1/eth0", "node2/eth0"])
        #expect(file.packets.map(\.nanoseconds) == [1_700_000_001_000_000_000, 1_700_000_002_000_000_000])
        #expect(file.packets.map(\.comments) == whole.packets.map(\.comments))
        #expect(file.packets.last?.comments.count == 1)
    }

    @Test("Every link end is an interface, and every frame says which and in which direction")
    func interfaces() throws {
        var story = Story()
        story.advert(150, 1, from: "node1", to: ["node2"])
        story.advert(100, 2, from: "node2", to: ["node1"])
        let file = try CaptureFile(PCAPNG(story.timeline, realTimeOffset: wallTime).octets)
        #expect(file.interfaces == ["node1/eth0", "node2/eth0"])
        #expect(file.packets.map(\.interface) == [0, 1, 1, 0])
        #expect(file.packets.map(\.flags) == [2, 1, 2, 1])
        #expect(
            file.packets.map(\.nanoseconds) == [
                1_700_000_001_000_000_000, 1_700_000_001_000_020_000, 1_700_000_002_000_000_000,
                1_700_000_002_000_020_000,
            ])
        #expect(file.packets[0].octets == advertisement(150, from: "node1"))
        #expect(file.packets[0].originalLength == 54)
    }

    @Test("Without received frames each frame is there once")
    func sentOnly() throws {
        let file = try CaptureFile(PCAPNG(Story.crash, realTimeOffset: wallTime, frames: \.isSent).octets)
        #expect(file.packets.count == 33)
        #expect(file.interfaces == ["node1/eth0", "node2/eth0"])
        #expect(file.packets.allSatisfy { $0.flags == 2 })
    }

    @Test("What is no frame is told with the next one, and at the end with the last one")
    func comments() throws {
        let file = try CaptureFile(PCAPNG(Story.crash, realTimeOffset: wallTime, frames: \.isSent).octets)
        #expect(file.comments.isEmpty)
        #expect(file.packets[0].comments == ["step: both routers start [3.414 s before this frame]"])
        let takeover = try #require(file.packets.first { $0.interface == 1 })
        #expect(takeover.comments == ["fault: crash node1 [3.293 s before this frame]"])
        #expect(
            file.packets.last?.comments == [
                "passed: node2 takes over within 3.607...3.759 s: 3.610 s [0.975 s after this frame]",
                "FAILED: at most one owner of 192.168.1.100 [0.975 s after this frame]",
            ])
        #expect(file.packets.filter { !$0.comments.isEmpty }.count == 3)
    }

    @Test("A comment of the frame's own instant needs no distance, and stalls and losses are told too")
    func spoiltRecord() throws {
        var story = Story()
        story.add(1, .stall(.milliseconds(250)))
        story.add(1, .lost(source: "capture", count: 2), at: "r1")
        story.add(1, .healed("cut"), at: "r1")
        story.advert(150, 1, from: "r1")
        let file = try CaptureFile(PCAPNG(story.timeline, realTimeOffset: wallTime).octets)
        #expect(
            file.packets[0].comments == [
                "the host stood still for 0.250 s", "capture lost 2 events", "healed: cut (r1)",
            ])
    }

    @Test("Without frames the comments belong to the section")
    func noFrames() throws {
        var story = Story()
        story.add(1, .fault("cut"))
        story.add(2, .verdict("nothing passed", passed: true))
        let file = try CaptureFile(PCAPNG(story.timeline, realTimeOffset: wallTime).octets)
        #expect(file.comments == ["fault: cut", "passed: nothing passed"])
        #expect(file.packets.isEmpty)
        #expect(file.interfaces.isEmpty)
        #expect(try CaptureFile(PCAPNG(Timeline(), realTimeOffset: wallTime).octets).comments.isEmpty)
    }

    @Test("A comment that its length field cannot express is cut between characters")
    func longComment() throws {
        var story = Story()
        story.add(1, .fault(String(repeating: "é", count: 40_000)))
        let file = try CaptureFile(PCAPNG(story.timeline, realTimeOffset: wallTime).octets)
        let comment = try #require(file.comments.first)
        // Seven octets of "fault: " and an even number for the rest.
        #expect(comment.utf8.count == 65_535)
        #expect(comment.hasSuffix("éé"))
    }

    /// What a kernel says when eth0, number 2, gets 192.168.1.100/24: `RTM_NEWADDR` with `IFA_LOCAL` and `IFA_LABEL`.
    private static let newAddress = octets(
        """
        2c000000 1400 0000 00000000 00000000  02 18 80 00 02000000
        0800 0200 c0a80164  0900 0300 65746830 00 000000
        """)

    /// A frame, a kernel's message, a line of a program and a fault.
    private static let mixed: Timeline = {
        var story = Story()
        story.advert(150, 1, from: "node1")
        let prefix = IPPrefix(host: Story.shared)
        story.timeline.append(
            TimelineEvent(
                at: at(2), node: "node2", .addressAdded(prefix, interface: "eth0"), netlink: newAddress))
        story.add(3, .output(process: "vrrpd", stream: .standardError, line: "Entering MASTER STATE"), at: "node2")
        story.add(4, .fault("two\nlines"))
        story.advert(100, 5, from: "node2")
        return story.timeline
    }()

    @Test("On request what kernels and programs said is there too, each at its place")
    func extras() throws {
        let octets = PCAPNG(Self.mixed, realTimeOffset: wallTime, including: [.netlink, .journal]).octets
        let file = try CaptureFile(octets)
        #expect(file.interfaces == ["node1/eth0", "node2/rtnetlink", "node2/eth0"])
        #expect(file.linkTypes == [1, 253, 1])
        #expect(file.packets[1].octets == [0, 6, 3, 0x38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + Self.newAddress)
        #expect(file.packets.allSatisfy { $0.comments.isEmpty })
        #expect(file.entries.map(\.position) == [2, 2])
        #expect(
            file.entries[0].text == """
                __REALTIME_TIMESTAMP=1700000003000000
                __MONOTONIC_TIMESTAMP=3000000
                _HOSTNAME=node2
                SYSLOG_IDENTIFIER=vrrpd
                PRIORITY=6
                MESSAGE=Entering MASTER STATE

                """)
        // A value of two lines is told with its length, here 16, in eight octets.
        #expect(
            octets.contains(Array("MESSAGE\n".utf8) + [16, 0, 0, 0, 0, 0, 0, 0] + Array("fault: two\nlines\n".utf8)))
        let plain = try CaptureFile(PCAPNG(Self.mixed, realTimeOffset: wallTime).octets)
        #expect(plain.packets.map(\.comments.count) == [0, 1])
        #expect(plain.entries.isEmpty)
    }

    @Test("tshark decodes frames, rtnetlink messages and the journal of one file", .requiresTshark)
    func tsharkExtras() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "timeline-\(UUID()).pcapng")
        let octets = PCAPNG(Self.mixed, realTimeOffset: wallTime, including: [.netlink, .journal]).octets
        try Data(octets).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let fields = [
            "_ws.col.Protocol", "frame.interface_name", "netlink-route.nltype", "netlink-route.ifa_index",
            "systemd_journal.syslog_id", "systemd_journal.message", "frame.time_epoch", "_ws.malformed",
        ]
        #expect(
            try Tshark.lines(["-r", file.path, "-T", "fields"] + fields.flatMap { ["-e", $0] }) == [
                "VRRP\tnode1/eth0\t\t\t\t\t1700000001.000000000\t",
                "Netlink route\tnode2/rtnetlink\t20\t2\t\t\t1700000002.000000000\t",
                "systemd Journal\t\t\t\tvrrpd\tEntering MASTER STATE\t1700000003.000000000\t",
                "systemd Journal\t\t\t\tlab\tfault: two\\nlines\t1700000004.000000000\t",
                "VRRP\tnode2/eth0\t\t\t\t\t1700000005.000000000\t",
            ])
    }

    @Test("tshark reads the file, finds nothing malformed and shows comments and interfaces", .requiresTshark)
    func tshark() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "timeline-\(UUID()).pcapng")
        try Data(PCAPNG(Story.crash, realTimeOffset: wallTime).octets).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        let frames = try Tshark.lines(
            "-r", file.path, "-T", "fields", "-e", "frame.interface_name", "-e", "_ws.col.Protocol", "-e",
            "frame.comment")
        #expect(frames.count == 99)
        #expect(frames.first == "node1/eth0\tVRRP\tstep: both routers start [3.414 s before this frame]")
        #expect(frames.contains("node2/eth0\tVRRP\tfault: crash node1 [3.293 s before this frame]"))
        #expect(frames.contains("client/eth0\tARP\t"))
        #expect(try Tshark.lines("-r", file.path, "-Y", "_ws.malformed || _ws.expert.severity >= 8388608").isEmpty)
        #expect(
            try Tshark.lines("-r", file.path, "-c", "1", "-T", "fields", "-e", "frame.time_epoch") == [
                "1700000003.414000000"
            ])
    }
}

extension Trait where Self == ConditionTrait {
    fileprivate static var requiresTshark: Self {
        .enabled("/usr/bin/tshark is not installed") { Tshark.isInstalled }
    }
}

private enum Tshark {
    static let path = "/usr/bin/tshark"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// What it prints on standard output.
    static func lines(_ arguments: String...) throws -> [String] { try lines(arguments) }

    static func lines(_ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
