import LabCourse
import LabReport
import Testing

@Suite struct MatrixTableTests {
    @Test("Each pair has a column with the median and how many runs passed; no line is wider than 80")
    func table() {
        let document = RunDocument.sample(
            ["ours", "ours:keepalived", "keepalived:ours", "keepalived"].flatMap { pair in
                (1...2).map { number in
                    let isBad = pair == "keepalived:ours" && number == 2
                    return .sample(
                        "step2/crash", [DistributionTests.check(isBad ? 3.7 : 3.611)], daemon: pair,
                        repetition: number)
                }
            })
        #expect(
            MatrixTable(document).lines == [
                "                         node1:node2  ours:ours    ours:ka    ka:ours      ka:ka",
                "step2/crash     takes over                3.611      3.611      3.611      3.611",
                "                bound 3.607-3.660        ok 2/2     ok 2/2   FAIL 1/2     ok 2/2",
            ])
    }

    @Test("More pairs than fit stand below")
    func wide() {
        let pairs = ["a", "b", "/opt/new/sbin/keepalived"]
        let all = pairs.flatMap { first in pairs.map { first == $0 ? first : "\(first):\($0)" } }
        let document = RunDocument.sample(
            all.map {
                .sample("step2/tie", [.sample("the higher address wins", .pass)], daemon: $0, repetition: 1)
            })
        let lines = MatrixTable(document).lines
        #expect(lines.count == 3 * 2 + 2)
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
        #expect(lines.filter { $0.contains("ok 1/1") }.count == 3)
        #expect(lines.last?.contains("ok 1/1") == true)
    }
}
