import Testing
import VRRPSimulator

/// Stories that nobody thought of, each judged by every invariant.
@Suite struct SeedTests {
    /// What is left of a story when its timeline is thrown away.
    private struct Outcome: Sendable {
        var command: String
        var findings: [SimulationReport.Finding]
        var situations: Situation.Counts
    }

    @Test("200 seeds of a simulated hour contradict no invariant, and leave no situation out")
    func hours() async {
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for seed in UInt64(1)...200 {
                group.addTask {
                    let report = SimulationReport(playing: Scenario(seed: seed, duration: .seconds(3600)))
                    return Outcome(
                        command: report.scenario.command, findings: report.findings, situations: report.situations)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 200)
        for outcome in outcomes {
            #expect(outcome.findings.isEmpty, "\(outcome.findings.prefix(3)); see it again: \(outcome.command)")
        }
        let reached = outcomes.reduce(into: Situation.Counts()) { $0.merge($1.situations) { $0 + $1 } }
        #expect(Situation.allCases.filter { reached[$0, default: 0] == 0 } == [])
    }
}
