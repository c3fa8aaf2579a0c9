import Testing
import Timeline
import VRRPCore
import VRRPSimulator
import Wire

/// Random loss against arithmetic.
@Suite struct LossTests {
    @Test("at 20 % loss a backup takes over wrongly p³(1 - p) times an interval, within three sigma")
    func falseTakeovers() {
        let seconds = 5000
        var takeovers = 0
        for seed in UInt64(1)...10 {
            var scenario = Scenario(
                priorities: [200, 100], version: .v3, duration: .seconds(seconds),
                [.init(.seconds(10), .quality(LinkQuality(lossPercent: 20)))])
            scenario.seed = seed
            let report = SimulationReport(playing: scenario)
            takeovers += report.timeline.ownership(of: Scenario.address).count { $0.node == "node2" }
            #expect(report.findings.isEmpty)
        }
        // 0.2³ · 0.8 = 0.0064 a second, 320 in 50,000 s; a count of rare events has its own root as sigma.
        #expect((320 - 54...320 + 54).contains(takeovers), "\(takeovers)")
    }
}
