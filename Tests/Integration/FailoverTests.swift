import LabCourse
import NetnsTesting
import Testing
import Timeline

@Suite("Failover, each daemon with itself and with the other", .requiresNamespaces)
struct FailoverTests {
    @Test(
        "keepalived is there to be compared with",
        .requires(program: "/usr/sbin/keepalived", package: "keepalived"))
    func keepalivedIsInstalled() {
        #expect(Pair.available.count == 4)
    }

    @Test(
        "killing the master's whole tree moves the address after three intervals and the skew",
        arguments: Pair.available)
    func crash(_ pair: Pair) async throws {
        try await expectPass("step2/crash", pair)
    }

    @Test("killing only the parent ends in one takeover", arguments: Pair.available)
    func parent(_ pair: Pair) async throws {
        try await expectPass("step2/parent", pair)
    }

    @Test("an orderly end resigns, and the address moves after the skew", arguments: Pair.available)
    func stop(_ pair: Pair) async throws {
        try await expectPass("step2/stop", pair)
    }

    @Test("a link that goes down moves the address, and back when it returns", arguments: Pair.available)
    func linkDown(_ pair: Pair) async throws {
        try await expectPass("step2/linkdown", pair)
    }

    @Test("a partition heals to exactly one master", arguments: Pair.available)
    func partition(_ pair: Pair) async throws {
        try await expectPass("step2/partition", pair)
    }

    @Test("filtering the master's VRRP makes two owners, and lifting the filter makes one", arguments: Pair.available)
    func mute(_ pair: Pair) async throws {
        try await expectPass("step2/mute", pair)
    }

    @Test("of two masters with equal priority the lower address yields", arguments: Pair.available)
    func tie(_ pair: Pair) async throws {
        try await expectPass("step2/tie", pair)
    }

    @Test("the later in an interval the master dies, the sooner it is replaced", arguments: [0, 25, 50, 75])
    func phase(_ percent: Int) async throws {
        try await expectPass("step2/phase-\(percent)", .ours)
    }
}

@Suite("The lab's steps", .requiresNamespaces)
struct LabStepTests {
    @Test("the MASTER node does what its file says", arguments: ["master", "restart", "reload"], Pair.available)
    func step3(_ scenario: String, _ pair: Pair) async throws {
        // One node: the second daemon of a pair has no part in it.
        guard pair == .ours || pair == .keepalived else { return }
        try await expectPass("step3/\(scenario)", pair)
    }

    @Test("nopreempt on the right node keeps the address where it is, and means no 'never'", arguments: Pair.available)
    func nopreempt(_ pair: Pair) async throws {
        try await expectPass("step4/nopreempt", pair)
    }

    @Test("a failed check moves the address for good", arguments: Pair.available)
    func check(_ pair: Pair) async throws {
        try await expectPass("step4/check", pair)
    }

    @Test("an orderly end of node1 moves the address after the skew", arguments: Pair.available)
    func stop(_ pair: Pair) async throws {
        try await expectPass("step4/stop", pair)
    }

    @Test("the node that was there first keeps the address", arguments: Pair.available)
    func startOrder(_ pair: Pair) async throws {
        try await expectPass("step4/start-order", pair)
    }

    @Test(
        "preempt_delay is waited for, a small weight moves nothing, and two failed checks neither",
        arguments: ["preempt-delay", "weight", "both"], [Pair.ours, .keepalived])
    func neighboringChoices(_ scenario: String, _ pair: Pair) async throws {
        guard Pair.available.contains(pair) else { return }
        try await expectPass("step4/\(scenario)", pair)
    }
}

extension ScenarioReport {
    /// The picture that a failing test shows.
    var drawn: String { "\(Diagram(timeline, drawing(rows: 60)))" }
}
