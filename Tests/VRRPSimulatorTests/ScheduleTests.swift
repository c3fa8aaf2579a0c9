import Chance
import Testing
import VRRPSimulator

/// How a story is told to people.
@Suite struct ScheduleTests {
    private let schedule = FaultSchedule([
        .init(.milliseconds(12_345), .resume(2)),
        .init(.milliseconds(250), .split([.host(1), .host(3)])),
        .init(.milliseconds(250), .mendAll),
    ])

    @Test("a schedule is in the order of time, and of one moment in the order that was given")
    func order() {
        #expect(schedule.entries.map(\.fault) == [.split([.host(1), .host(3)]), .mendAll, .resume(2)])
    }

    @Test("a schedule reads as lines")
    func lines() {
        #expect(
            schedule.lines == [
                "     0.250  split off node1, node3", "     0.250  mend all cuts", "    12.345  resume node2",
            ])
    }

    @Test("a schedule reads as the code that makes it")
    func code() {
        #expect(
            schedule.code == """
                FaultSchedule([
                    .init(.milliseconds(250), .split([.host(1), .host(3)])),
                    .init(.milliseconds(250), .mendAll),
                    .init(.milliseconds(12345), .resume(2)),
                ])
                """)
    }

    @Test("a schedule shrinks to the faults that a failure needs, in their order")
    func shrinking() async {
        let story = FaultSchedule((1...20).map { .init(.seconds($0), .pause($0)) })
        let outcome = await story.shrunk { schedule in
            [3, 17].allSatisfy { host in schedule.entries.contains { $0.fault == .pause(host) } }
        }
        #expect(outcome.story == FaultSchedule([.init(.seconds(3), .pause(3)), .init(.seconds(17), .pause(17))]))
    }

    @Test("each seed does without some faults, and none is missing from all")
    func swarm() {
        let scenarios = (UInt64(1)...100).map { Scenario(seed: $0) }
        for kind in FaultKind.allCases {
            let count = scenarios.count { $0.kinds.contains(kind) }
            #expect(count > 50 && count < 100, "\(kind): \(count)")
        }
        #expect(Set(scenarios.map(\.hostCount)) == [2, 3, 4, 5])
        #expect(scenarios.contains { $0.mode == .safety } && scenarios.contains { $0.mode == .liveness })
    }

    @Test("no line is wider than a terminal, whatever the seed chose", arguments: UInt64(1)...100)
    func width(_ seed: UInt64) {
        let scenario = Scenario(seed: seed, hosts: 8)
        #expect((scenario.lines.map { "  " + $0 } + scenario.schedule.lines).filter { $0.count > 80 } == [])
    }
}
