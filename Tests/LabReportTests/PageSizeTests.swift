import LabCourse
import LabReport
import Testing
import Timeline

@Suite("The size of a page")
struct PageSizeTests {
    @Test("70 scenarios with large pictures stay below 500 kB; what failed is whole, and the page says what is not")
    func manyScenarios() throws {
        let scenarios = (1...70).map { number -> ScenarioDocument in
            let checks = (1...10).map {
                CheckRecord.sample("check \($0) of \(number)", .pass, measured: 3.61, bound: [3.607, 3.66])
            }
            var scenario = ScenarioDocument.sample(
                "step\(number % 8 + 1)/scenario-\(number)",
                number == 9 ? checks + [.sample("a late one", .fail, measured: 9, bound: [3.607, 3.66])] : checks)
            scenario.moments = (1...4).map { fault in
                MomentRecord(
                    t: Double(fault), title: "fault \(fault)",
                    frames: (1...10).map {
                        FrameRecord(
                            t: Double($0), node: "node1", summary: "VRRPv2 10.0.0.1 > 224.0.0.18", isChange: true)
                    })
            }
            return scenario
        }
        let picture = SampleLab.large
        let text = try HTMLReport(.sample(scenarios)) { _ in picture }.text
        #expect((450_000..<500_000).contains(text.utf8.count), "\(text.utf8.count)")
        #expect(text.contains("To stay below 490 kB, "))
        #expect(text.contains("pictures are links"))
        // The whole, and two handovers.
        let failed = try #require(text.components(after: "id=\"step2-scenario-9\""))
        #expect(failed.prefix(40_000).count(of: "<g transform=") >= 2)
        #expect(failed.contains("fault 4"))
    }

    @Test("20 runs of 30 scenarios with 3 pairs stay below 500 kB, and every scenario keeps its row and its counts")
    func matrix() throws {
        let scenarios = ["ours", "keepalived", "ours:keepalived"].flatMap { pair in
            (1...30).flatMap { number in
                (1...20).map { run in
                    ScenarioDocument.sample(
                        "step2/s\(number)",
                        [
                            .sample(
                                "takes over", number == run ? .fail : .pass, measured: 3.61 + Double(run) / 1000,
                                bound: [3.607, 3.66])
                        ], daemon: pair, repetition: run)
                }
            }
        }
        let text = try HTMLReport(.sample(scenarios)) { _ in SampleLab.large }.text
        #expect(text.utf8.count < 500_000, "\(text.utf8.count)")
        #expect(text.count(of: "<span class=\"figure\">19/20</span>") == 60)
        #expect(text.contains("<span class=\"figure\">20/20</span>"))
    }
}

extension SampleLab {
    /// A picture about as large as the largest of the course.
    static var large: String {
        let picture = SampleLab(takesOver: true).picture
        let mark = #"<path class="tell" d="M520.5 130m0-5l5 5-5 5-5-5z"><title>announces 192.168.1.100</title></path>"#
        return picture.replacing("</g>", with: String(repeating: mark + "\n", count: 80) + "</g>")
    }
}

extension StringProtocol {
    fileprivate func count(of part: String) -> Int { ranges(of: part).count }

    fileprivate func components(after part: String) -> String? {
        firstRange(of: part).map { String(self[$0.upperBound...]) }
    }
}
