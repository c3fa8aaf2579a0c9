import Testing
import Timeline
import VRRPCore
import VRRPSimulator
import Wire

/// Stories that seeds told first, and that contradicted what was believed of the protocol or of its host.
@Suite struct RegressionTests {
    private func play(_ scenario: Scenario) -> SimulationReport {
        SimulationReport(playing: scenario)
    }

    @Test("the last words of a master that stood still put off the takeover from one that has died since")
    func lastWordsOfTheLate() {
        // node2 stands still with the address, node1 comes, takes over and dies, node2 goes on, hears of it and yields.
        let report = play(
            Scenario(
                priorities: [150, 101, 50], version: .v3, duration: .seconds(40),
                [
                    .init(.milliseconds(1), .crash(1)), .init(.seconds(10), .pause(2)),
                    .init(.seconds(14), .start(1)), .init(.seconds(18), .crash(1)),
                    .init(.milliseconds(20_500), .resume(2)),
                ]))
        let spans = report.timeline.ownership(of: Scenario.address)
        #expect(spans.map(\.node) == ["node2", "node3", "node1", "node2"])
        // 3 s and 155/256 s after the last words.
        #expect(spans.last.map { $0.from > Instant(nanoseconds: 24_105_000_000) } == true)
        #expect(report.findings.isEmpty, "\(report.findings)")
    }

    @Test("a machine that loses its power the moment after its daemon goes on was heard once")
    func onlyWord() {
        let report = play(
            Scenario(
                priorities: [100, 254], duration: .seconds(40),
                [
                    .init(.milliseconds(10_000), .pause(2)), .init(.milliseconds(12_400), .resume(2)),
                    .init(.milliseconds(12_401), .crash(2)),
                ]))
        #expect(report.timeline.ownership(of: Scenario.address).map(\.node) == ["node2", "node1"])
        #expect(report.findings.isEmpty, "\(report.findings)")
    }
}
