import Chance
import Testing
import Timeline
import VRRPSimulator
import Wire

/// A seed tells one story.
@Suite struct ReplayTests {
    @Test("the same seed twice is the same story, event by event", arguments: UInt64(1)...20)
    func same(_ seed: UInt64) {
        let scenario = Scenario(seed: seed, duration: .seconds(300))
        #expect(scenario == Scenario(seed: seed, duration: .seconds(300)))
        let (first, second) = (SimulationReport(playing: scenario), SimulationReport(playing: scenario))
        #expect(first.trace == second.trace)
        #expect(first.timeline == second.timeline)
        #expect(first.situations == second.situations)
        #expect(first.eventCount > 0)
    }

    @Test("no two of a hundred seeds tell the same story")
    func different() {
        let traces = (UInt64(1)...100).map { SimulationReport(playing: Scenario(seed: $0)).trace }
        #expect(Set(traces).count == 100)
    }

    @Test("to watch a story does not change it", arguments: UInt64(1)...10)
    func watched(_ seed: UInt64) {
        let scenario = Scenario(seed: seed, duration: .seconds(120))
        let whole = Instant.zero...Instant.zero + scenario.duration
        let (unwatched, watched) = (
            SimulationReport(playing: scenario), SimulationReport(playing: scenario, recordingFramesIn: [whole])
        )
        #expect(watched.trace == unwatched.trace)
        #expect(watched.timeline.contains { $0.frameDirection == .received })
        #expect(!unwatched.timeline.contains { $0.frameDirection != nil })
        #expect(watched.timeline.filter { $0.frameDirection == nil } == unwatched.timeline)
    }

    @Test("a story that is stopped and goes on is the same as one that is not")
    func interrupted() {
        let scenario = Scenario(seed: 7, duration: .seconds(120))
        var simulation = Simulation(scenario)
        for second in 1...120 { simulation.run(until: Instant.zero + .seconds(second)) }
        #expect(simulation.trace == SimulationReport(playing: scenario).trace)
        #expect(simulation.now == Instant.zero + .seconds(120))
    }

    @Test("what is given is not drawn, and the rest of the seed's choices stay")
    func given() {
        let (drawn, given) = (Scenario(seed: 3), Scenario(seed: 3, hosts: 5, mode: .liveness))
        #expect(given.hostCount == 5)
        #expect(given.mode == .liveness)
        #expect((given.version, given.interval) == (drawn.version, drawn.interval))
        #expect(given.command == "labrun simulate --seed 3 --duration 60 --hosts 5 --mode liveness")
        #expect(drawn.command == "labrun simulate --seed 3 --duration 60")
    }
}
