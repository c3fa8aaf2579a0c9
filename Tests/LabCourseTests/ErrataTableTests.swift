import LabCourse
import Testing

@Suite("The table of the text's errors")
struct ErrataTableTests {
    private let erratum = Erratum("E99", in: "step2", text: "it is so", wire: "it is otherwise", ours: "it is so")

    @Test("A difference that is as the course has it passes, although its check fails")
    func asCatalogued() {
        let table = table([contrast(true), contrast(true)])
        #expect(table.rows.map(\.verdict) == [.pass])
        #expect(table.rows.first?.observed == "seen; seen")
        #expect(table.verdict == .pass)
    }

    @Test("One check that saw something else fails the row, and is what is shown")
    func otherwise() {
        let table = table([contrast(true), contrast(false, observed: "a third thing")])
        #expect(table.rows.map(\.verdict) == [.fail])
        #expect(table.rows.first?.observed == "a third thing")
    }

    @Test("What a busy host spoiled is inconclusive, not a fail")
    func spoiled() {
        #expect(table([contrast(false, verdict: .inconclusive)]).verdict == .inconclusive)
    }

    @Test("A row that nobody looked at fails; one that was skipped is not shown, and the table does not pass")
    func unseen() {
        #expect(table([]).rows.map(\.verdict) == [.fail])
        let other = Erratum("E98", in: "step3", text: "", wire: "")
        let skip = CheckResult("needs killall", .skip, expected: "", observed: "not on this machine")
        let table = ErrataTable(
            [other, erratum], [report([contrast(true)], in: "step2"), report([skip], in: "step3")])
        #expect(table.rows.map(\.verdict) == [.skip, .pass])
        #expect(table.rows.first?.observed.contains("not on this machine") == true)
        #expect(table.verdict == .inconclusive)
    }

    @Test("What a scenario reports and no step knows of fails")
    func unknown() {
        let table = ErrataTable([], [report([contrast(true)], in: "step2")])
        #expect(table.rows.map(\.erratum.id) == ["E99"])
        #expect(table.verdict == .fail)
    }

    @Test("Where vrrpd is kinder by intent the row says so and passes")
    func ours() {
        #expect(table([contrast(true, isOurs: true)]).rows.map(\.isOurs) == [true])
        #expect(table([contrast(true)]).rows.map(\.isOurs) == [false])
    }

    private func table(_ checks: [CheckResult]) -> ErrataTable {
        ErrataTable([erratum], [report(checks, in: "step2")])
    }

    private func report(_ checks: [CheckResult], in step: String) -> ScenarioReport {
        var report = ScenarioReport.example(checks)
        report.step = step
        return report
    }

    private func contrast(
        _ isAsCatalogued: Bool, isOurs: Bool = false, verdict: Verdict = .fail, observed: String = "seen"
    ) -> CheckResult {
        CheckResult(
            "the text", verdict, expected: "", observed: observed,
            contrast: Contrast("E99", isAsCatalogued: isAsCatalogued, isOurs: isOurs))
    }
}
