import LabCourse
import LabReport
import Testing

@Suite struct ProblemTests {
    @Test("What failed comes before what was inconclusive, and each says how to see it again")
    func order() {
        let document = RunDocument.sample([
            .sample("step2/crash", [.sample("takes over", .pass)]),
            .sample("step2/tie", [.sample("the higher address wins", .inconclusive)]),
            .sample(
                "step4/nopreempt",
                [.sample("takes over", .inconclusive), .sample("stays", .fail, why: "nopreempt is on the wrong node")]),
        ])
        #expect(document.problems.map(\.label) == ["step4/nopreempt [ours]", "step2/tie [ours]"])
        #expect(document.problems.first?.what == "stays")
        #expect(document.problems.first?.why == "nopreempt is on the wrong node")
        #expect(document.problems.first?.again == "labrun run step4/nopreempt --daemon ours")
    }
}
