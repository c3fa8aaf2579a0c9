import Testing
import Timeline
import VRRPSimulator
import Wire

/// What VRRP must do when hosts do not hear each other, and how it ends.
@Suite struct SplitBrainTests {
    private func play(_ priorities: [UInt8], _ schedule: [FaultSchedule.Entry]) -> SimulationReport {
        SimulationReport(playing: Scenario(priorities: priorities, duration: .seconds(60), schedule))
    }

    private func at(_ seconds: Double) -> Instant {
        Instant(nanoseconds: Int64(seconds * 1e9))
    }

    @Test("a partition has an owner on each side, and an interval after it is mended one is left")
    func partition() {
        let report = play([150, 100], [.init(.seconds(10), .split([.host(2)])), .init(.seconds(30), .mendAll)])
        let shared = report.timeline.sharedOwnership(of: Scenario.address)
        #expect(shared.count == 1)
        #expect(shared.first?.nodes == ["node1", "node2"])
        #expect(shared.first?.until.map { $0 > at(30) && $0 < at(31.001) } == true)
        #expect(report.situations[.mastersMet] == 1)
        #expect(report.findings.isEmpty)
    }

    @Test("two hosts that a third hears, but not each other, both own the address for as long as that lasts")
    func notTransitive() {
        let report = play(
            [100, 200, 150], [.init(.seconds(10), .cut(from: 2, to: 3)), .init(.seconds(10), .cut(from: 3, to: 2))])
        let shared = report.timeline.sharedOwnership(of: Scenario.address)
        #expect(shared.map(\.nodes) == [["node2", "node3"]])
        #expect(shared.first.map { $0.until == nil && $0.from < at(14) } == true)
        #expect(report.situations[.lastingSplit] == 1)
        #expect(report.findings.isEmpty)
    }

    @Test("a master that hears its backup, but is not heard, keeps the address, and so does the backup")
    func oneWay() {
        let report = play([150, 100], [.init(.seconds(10), .cut(from: 1, to: 2))])
        let shared = report.timeline.sharedOwnership(of: Scenario.address)
        #expect(shared.count == 1)
        #expect(shared.first?.until == nil)
        #expect(report.situations[.takeoverOneWay] == 1)
        #expect(report.findings.isEmpty)
    }

    @Test("a backup that is not heard changes nothing")
    func otherWay() {
        let report = play([150, 100], [.init(.seconds(10), .cut(from: 2, to: 1))])
        #expect(report.timeline.ownership(of: Scenario.address).map(\.node) == ["node1"])
        #expect(report.findings.isEmpty)
    }

    @Test("of two masters of one priority the higher address stays")
    func tie() {
        let report = play([100, 100], [])
        let shared = report.timeline.sharedOwnership(of: Scenario.address)
        #expect(shared.first?.until.map { $0 - shared[0].from } == .microseconds(100))
        #expect(report.timeline.ownership(of: Scenario.address).filter { $0.until == nil }.map(\.node) == ["node2"])
        #expect(report.situations[.tie, default: 0] > 0)
        #expect(report.findings.isEmpty)
    }
}
