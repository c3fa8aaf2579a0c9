import Labs
import LinuxSystem
import Testing
import Timeline
import Wire

@testable import LabCourse
@testable import labrun

@Suite struct LearnerTextTests {
    @Test("A lesson fits 80 columns: paragraphs and items are filled anew, drawings and headings stay")
    func lesson() {
        let text = """
            # A heading
            One sentence that is
            broken over lines.

            - an item that goes
              on and on
            1. a number

                drawing   --+--
            """
        #expect(
            LessonText(text).lines == [
                "# A heading", "One sentence that is broken over lines.", "", "- an item that goes on and on",
                "1. a number", "", "    drawing   --+--",
            ])
        let table = "| how | it says | takes |\n|---|---|---|\n| killed with all | nothing | " + "word " + "|"
        #expect(LessonText(table).lines == ["  how              it says  takes", "  killed with all  nothing  word"])
        let wide = "| how | \(String(repeating: "word ", count: 30))|"
        #expect(LessonText(wide).lines.count == 3)
        #expect(LessonText(wide).lines.allSatisfy { $0.count <= 80 })
        let long = LessonText("- " + String(repeating: "word ", count: 40)).lines
        #expect(long.count == 3)
        #expect(long.allSatisfy { $0.count <= 80 })
        #expect(long[1].hasPrefix("  word"))
    }

    @Test(
        "Every step is described on one screen of 80 columns, with the files to write",
        arguments: Course.steps.map(\.id))
    func overview(_ id: String) throws {
        let step = try #require(Course.step(id))
        let description = StepDescription(step)
        let lines = description.overview.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
        #expect(lines.filter { $0.count > 80 } == [])
        #expect(lines.count <= 52)
        for file in step.files { #expect(lines.contains { $0.contains(file.path) }) }
        #expect(description.lesson.filter { $0.count > 80 } == [])
    }

    @Test("The times of step 4 are those of the priorities 150 and 100")
    func times() throws {
        let lines = StepDescription(.step4).overview
        #expect(lines.contains("  150       1.000 s   3.414 s     0.414 s      node1 VI_1"))
        #expect(lines.contains("  100       1.000 s   3.609 s     0.609 s      node2 VI_1"))
    }

    @Test("Hints end with the difference to the solution, and none before shows it", arguments: Course.steps.map(\.id))
    func hints(_ id: String) throws {
        let step = try #require(Course.step(id))
        guard !step.files.isEmpty else { return }
        let ladder = HintLadder(step)
        let files = step.files.map(\.begun)
        #expect(ladder.count >= 3)
        for level in 1..<ladder.count {
            let text = ladder.text(of: level, files)
            #expect(text[0] == "Hint \(level) of \(ladder.count) for \(id)")
            #expect(!text.contains { $0.hasPrefix("+++ ") })
            #expect(text.allSatisfy { $0.count <= 80 })
        }
        #expect(ladder.text(of: ladder.count, files).contains { $0.hasPrefix("+++ ") })
    }

    @Test("The difference of a solution to itself says so for each file")
    func solved() {
        let step = LabStep.step4
        #expect(
            DifferenceText(step, step.files.map(\.solved)).lines
                == step.files.map { "\($0.path) says the same as the solution" })
        #expect(DifferenceText(step, []).lines.filter { $0 == "--- /dev/null" }.count == 2)
    }

    @Test("A saved file is told by its new lines, its rights, its coming and going")
    func saved() {
        let old = [SourceFile("/etc/keepalived/a", "1\n2\n"), SourceFile("/etc/keepalived/b", "x")]
        var changed = old
        changed[0].contents = Array("1\n  state   BACKUP\n".utf8)
        #expect(SavedChange(from: old, to: changed).text == "a saved, line 2 state BACKUP")
        changed = old
        changed[1].mode = 0o700
        #expect(SavedChange(from: old, to: changed).text == "b has mode 700")
        #expect(SavedChange(from: old, to: [old[1]]).text == "a is gone")
        #expect(SavedChange(from: [], to: [old[1]]).text == "b is new")
        changed[1].contents = Array("1\n2\n3\n4\n".utf8)
        #expect(SavedChange(from: old, to: changed).text == "b saved, 4 lines are new")
    }

    @Test("Many checks of a run that passed become a line for each scenario; what failed is always shown")
    func room() {
        let pass = CheckResult("a fact", .pass, expected: "", observed: "so")
        let fail = CheckResult("another", .fail, expected: "x", observed: "y")
        let reports = [[pass, pass], [pass, fail]].map { Self.report($0) }
        #expect(CheckOutput.checkLines(reports, room: 8).count == 8)
        let short = CheckOutput.checkLines(reports, room: 7)
        #expect(short.count == 5)
        #expect(short[0].hasPrefix("ok    step9/x") && short[0].hasSuffix(" 2 of 2"))
        #expect(short[1].hasPrefix("FAIL  step9/x") && short[1].hasSuffix(" 1 of 2"))
        #expect(short[2] == "  FAIL  another")
    }

    @Test("A name that Swift takes for a target and a type is one, others are not")
    func names() {
        #expect(["Ring", "RingFailover2"].allSatisfy(Scaffold.isUsable))
        #expect(!["", "ring", "2Ring", "Ring-x", "Ring/x", "Ring x", "\u{c9}tat"].contains(where: Scaffold.isUsable))
    }

    @Test("What a terminal would act on or not show becomes a question mark")
    func printable() {
        #expect(Terminal.printable("a\u{1b}[2J\u{a0}b\u{200b} \u{e9}") == "a?[2J?b? \u{e9}")
    }

    @Test("What 'labrun new' writes is an example, word for word, and so it is built and run with the examples")
    func scaffold() throws {
        let examples = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let files = Scaffold.files(named: "CableLoss", package: "..")
        #expect(files.map(\.path) == ["Package.swift", "Tests/CableLossTests/CableLossTests.swift", ".gitignore"])
        let example = try FileSystem.read("/\(examples)/Examples/\(files[1].path)", atMost: 1 << 20)
        #expect(files[1].text == String(decoding: example, as: UTF8.self))
        let manifest = try FileSystem.read("/\(examples)/Examples/Package.swift", atMost: 1 << 20)
        let target = files[0].text.components(after: "targets: [\n", before: "\n    ],\n    swiftLanguageModes")
        #expect(target.hasPrefix("        .testTarget("))
        #expect(String(decoding: manifest, as: UTF8.self).contains(target))
        #expect(files[0].text.contains(#".package(name: "netnskit", path: "..")"#))
    }

    private static func report(_ checks: [CheckResult]) -> ScenarioReport {
        ScenarioReport(
            step: "step9", scenario: "x", title: "", variant: .yours, daemons: "ours", checks: checks,
            timeline: .init(),
            nodes: [], files: [], origin: .zero, length: .zero, offsetToRealTime: 0)
    }
}

extension String {
    /// What stands between two words; empty when one of them is missing.
    fileprivate func components(after start: String, before end: String) -> String {
        guard let first = firstRange(of: start), let last = self[first.upperBound...].firstRange(of: end) else {
            return ""
        }
        return String(self[first.upperBound..<last.lowerBound])
    }
}
