import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("Capture files", .requiresNamespaces)
struct CaptureFileTests {
    @Test(
        "tshark finds no malformed frame and no bad VRRP checksum in what a lab wrote, and reads the comments",
        .requires(program: "/usr/bin/tshark", package: "tshark"), arguments: Pair.available)
    func tshark(_ pair: Pair) async throws {
        let report = try await run("step2/stop", pair)
        let capture = PCAPNG(report.timeline, realTimeOffset: .nanoseconds(report.offsetToRealTime))
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            try machine.write(capture.octets, to: "/tmp/lan.pcapng")
            let read = { (filter: String, fields: [String]) in
                try await machine.run(
                    "/usr/bin/tshark",
                    ["-r", "/tmp/lan.pcapng", "-o", "ip.check_checksum:TRUE", "-Y", filter, "-T", "fields"]
                        + fields.flatMap { ["-e", $0] }, within: .seconds(60))
            }
            let adverts = try #require(await read("vrrp", ["vrrp.prio", "vrrp.checksum.status"]))
            #expect(adverts.succeeded)
            let priorities = adverts.lines.filter { $0.contains("\t") }
            #expect(priorities.count > 4)
            #expect(priorities.contains { $0.hasPrefix("0\t") })
            let bad = try #require(
                await read("_ws.malformed || vrrp.checksum.status == 0 || ip.checksum.status == 0", ["frame.number"]))
            #expect(bad.lines.filter { Int($0) != nil } == [])
            let extras = PCAPNG(
                report.timeline, realTimeOffset: .nanoseconds(report.offsetToRealTime), including: [.netlink, .journal])
            try machine.write(extras.octets, to: "/tmp/extras.pcapng")
            let count = { (filter: String) in
                try await machine.run(
                    "/usr/bin/tshark",
                    ["-r", "/tmp/extras.pcapng", "-Y", filter, "-T", "fields", "-e", "frame.number"],
                    within: .seconds(60)
                )?.lines.count { Int($0) != nil }
            }
            let messages = report.timeline.count { $0.netlink != nil }
            #expect(messages > 1)
            #expect(try await count("netlink-route && !_ws.malformed") == messages)
            // RTM_NEWADDR and RTM_DELADDR.
            let addresses = report.timeline.count { $0.kind.address != nil }
            #expect(try await count("netlink-route.nltype == 20 || netlink-route.nltype == 21") == addresses)
            let lines = report.timeline.count { if case .output = $0.kind { true } else { false } }
            #expect(try await count("systemd_journal && systemd_journal.syslog_id != \"lab\"") ?? 0 >= lines)
            let comments = try #require(await read("frame.comment", ["frame.comment"]))
            #expect(comments.lines.contains { $0.contains("SIGTERM") })
            #expect(comments.lines.contains { $0.contains("node2 takes over") || $0.contains("node1 resigns") })
        }
    }
}
