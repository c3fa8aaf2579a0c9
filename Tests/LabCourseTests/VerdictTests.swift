import Testing
import Timeline
import Wire

@testable import LabCourse

@Suite struct VerdictTests {
    @Test("What was not looked at weighs least, then what is well, then what is unknown, and a failure most")
    func order() {
        #expect([Verdict.fail, .skip, .inconclusive, .pass].sorted() == [.skip, .pass, .inconclusive, .fail])
        #expect(!(Verdict.pass < .pass))
    }

    @Test(
        "The worst check speaks for the scenario",
        arguments: [
            ([.pass, .skip], .pass), ([.pass, .inconclusive], .inconclusive), ([.inconclusive, .fail, .pass], .fail),
            ([.skip], .skip),
        ] as [([Verdict], Verdict)])
    func worst(_ verdicts: [Verdict], _ expected: Verdict) {
        let checks = verdicts.map { CheckResult("a check", $0, expected: "", observed: "") }
        #expect(ScenarioReport.example(checks).verdict == expected)
    }

    @Test("A scenario without a check has shown nothing")
    func none() {
        #expect(ScenarioReport.example([]).verdict == .inconclusive)
    }
}

extension ScenarioReport {
    /// A report of step2/crash that saw nothing, made from these checks.
    static func example(_ checks: [CheckResult]) -> ScenarioReport {
        ScenarioReport(
            step: "step2", scenario: "crash", title: "A crash", variant: .reference, daemons: "ours", checks: checks,
            timeline: Timeline(), nodes: ["node1"], files: [], origin: Instant(nanoseconds: 0), length: .seconds(1),
            offsetToRealTime: 0)
    }
}
