import LabCourse
import NetnsKit
import Testing

@Suite("The schemas of what labrun writes", .requiresLintTools)
struct SchemaTests {
    @Test("A run with everything in it fits, line by line and as a document")
    func everything() throws {
        let document = Self.document
        let scenarios = try document.scenarios.flatMap { try RecordLines.lines(of: $0) }
        let lines = try RecordLines.beginning(document.run) + scenarios + (try RecordLines.end(document))
        let kinds = ["run", "scenario", "stall", "check", "diagnosis", "end"]
        for kind in kinds { #expect(lines.contains { $0.contains(#""kind":"\#(kind)""#) }, "\(kind)") }
        let answer = try Self.check(lines, "events")
        #expect(answer.code == 0, "\(answer.text)")
        let whole = try Self.check([try JSONLines.line(document)], "run")
        #expect(whole.code == 0, "\(whole.text)")
    }

    @Test(
        "A line of a kind that nobody knows yet is to be ignored, and so is a key",
        arguments: [
            #"{"v":1,"kind":"weather"}"#, #"{"v":1,"kind":"stall","t":1,"ms":3,"affects":["step2/tie"],"why":"sun"}"#,
        ])
    func unknown(_ line: String) throws {
        #expect(try Self.check([line], "events").code == 0)
    }

    @Test(
        "A line that misleads its reader is refused",
        arguments: [
            #"{"v":1}"#, #"{"kind":"stall","t":1,"ms":3,"affects":["step2/tie"]}"#,
            #"{"v":2,"kind":"weather"}"#, #"{"v":1,"kind":"stall","t":"1","ms":3,"affects":["step2/tie"]}"#,
            #"{"v":1,"kind":"stall","t":1,"ms":3,"affects":[]}"#,
            #"{"v":1,"kind":"event","src":"wire","what":"frame"}"#,
            #"{"v":1,"kind":"check","id":"a","title":"b","verdict":"ok","expected":"","observed":""}"#,
            #"{"v":1,"kind":"check","id":"a","title":"b","verdict":"pass","expected":"","observed":"","bound":[1]}"#,
            #"{"v":1,"kind":"diagnosis","code":"9","severity":"note","sentence":"a","#
                + #""remedy":"b","places":[],"sights":[]}"#,
            #"{"v":1,"kind":"end","verdict":"pass","passed":1,"failed":0,"inconclusive":0,"skipped":0,"seconds":1}"#,
            #"{"v":1,"kind":"run","id":"1"}"#, "not JSON",
        ])
    func refused(_ line: String) throws {
        #expect(try Self.check([line], "events").code == 1)
    }

    @Test(
        "A document of a run that misses something is refused",
        arguments: [
            (#""seed":7"#, #""seed":-7"#), (#""verdict":"fail""#, #""verdict":"bad""#), (#""directory""#, #""dir""#),
        ])
    func refusedDocument(_ part: String, _ wrong: String) throws {
        let line = try JSONLines.line(Self.document)
        #expect(line.contains(part))
        #expect(try Self.check([line.replacing(part, with: wrong)], "run").code == 1)
    }

    private static var document: RunDocument {
        var scenario = ScenarioDocument.sample(
            "step2/tie", [.sample("wins", .fail, measured: 1, bound: [0, 2], why: "so")], repetition: 2)
        scenario.record.seed = 7
        scenario.record.phase = 0.5
        scenario.stalls = [StallRecord(t: 3.5, length: 0.25)]
        scenario.moments = [
            MomentRecord(
                t: 1, title: "crash", frames: [FrameRecord(t: 1, node: "node1", summary: "advert 150", isChange: true)])
        ]
        scenario.earlier = [.sample("wins", .inconclusive)]
        var document = RunDocument.sample([scenario])
        let place = Diagnosis.Place(file: "/etc/keepalived/keepalived.conf", line: 33, text: "nopreempt")
        document.diagnoses = [
            Diagnosis(
                .nopreemptOnWrongNode, .error, at: [place], "wrong node", remedy: "move it", message: "nothing",
                sights: [Diagnosis.Sight("node2 log", "MASTER")]
            ).seen(in: "step2/tie")
        ]
        document.files = [FileRecord(path: place.file, nodes: ["node1"], text: "vrrp_instance")]
        return document
    }

    private static func check(_ lines: [String], _ schema: String) throws -> (code: Int32?, text: String) {
        try LintTool.run(
            "python", ["scripts/check-lines", "docs/schema/labrun-\(schema).schema.json"],
            input: lines.map { $0 + "\n" }.joined())
    }
}
