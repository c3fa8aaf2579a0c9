import Testing
import VRRPSimulator

/// What nobody may believe changes nothing.
@Suite struct IntruderTests {
    @Test(
        "packets that fail a check leave no trace: the story with them is the story without them",
        arguments: UInt64(1)...20)
    func invisible(_ seed: UInt64) {
        let scenario = Scenario(seed: seed, duration: .seconds(120))
        let quiet = SimulationReport(playing: scenario)
        let noisy = SimulationReport(playing: scenario, intruder: Intruder(every: .milliseconds(150), seed: seed))
        #expect(noisy.trace == quiet.trace)
        #expect(noisy.timeline == quiet.timeline)
        #expect(noisy.eventCount > quiet.eventCount + 300)
    }
}
