import Testing

@testable import KeepalivedConfiguration

@Suite struct LexerTests {
    /// The words of one line, and the diagnostics.
    private func lex(_ text: String) -> (words: [String], columns: [Int], complaints: [String]) {
        var diagnostics = Diagnostics()
        var line = SourceLine(text.utf8, file: "test.conf", number: 1)
        line.removeComment(unescaping: true, &diagnostics)
        let tokens = Lexer.tokens(of: line, &diagnostics).tokens
        return (tokens.map(\.word.text), tokens.map(\.word.location.column), diagnostics.sorted.map(\.short))
    }

    @Test(
        "A line is cut into words and braces",
        arguments: [
            ("", []),
            ("  \t ", []),
            ("priority 150", ["priority", "150"]),
            ("\tpriority\t150  ", ["priority", "150"]),
            ("a { b }", ["a", "{", "b", "}"]),
            ("unicast_peer{10.0.1.12}", ["unicast_peer", "{", "10.0.1.12", "}"]),
            ("}{", ["}", "{"]),
            ("# nothing", []),
            ("! nothing", []),
            ("state MASTER # hint", ["state", "MASTER"]),
            (##"auth_pass a\#b\!c"##, ["auth_pass", "a#b!c"]),
            (#"auth_pass "a # b""#, ["auth_pass", "a # b"]),
            (#"auth_pass "{a} b""#, ["auth_pass", "{a} b"]),
            (##"script "say \"#\" x" y"##, ["script", ##"say "#" x"##, "y"]),
            (#"a"b c"d"#, ["ab cd"]),
            (#"x """#, ["x", ""]),
            ("auth_pass a${x}b", ["auth_pass", "a${x}b"]),
            ("a ${x y", ["a", "$", "{", "x", "y"]),
            ("auth_pass Pr0d$ecr3t", ["auth_pass", "Pr0d$ecr3t"]),
        ] as [(String, [String])])
    func words(_ text: String, _ expected: [String]) {
        let result = lex(text)
        #expect(result.words == expected)
        #expect(result.complaints == [])
    }

    @Test("A comment in the middle of a password is advice, and cuts it", arguments: ["#", "!"])
    func cutPassword(_ mark: String) {
        let result = lex("auth_pass a\(mark)bcdefg")
        #expect(result.words == ["auth_pass", "a"])
        #expect(
            result.complaints == [
                "1:12 warning: '\(mark)' begins a comment here and cuts 'auth_pass': put the value into double quotes"
            ])
        #expect(lex("priority 1#x").complaints == [])
        #expect(lex("auth_pass a #x").complaints == [])
    }

    @Test("Columns count characters from one, and point at the opening quote")
    func columns() {
        #expect(lex("  state MASTER").columns == [3, 9])
        #expect(lex(#"é "ü" x{"#).columns == [1, 3, 7, 8])
        #expect(lex(##"\#a b"##).columns == [2, 5])
    }

    @Test("A quote without an end is reported and takes the rest of the line")
    func unterminatedQuote() {
        let result = lex(#"script "/usr/bin/true # x"#)
        #expect(result.words == ["script", "/usr/bin/true # x"])
        #expect(result.complaints == ["1:8 error: Unterminated quote: the rest of the line is taken as quoted"])
    }

    @Test("A non-breaking space separates words, and is reported")
    func nonBreakingSpace() {
        let result = lex("\u{a0}\u{a0}priority\u{a0}150")
        #expect(result.words == ["priority", "150"])
        #expect(result.complaints.count == 1)
        #expect(result.complaints[0].contains("non-breaking spaces"))
    }

    @Test("Typographic quotes are reported, because they do not quote")
    func typographicQuotes() {
        let result = lex("script \u{201c}/bin/true x\u{201d}")
        #expect(result.words == ["script", "\u{201c}/bin/true", "x\u{201d}"])
        #expect(result.complaints.map { $0.hasPrefix("1:") && $0.contains("typographic") } == [true, true])
    }

    @Test("Lines end with LF or CR LF, and a byte order mark is reported once and skipped")
    func lineEnds() {
        var diagnostics = Diagnostics()
        let lines = SourceLine.split("\u{feff}a\r\nb\n\r\nc", file: "f", &diagnostics)
        #expect(lines.map(\.text) == ["a", "b", "", "c"])
        #expect(lines.map(\.number) == [1, 2, 3, 4])
        #expect(diagnostics.sorted.map(\.location.line) == [1])
        #expect(diagnostics.sorted.map(\.severity) == [.warning])
    }

    @Test("A line of 1023 octets is read; one more octet is too many")
    func lineLength() {
        var diagnostics = Diagnostics()
        let longest = String(repeating: "x", count: 1023)
        #expect(SourceLine.split(longest, file: "f", &diagnostics).count == 1)
        #expect(diagnostics.sorted.isEmpty)
        #expect(SourceLine.split(longest + "x\ny", file: "f", &diagnostics).map(\.text) == ["y"])
        #expect(
            diagnostics.sorted.map(\.short) == ["1:1 error: line too long - ignoring; at most 1023 octets are read"])
    }

    @Test("A line with a NUL is reported and dropped, the next one is not")
    func nul() {
        var diagnostics = Diagnostics()
        #expect(SourceLine.split("ab\0c\nd", file: "f", &diagnostics).map(\.text) == ["d"])
        #expect(diagnostics.sorted.map(\.short) == ["1:3 error: NUL in line - ignoring the line"])
    }
}
