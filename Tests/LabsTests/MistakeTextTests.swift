import LabCourse
import Labs
import Testing

@testable import labrun

@Suite("What is printed about mistakes")
struct MistakeTextTests {
    @Test("An explanation fits 80 columns and one screen", arguments: Catalogue.mistakes.map(\.code))
    func explanation(_ code: MistakeCode) throws {
        let lines = MistakeText(try #require(Catalogue.mistake(code.rawValue))).lines
        #expect(lines.filter { $0.count > 80 } == [])
        #expect(lines.count <= 24)
        #expect(lines[0].hasPrefix("\(code.rawValue)  "))
        #expect(lines.contains { $0.hasPrefix("  Why ") } && lines.contains { $0.hasPrefix("  Wrong") })
    }

    @Test("The list of mistakes fits 80 columns and names every one once")
    func list() {
        #expect(Mistakes.lines.filter { $0.count > 80 } == [])
        for mistake in Catalogue.mistakes {
            #expect(Mistakes.lines.filter { $0.hasPrefix("  \(mistake.code.rawValue)  ") }.count == 1)
        }
    }

    @Test("A diagnosis fits 80 columns, whatever the file has in its lines", arguments: SpecimenTests.cases)
    func diagnosis(_ one: SpecimenTests.Case) throws {
        let step = try #require(Course.step(one.specimen.step))
        for diagnosis in Workplace.findings(step.files(of: one.specimen), in: step) {
            let lines = DiagnosisText(diagnosis).lines
            let words = lines.flatMap { $0.split(separator: " ") }.map(\.count).max() ?? 0
            #expect(lines.filter { $0.count > max(80, words + 20) } == [])
            #expect(lines[0].contains(diagnosis.code.rawValue))
            #expect(lines.contains { $0.contains("Fix: ") })
        }
    }

    @Test("A diagnosis has its place, its line, its sentence, keepalived's words and what was seen")
    func wholeDiagnosis() {
        let diagnosis = Diagnosis(
            .passwordCut, .warning,
            at: [.init(file: "/etc/keepalived/keepalived.conf", line: 33, text: "auth_pass secret\u{1b}[123")],
            "It is cut.", remedy: "auth_pass secret12", message: "Truncating auth_pass to 8 characters",
            sights: [.init("node1 log", "so it is")])
        #expect(
            DiagnosisText(diagnosis).lines == [
                "  warn  VR101  password cut short                             keepalived.conf:33",
                "        | auth_pass secret?[123", "        It is cut.",
                "        keepalived: Truncating auth_pass to 8 characters", "        Fix: auth_pass secret12",
                "        Seen: node1 log: so it is",
            ])
    }

    @Test("A difference shows the lines that changed, a new file, and permission bits")
    func difference() {
        let old = [SourceFile("/etc/keepalived/a", "one\ntwo\n")]
        let new = [
            SourceFile("/etc/keepalived/a", "one\nzwei\n"), SourceFile("/etc/keepalived/b", "#!/bin/sh\n", mode: 0o700),
        ]
        #expect(
            Difference.lines(from: old, to: new) == [
                "  /etc/keepalived/a (changed)", "    - two", "    + zwei",
                "  /etc/keepalived/b (new, mode 700)", "    + #!/bin/sh",
            ])
        #expect(Difference.lines(from: old, to: []) == ["  /etc/keepalived/a is missing"])
    }
}
