import Testing
import Timeline
import VRRPSimulator
import Wire

/// Stories that people tell, judged by the checkers that judge labs.
@Suite struct FailoverTests {
    /// Both start at zero; node1 with 150 is the master from 3.414 s on (v2: 3 s and 106/256 s).
    private func play(_ schedule: [FaultSchedule.Entry], preempts: Bool = true) -> SimulationReport {
        let scenario = Scenario(
            priorities: [150, 100], preempts: preempts, duration: .seconds(40), schedule)
        return SimulationReport(
            playing: scenario, recordingFramesIn: [Instant.zero...Instant.zero + scenario.duration])
    }

    private func at(_ seconds: Double) -> Instant {
        Instant(nanoseconds: Int64(seconds * 1e9))
    }

    private func expectPass(_ checker: Checker, _ report: SimulationReport) {
        #expect(checker.violations(report.timeline) == [], "\(checker.name)")
    }

    @Test("after a crash the backup takes over 3.609 s after the last advertisement that it heard, and says so")
    func crash() {
        let report = play([.init(.milliseconds(9731), .crash(1))])
        let down = Duration.nanoseconds(3_609_375_000)
        expectPass(
            .failover(
                of: Scenario.address, from: "node1", to: "node2", after: at(9.731),
                within: down - .microseconds(1)...down + .microseconds(101)), report)
        expectPass(
            .announcement(of: Scenario.address, by: "node2", count: 5, within: .milliseconds(1), after: at(9.731)),
            report)
        expectPass(.atMostOneOwner(of: Scenario.address, overlapAllowed: .zero), report)
        expectPass(.silence(of: "node1", during: at(9.732)...), report)
        #expect(report.findings.isEmpty)
        #expect(report.situations[.takeoverAfterCrash] == 1)
    }

    @Test("after a stop the backup takes over within its skew time, 0.609 s, and a frame's delay")
    func stop() {
        let report = play([.init(.milliseconds(9731), .stop(1))])
        let skew = Duration.nanoseconds(609_375_000)
        expectPass(
            .failover(
                of: Scenario.address, from: "node1", to: "node2", after: at(9.731),
                within: skew...skew + .microseconds(100)), report)
        expectPass(.atMostOneOwner(of: Scenario.address, overlapAllowed: .zero), report)
        #expect(report.findings.isEmpty)
        #expect(report.situations[.takeoverAfterResignation] == 1)
    }

    @Test("a backup that stood still for 10 s hears what waits in its socket, and takes nothing over")
    func pausedBackup() {
        let report = play([.init(.seconds(10), .pause(2)), .init(.seconds(20), .resume(2))])
        expectPass(.silence(of: "node2", during: at(0)...), report)
        #expect(report.situations[.longPauseOfBackup] == 1)
        #expect(report.findings.isEmpty)
    }

    @Test("a master that stood still shares the address with its successor until it goes on, and not a frame longer")
    func pausedMaster() {
        let report = play([.init(.seconds(10), .pause(1)), .init(.seconds(20), .resume(1))])
        let shared = report.timeline.sharedOwnership(of: Scenario.address)
        #expect(shared.count == 1)
        #expect(shared.first?.until.map { $0 - at(20) } == .microseconds(100))
        #expect(report.findings.isEmpty)
        #expect(report.situations[.longPauseOfMaster] == 1)
    }

    @Test("with nopreempt a stronger host that comes back lets the master be; without it the host takes over")
    func preemption() {
        let story: [FaultSchedule.Entry] = [.init(.seconds(10), .crash(1)), .init(.seconds(20), .start(1))]
        let (patient, eager) = (play(story, preempts: false), play(story))
        expectPass(.silence(of: "node1", during: at(20)...), patient)
        #expect(patient.situations[.returnWithoutPreemption] == 1)
        #expect(eager.timeline.ownership(of: Scenario.address).last?.node == "node1")
        #expect(eager.situations[.preemption] == 1)
        #expect(patient.findings.isEmpty && eager.findings.isEmpty)
    }

    @Test("what a daemon that was killed leaves in its kernel goes when it starts again")
    func leftover() {
        let report = play([.init(.seconds(10), .kill(1)), .init(.seconds(20), .start(1))])
        let spans = report.timeline.ownership(of: Scenario.address)
        #expect(spans.first { $0.node == "node1" }?.until == at(20))
        #expect(report.situations[.leftBehind, default: 0] >= 1)
        #expect(report.findings.isEmpty)
    }

    @Test("a new priority in a reload moves the address within the time of a silence")
    func reload() {
        let report = play([.init(.seconds(10), .priority(2, 200))])
        #expect(report.timeline.ownership(of: Scenario.address).last?.node == "node2")
        expectPass(.atMostOneOwner(of: Scenario.address, overlapAllowed: .microseconds(100)), report)
        #expect(report.findings.isEmpty)
    }
}
