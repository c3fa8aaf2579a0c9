import KeepalivedConfiguration
import LabCourse
import Labs
import NetnsKit
import Testing
import VRRPCore

@Suite("The pace of a run, and its knobs")
struct PaceTests {
    @Test("At the fast pace every router speaks VRRPv3 ten times a second, without a password")
    func fast() throws {
        for id in ["step1", "step2", "step3", "step4", "step5"] {
            for scenario in try #require(Course.step(id)).scenarios(.reference, pace: .fast) {
                for router in Self.routers(of: scenario) {
                    #expect(router.version == .v3, "\(id)/\(scenario.id)")
                    #expect(router.advertisementInterval == .milliseconds(100))
                    #expect(router.authentication == .none)
                    #expect(router.announcement.delay == .seconds(1))
                }
            }
        }
    }

    @Test("A delay before preemption shrinks with the interval: 3 s become 0.3 s")
    func preemptDelay() throws {
        let step = try #require(Course.step("step4"))
        let delays = try Pace.allCases.map { pace in
            let scenario = try #require(step.scenarios(.reference, pace: pace).first { $0.id == "preempt-delay" })
            return try #require(Self.routers(of: scenario).first { $0.priority.rawValue == 150 }).preemptDelay
        }
        #expect(delays == [.seconds(3), .milliseconds(300)])
    }

    @Test("No file of the fast pace is one that a daemon complains of")
    func clean() throws {
        for step in Course.steps.prefix(5) {
            for scenario in step.scenarios(.reference, pace: .fast) {
                for reading in Self.readings(of: scenario) {
                    let found = reading.result.diagnostics.map { "\($0)" }
                    #expect(found == [], "\(step.id)/\(scenario.id)")
                }
            }
        }
    }

    @Test("Knobs change the interval and the priorities, and nothing else")
    func knobs() throws {
        let scenario = try #require(Course.step("step2")?.scenarios(.reference).first)
        let changed = Knobs(advertisementInterval: 2, priorities: [200, 50]).applied(to: scenario)
        let routers = Self.routers(of: changed)
        #expect(routers.map(\.priority.rawValue) == [200, 50])
        #expect(routers.map(\.advertisementInterval) == [.seconds(2), .seconds(2)])
        // (256 - 50) / 256 s of skew after three intervals.
        #expect(ConfigurationReading.times(of: routers[1]).masterDown(50) == .nanoseconds(6_804_687_500))
        let back = Knobs(advertisementInterval: 1, priorities: [150, 100]).applied(to: changed)
        #expect(back.files == scenario.files)
        #expect(Knobs().areNeutral)
    }

    private static func readings(of scenario: Scenario) -> [ConfigurationReading] {
        scenario.topology.nodes.compactMap { node in
            let path = scenario.configurations[node.name]
            return scenario.files.first { $0.node == node.name && $0.path == path }.map {
                ConfigurationReading($0.source)
            }
        }
    }

    private static func routers(of scenario: Scenario) -> [VirtualRouterConfiguration] {
        readings(of: scenario).flatMap(\.routers)
    }
}
