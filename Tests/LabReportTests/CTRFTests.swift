import Foundation
import LabCourse
import LabReport
import Testing

@Suite struct CTRFTests {
    @Test("What is inconclusive has the status other and keeps its own word; a flaky one tells of its attempts")
    func statuses() throws {
        let report = try Self.decoded(CTRFReport(Self.document).json())
        #expect(report.results.tests.map(\.status) == ["passed", "failed", "other", "skipped"])
        #expect(report.results.tests.map(\.rawStatus) == ["pass", "fail", "inconclusive", "skip"])
        let summary = report.results.summary
        let counts: [Int] = [summary.tests, summary.passed, summary.failed, summary.other, summary.skipped]
        #expect(counts == [4, 1, 1, 1, 1])
        #expect(summary.flaky == 1)
        #expect(summary.stop - summary.start == 12500)
        #expect(report.results.tests[0].flaky == true)
        #expect(report.results.tests[0].retries == 1)
    }

    @Test("The document has what the format asks for and nothing that it does not know", .requiresLintTools)
    func schema() throws {
        let json = try CTRFReport(Self.document) { ["out/\($0.directory)/lan.pcapng"] }.json()
        let answer = try Self.check(json)
        #expect(answer.code == 0, "\(answer.text)\n\(json)")
    }

    @Test(
        "A document that the format does not allow is refused", .requiresLintTools,
        arguments: [("\"other\"", "\"inconclusive\""), ("\"duration\":", "\"time\":"), ("\"CTRF\"", "\"ctrf\"")])
    func refused(_ part: String, _ wrong: String) throws {
        let json = try CTRFReport(Self.document).json()
        #expect(json.contains(part))
        #expect(try Self.check(json.replacing(part, with: wrong)).code == 1)
    }

    private static var document: RunDocument {
        var flaky = ScenarioDocument.sample(
            "step2/crash", [.sample("takes over", .pass, measured: 3.6, bound: [3, 4])])
        flaky.record.attempts = 2
        flaky.earlier = [.sample("node1 starts", .inconclusive)]
        return .sample([
            flaky, .sample("step2/tie", [.sample("wins", .fail)], repetition: 2),
            .sample("step2/stop", [.sample("resigns", .inconclusive)]),
            .sample("step6/web", [.sample("haproxy", .skip)]),
        ])
    }

    private static func check(_ json: String) throws -> (code: Int32?, text: String) {
        try LintTool.run(
            "python", ["scripts/check-lines", "Tests/LabReportTests/Schemas/ctrf.schema.json"], input: json + "\n")
    }

    private static func decoded(_ json: String) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    }

    private struct Report: Decodable {
        struct Results: Decodable {
            var summary: Summary
            var tests: [Case]
        }
        struct Summary: Decodable {
            var tests, passed, failed, other, skipped, flaky, start, stop: Int
        }
        struct Case: Decodable {
            var status, rawStatus: String
            var flaky: Bool?
            var retries: Int?
        }
        var results: Results
    }
}
