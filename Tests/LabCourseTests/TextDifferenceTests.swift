import LabCourse
import Testing

@Suite struct TextDifferenceTests {
    private static func lines(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    @Test("Equal texts have no difference and no unified form")
    func equal() {
        let difference = TextDifference(from: ["a", "b"], to: ["a", "b"])
        #expect(difference.isEmpty)
        #expect(difference.unified(from: "x", to: "y") == [])
    }

    @Test("A changed line in the middle of ten stands with three lines around it")
    func context() {
        let old = Self.lines("1 2 3 4 5 6 7 8 9 10")
        let difference = TextDifference(from: old, to: Self.lines("1 2 3 4 five 6 7 8 9 10"))
        #expect(!difference.isEmpty)
        #expect(
            difference.unified(from: "old", to: "new") == [
                "--- old", "+++ new", "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8",
            ])
    }

    @Test("Changes that are far apart have a hunk each, and the second counts what the first added")
    func hunks() {
        let old = Self.lines("1 2 3 4 5 6 7 8 9 10 11 12")
        let difference = TextDifference(from: old, to: Self.lines("0 1 2 3 4 5 6 7 8 9 10 11"))
        #expect(
            difference.unified(from: "old", to: "new", context: 1) == [
                "--- old", "+++ new", "@@ -1,1 +1,2 @@", "+0", " 1", "@@ -11,2 +12,1 @@", " 11", "-12",
            ])
    }

    @Test("Against nothing every line is new")
    func fromNothing() {
        let difference = TextDifference(from: [], to: ["a", "b"])
        #expect(
            difference.unified(from: "/dev/null", to: "new") == [
                "--- /dev/null", "+++ new", "@@ -0,0 +1,2 @@", "+a", "+b",
            ])
    }

    @Test("A block that goes takes its own brace with it, not that of the block before")
    func braces() {
        let old = ["a {", "x", "}", "b {", "y", "}", "c"]
        #expect(
            TextDifference(from: old, to: ["a {", "x", "}", "c"]).lines == [
                .kept("a {"), .kept("x"), .kept("}"), .removed("b {"), .removed("y"), .removed("}"), .kept("c"),
            ])
    }

    @Test("Lines that mean nothing stay where they are old, and are not asked for where they are new")
    func meaning() {
        let old = ["# mine", "a", "", "b"]
        let new = ["# theirs", "a", "c", "", "", "b"]
        let difference = TextDifference(from: old, to: new) { $0.isEmpty || $0.hasPrefix("#") ? nil : $0 }
        #expect(difference.lines == [.kept("# mine"), .kept("a"), .kept(""), .added("c"), .kept("b")])
    }

    @Test("In a configuration comments and spaces are nobody's business; a script's first line is")
    func learnersFile() {
        let file = LearnerFile(
            "/etc/keepalived/k.conf", on: ["node1"], .configuration, start: "", solution: "# why\na {\n    b  1\n}\n")
        #expect(file.difference(from: SourceFile(file.path, "a {\n\tb 1\n\n}\n")).isEmpty)
        #expect(!file.difference(from: SourceFile(file.path, "a {\n\tb 2\n}\n")).isEmpty)
        let script = LearnerFile(
            "/etc/keepalived/s", on: ["node1"], .script, start: "", solution: "#!/bin/sh\nexit 0\n")
        #expect(script.difference(from: SourceFile(script.path, "#!/bin/sh\n# well\nexit 0\n")).isEmpty)
        #expect(!script.difference(from: SourceFile(script.path, "exit 0\n")).isEmpty)
        #expect(script.difference(from: nil).lines == [.added("#!/bin/sh"), .added("exit 0")])
    }
}
