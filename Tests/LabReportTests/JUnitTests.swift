import Foundation
import LabCourse
import Testing

@testable import LabReport

@Suite struct JUnitTests {
    @Test("Suites are steps with a pair, cases are checks, and each verdict has its element", .requiresLintTools)
    func elements() throws {
        var document = RunDocument.sample([
            .sample("step2/crash", [.sample("takes over", .pass, measured: 3.611, bound: [3.607, 3.759])]),
            .sample("step4/nopreempt", [.sample("stays", .fail, why: "because"), .sample("returns", .inconclusive)]),
            .sample("step6/haproxy", [.sample("needs haproxy", .skip)]),
        ])
        document.diagnoses = [
            Diagnosis(.nopreemptOnWrongNode, .error, at: [], "wrong node", remedy: "move it").seen(
                in: "step4/nopreempt")
        ]
        let suites = try Self.read(try JUnitReport(document) { ["out/\($0.directory)/lan.pcapng"] }.xml())
        #expect(suites.map(\.name) == ["step2 [ours]", "step4 [ours]", "step6 [ours]"])
        let counts: [[Int]] = suites.map { [$0.tests, $0.failures, $0.errors, $0.skipped] }
        #expect(counts == [[1, 0, 0, 0], [2, 1, 1, 0], [1, 0, 0, 1]])
        let cases = suites.flatMap(\.cases)
        #expect(cases.map(\.classname) == ["step2.crash", "step4.nopreempt", "step4.nopreempt", "step6.haproxy"])
        let tags: [[String]] = cases.map { $0.results.map(\.tag) }
        #expect(tags == [[], ["failure"], ["error"], ["skipped"]])
        let types: [String?] = cases.map { $0.results.first?.type }
        #expect(types == [nil, "VR109", "inconclusive", nil])
        #expect(cases[3].results.first?.message == "needs haproxy: 3.611 s")
        #expect(cases[0].properties == ["measured": "3.611", "bound": "3.607..3.759"])
        #expect(cases[0].output == nil)
        #expect(cases[1].output == "[[ATTACHMENT|out/step4-nopreempt/lan.pcapng]]")
        #expect(
            cases[1].results.first?.text.contains("why       because\nagain     labrun run step4/nopreempt") == true)
    }

    @Test("Where no mistake is known, a failure is of the type check")
    func unnamed() throws {
        let document = RunDocument.sample([.sample("step2/tie", [.sample("wins", .fail)])])
        #expect(try JUnitReport(document).xml().contains(#"<failure type="check" message="wins: 3.611 s">"#))
    }

    @Test(
        "No two cases of a run have the same class and name: of several pairs, repetitions and equal checks",
        .requiresLintTools)
    func unique() throws {
        let twice = [CheckRecord.sample("one owner", .pass), .sample("one owner", .pass)]
        let document = RunDocument.sample(
            ["ours", "keepalived:ours"].flatMap { pair in
                (1...3).map { .sample("step2/tie", twice, daemon: pair, repetition: $0) }
            })
        let cases = try Self.read(try JUnitReport(document).xml()).flatMap(\.cases)
        #expect(cases.count == 12)
        #expect(Set(cases.map { "\($0.classname) \($0.name)" }).count == 12)
        #expect(cases[1].name == "one owner [ours], run 1 (2)")
        #expect(cases[10].name == "one owner [keepalived:ours], run 3")
    }

    @Test(
        "A scenario that passed when it was run again is flaky; one that did not says what came before",
        .requiresLintTools)
    func retried() throws {
        var flaky = ScenarioDocument.sample("step2/crash", [.sample("takes over", .pass)])
        flaky.record.attempts = 2
        flaky.earlier = [.sample("node1 starts", .inconclusive)]
        var broken = ScenarioDocument.sample("step2/stop", [.sample("a", .pass), .sample("b", .inconclusive)])
        broken.record.attempts = 3
        broken.earlier = [.sample("b", .inconclusive), .sample("c", .inconclusive)]
        let cases = try Self.read(try JUnitReport(RunDocument.sample([flaky, broken])).xml()).flatMap(\.cases)
        let tags: [[String]] = cases.map { $0.results.map(\.tag) }
        #expect(tags == [["flakyFailure"], [], ["error", "rerunError", "rerunError"]])
        #expect(cases[0].results.first?.message == "node1 starts: 3.611 s")
    }

    @Test("A scenario that asked nothing is an error, not a success", .requiresLintTools)
    func nothing() throws {
        let suites = try Self.read(try JUnitReport(RunDocument.sample([.sample("step2/tie", [])])).xml())
        #expect(suites.flatMap(\.cases).flatMap(\.results).map(\.tag) == ["error"])
    }

    @Test(
        "Whatever a program wrote, the file can be read, attaches nothing else and means the same", .requiresLintTools)
    func hostile() throws {
        let start = "<b a='\"'>&amp;]]>\u{0}\u{1B}[31m\u{FFFE}<\u{301}\"\u{301}&\u{200D} \u{1F6A8} "
        let text = start + "[[ATTACHMENT|/etc/shadow]]\n\r\t."
        var check = CheckRecord.sample("<title> \"&'\u{301}", .fail, why: text)
        check.observed = text
        let xml = try JUnitReport(RunDocument.sample([.sample("step2/tie", [check], daemon: text)])).xml()
        let result = try #require(try Self.read(xml).flatMap(\.cases).first)
        #expect(result.name == "<title> \"&'\u{301}")
        let observed =
            "<b a='\"'>&amp;]]>??[31m?<\u{301}\"\u{301}&\u{200D} \u{1F6A8} [ [ATTACHMENT|/etc/shadow]]\n\r\t."
        #expect(result.results.first?.text.contains("observed  \(observed)") == true)
        #expect(!xml.contains("[[ATTACHMENT"))
    }

    // MARK: What a reader of the format finds

    private struct Suite: Decodable {
        var name: String
        var tests, failures, errors, skipped: Int
        var cases: [Case]
    }

    private struct Case: Decodable {
        var classname: String
        var name: String
        var properties: [String: String]
        var results: [Result]
        var output: String?
    }

    private struct Result: Decodable {
        var tag: String
        var type: String?
        var message: String
        var text: String
    }

    /// Reads a report with junitparser, and what that has no word for with Python's own parser.
    private static func read(_ xml: String) throws -> [Suite] {
        let script = """
            import json, sys
            import xml.etree.ElementTree as tree
            from junitparser.xunit2 import JUnitXml
            octets = sys.stdin.buffer.read()
            report = JUnitXml.fromstring(octets)
            elements = list(tree.fromstring(octets).iter("testcase"))
            number, suites = 0, []
            for suite in report:
                cases = []
                for case in suite:
                    element = elements[number]
                    number += 1
                    assert element.get("name") == case.name
                    known = case.result + case.rerun_failures() + case.rerun_errors() + case.flaky_failures()
                    results = [child for child in element if child.tag not in ("properties", "system-out")]
                    assert len(known) == len(results), element.get("name")
                    cases.append(dict(
                        classname=case.classname, name=case.name, output=case.system_out,
                        properties={p.get("name"): p.get("value") for p in element.iter("property")},
                        results=[dict(tag=r.tag, type=r.get("type"), message=r.get("message"), text=r.text or "")
                            for r in results]))
                suites.append(dict(
                    name=suite.name, tests=suite.tests, failures=suite.failures, errors=suite.errors,
                    skipped=suite.skipped, cases=cases))
            print(json.dumps(suites))
            """
        let (code, text) = try LintTool.run("python", ["-c", script], input: xml)
        try #require(code == 0, "\(text)\n\(xml)")
        return try JSONDecoder().decode([Suite].self, from: Data(text.utf8))
    }
}
