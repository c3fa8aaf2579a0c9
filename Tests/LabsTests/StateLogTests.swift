import Testing
import Timeline
import Wire

@testable import Labs

@Suite("What a notify script wrote, against what the daemon says")
struct StateLogTests {
    @Test("A call is a line that the follower read; its state is the last word that is one")
    func calls() {
        let log = StateLog(
            Timeline([
                Self.told("2026-01-02 03:04:05 node1 state BACKUP", at: 10),
                Self.told("left BACKUP, now MASTER!", at: 20), Self.told("nothing of the kind", at: 30),
                Self.said("tail: file has appeared", at: 40, on: .standardError),
            ]), of: "node1", daemon: "vrrpd")
        #expect(log.calls.map(\.state) == ["BACKUP", "MASTER", "?"])
    }

    @Test("A transition is what the daemon logs, of this node alone")
    func transitions() {
        let log = StateLog(
            Timeline([
                Self.logged("(VI_1) Entering BACKUP STATE (init)", at: 10),
                Self.logged("(VI_1) Entering MASTER STATE", at: 20),
                Self.logged("(VI_1) Entering trouble", at: 25),
                Self.logged("(VI_1) Entering FAULT STATE", at: 30, node: "node2"),
            ]), of: "node1", daemon: "vrrpd")
        #expect(log.transitions.map(\.state) == ["BACKUP", "MASTER"])
    }

    @Test("A call is late by the time since its state was entered")
    func delays() {
        let log = StateLog(
            Timeline([
                Self.logged("(VI_1) Entering MASTER STATE", at: 100), Self.told("MASTER", at: 130),
                Self.logged("(VI_1) Entering MASTER STATE", at: 900), Self.told("MASTER", at: 1200),
                Self.told("STOP", at: 1300),
            ]), of: "node1", daemon: "vrrpd")
        #expect(log.delays.map(\.delay) == [.milliseconds(30), .milliseconds(300)])
    }

    private static func told(_ line: String, at milliseconds: Int64) -> TimelineEvent {
        said(line, at: milliseconds, on: .standardOutput)
    }

    private static func said(_ line: String, at milliseconds: Int64, on stream: OutputStream) -> TimelineEvent {
        TimelineEvent(
            at: Instant(nanoseconds: milliseconds * 1_000_000), node: "node1",
            .output(process: "state-log", stream: stream, line: line))
    }

    private static func logged(_ line: String, at milliseconds: Int64, node: String = "node1") -> TimelineEvent {
        TimelineEvent(
            at: Instant(nanoseconds: milliseconds * 1_000_000), node: node,
            .output(process: "vrrpd", stream: .standardError, line: line))
    }
}
