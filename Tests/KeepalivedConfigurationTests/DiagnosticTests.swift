import KeepalivedConfiguration
import Testing

@Suite struct DiagnosticTests {
    @Test("A diagnostic shows its place, its line and a caret under the word")
    func rendering() {
        let location = SourceLocation(file: "/etc/k.conf", line: 12, column: 14, text: "\tpriority    prio # x")
        let diagnostic = Diagnostic(.error, "invalid number 'prio'", at: location)
        #expect(
            diagnostic.rendered == """
                /etc/k.conf:12:14: error: invalid number 'prio'
                \tpriority    prio # x
                \t            ^
                """)
    }

    @Test("A file as a whole has no line to show")
    func wholeFile() {
        let location = SourceLocation(file: "k.conf", line: 0, column: 0, text: "")
        #expect(Diagnostic(.fatal, "gone", at: location).rendered == "k.conf: fatal error: gone")
    }

    @Test("Control characters of a file do not reach the terminal")
    func controlCharacters() {
        let result = load("\u{1b}[2J x\n")
        #expect(result.diagnostics[0].rendered == "test.conf:1:1: error: Unknown keyword '?[2J'\n?[2J x\n^")
    }

    @Test(
        "The worst category decides the exit status",
        arguments: [
            ("", 0),
            ("virtual_server 192.0.2.1 80 { x }", 0),
            ("nonsense", 5),
            ("include gone", 4),
            ("include gone\nnonsense", 5),
            ("nonsense\nincluder gone", 6),
            ("nonsense\nincluder gone\nglobal_defs {\nrouter_id\n}", 2),
        ] as [(String, Int32)])
    func exitCode(_ text: String, _ code: Int32) {
        #expect(load(text).testExitCode == code)
    }
}
