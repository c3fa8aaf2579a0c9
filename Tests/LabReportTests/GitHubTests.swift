import LabCourse
import LabReport
import Testing

@Suite("The log of a job at GitHub and GitLab") struct GitHubTests {
    @Test("What means something in a command is written so that it means itself")
    func escaping() {
        let line = GitHubCommand.annotation(
            .error, "100%\r\nsecond: a,b", title: "VR109: a, b\n%", file: "a,b:c.conf", line: 25)
        #expect(line == "::error file=a%2Cb%3Ac.conf,line=25,title=VR109%3A a%2C b%0A%25::100%25%0D%0Asecond: a,b")
        #expect(GitHubCommand.annotation(.warning, "x", title: "t") == "::warning title=t::x")
        #expect(GitHubCommand.group("a\n::error::b") == "::group::a%0A::error::b")
    }

    @Test(
        "A line that a program wrote is no command",
        arguments: [
            ("::error::x", ": :error::x"), ("   ::add-mask::y", "   : :add-mask::y"),
            ("\t::set-output name=a::b", "\t: :set-output name=a::b"),
            ("text ##[error]x ##[group]", "text # #[error]x # #[group]"), ("fe80::1", "fe80::1"), ("", ""),
        ])
    func inert(_ line: String, _ expected: String) {
        #expect(GitHubCommand.inert(line) == expected)
    }

    @Test("A token that ends a quotation is another one each time, and long")
    func token() {
        let tokens = (0..<100).map { _ in GitHubCommand.token() }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.count > 20 && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } })
    }

    @Test("At most ten annotations are written: mistakes at their lines first, then failures, then what is unknown")
    func annotations() {
        var document = RunDocument.sample(
            [.sample("step2/a", [.sample("x", .inconclusive)])]
                + (1...12).map { .sample("step2/\($0)", [.sample("holds", .fail)]) })
        let place = Diagnosis.Place(file: "/etc/keepalived/keepalived.conf", line: 25, text: "nopreempt")
        document.files = [FileRecord(path: place.file, nodes: ["node1"], text: "", place: "/checkout/conf/a.conf")]
        document.diagnoses = [
            Diagnosis(.nopreemptOnWrongNode, .error, at: [place], "wrong node", remedy: "move it"),
            Diagnosis(.nopreemptOnMaster, .warning, at: [place], "ignored", remedy: "remove it"),
        ]
        let annotations = GitHubAnnotations(document, workspace: "/checkout")
        #expect(annotations.lines.count == 10)
        #expect(annotations.dropped == 4)
        #expect(annotations.lines[0] == "::error file=conf/a.conf,line=25,title=VR109::wrong node%0Amove it")
        #expect(
            annotations.lines[1] == "::error title=step2/1 [ours]::holds%0Aexpected within 3.66 s%0Aobserved 3.611 s%0A"
                + "again: labrun run step2/1 --daemon ours")
    }

    @Test("What could not be judged is a warning, and all is told when there is room")
    func warnings() {
        let document = RunDocument.sample([
            .sample("step2/a", [.sample("x", .inconclusive)]), .sample("step2/b", [.sample("y", .pass)]),
        ])
        let annotations = GitHubAnnotations(document)
        #expect(annotations.lines.map { String($0.prefix(27)) } == ["::warning title=step2/a [ou"])
        #expect(annotations.dropped == 0)
    }

    @Test("A section at GitLab has its escape codes, a name of plain letters, and is folded when asked for")
    func sections() {
        let section = GitLabSection("ok step2/tie [ours] é")
        #expect(
            section.begin("title", at: 1_700_000_000, isCollapsed: true)
                == "\u{1B}[0Ksection_start:1700000000:ok_step2_tie__ours___[collapsed=true]\r\u{1B}[0Ktitle")
        #expect(
            section.begin("title", at: 7, isCollapsed: false)
                == "\u{1B}[0Ksection_start:7:ok_step2_tie__ours___\r\u{1B}[0Ktitle")
        #expect(section.end(at: 8) == "\u{1B}[0Ksection_end:8:ok_step2_tie__ours___\r\u{1B}[0K")
    }
}
