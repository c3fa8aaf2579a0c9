import LabCourse
import Labs
import NetnsTesting
import Testing
import Timeline

/// The four ways to put two daemons on two nodes.
enum Pair: String, CaseIterable, CustomTestStringConvertible {
    case ours
    case keepalived
    case oursFirst = "ours:keepalived"
    case keepalivedFirst = "keepalived:ours"

    var testDescription: String { rawValue }

    /// The pairs that this machine can run: without keepalived only our own, unless CI demands them all.
    static var available: [Pair] {
        hasKeepalived || Requirements.areStrict ? allCases : [.ours]
    }

    static var hasKeepalived: Bool { Requirements.isInstalled("/usr/sbin/keepalived") }

    func programs() throws -> DaemonPair { try DaemonPair(parsing: rawValue) }
}

/// Runs a scenario of the course, again when the host spoiled it, and expects every check to pass.
func expectPass(
    _ id: String, _ pair: Pair, variant: LabVariant = .reference, pace: Pace = .real, files: [SourceFile] = []
) async throws {
    expectPass(try await run(id, pair, variant: variant, pace: pace, files: files))
}

/// Expects that every check of a report passed, and draws what happened when one did not.
func expectPass(_ report: ScenarioReport) {
    let wrong = report.checks.filter { $0.verdict > .pass }.map { check in
        "\(check.verdict): \(check.title): expected \(check.expected), observed \(check.observed)"
    }
    #expect(wrong == [], "\(report.id) [\(report.daemons)]\n\(report.drawn)")
    #expect(report.verdict == .pass, "\(report.id) [\(report.daemons)]")
}

/// One report of a scenario such as `step2/crash`; an inconclusive one is tried again, at most twice.
func run(
    _ id: String, _ pair: Pair, variant: LabVariant = .reference, pace: Pace = .real, files: [SourceFile] = []
) async throws -> ScenarioReport {
    let words = id.split(separator: "/").map(String.init)
    let step = try #require(Course.step(words[0]))
    let scenarios = step.scenarios(variant, pace: pace, files: files)
    let scenario = try #require(scenarios.first { $0.id == words[1] })
    let runner = Runner(daemons: try pair.programs(), variant: variant, width: 1)
    var report = try await runner.run(Runner.Job(step: step.id, scenario: scenario))
    for _ in 0..<2 where report.verdict == .inconclusive {
        report = try await runner.run(Runner.Job(step: step.id, scenario: scenario))
    }
    return report
}

extension ScenarioReport {
    /// The picture that a failing test shows.
    var drawn: String { "\(Diagram(timeline, drawing(rows: 60)))" }
}
