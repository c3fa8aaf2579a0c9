import Testing

@testable import KeepalivedConfiguration

@Suite struct DirectiveParserTests {
    /// The tree as text, `keyword(arguments){block}`, and what was said.
    private func parse(_ text: String) -> (tree: String, complaints: [String]) {
        var diagnostics = Diagnostics()
        let lines = SourceLine.split(text, file: "f", &diagnostics).map { Lexer.tokens(of: $0, &diagnostics) }
        let tree = DirectiveParser.parse(lines, sections: ["vrrp_instance"], &diagnostics)
        return (draw(tree), diagnostics.sorted.map(\.short))
    }

    private func draw(_ directives: [Directive]) -> String {
        directives.map { directive in
            let arguments = directive.arguments.map(\.text).joined(separator: ",")
            return "\(directive.keyword.text)(\(arguments))" + (directive.block.map { "{\(draw($0))}" } ?? "")
        }.joined(separator: " ")
    }

    @Test(
        "Braces nest wherever they stand",
        arguments: [
            ("", ""),
            ("a 1 2", "a(1,2)"),
            ("a {\n b 1\n}", "a(){b(1)}"),
            ("a x\n{\n b 1\n}", "a(x){b(1)}"),
            ("a x\n\n  {  \n}\nc", "a(x){} c()"),
            ("a { b 1 } c 2", "a(){b(1)} c(2)"),
            ("a { b { c } d } e", "a(){b(){c()} d()} e()"),
            ("a{b{c}}", "a(){b(){c()}}"),
        ])
    func nesting(_ text: String, _ tree: String) {
        let result = parse(text)
        #expect(result.tree == tree)
        #expect(result.complaints == [])
    }

    @Test("The text after a keyword is kept with its quotes, up to a brace")
    func rawArguments() {
        var diagnostics = Diagnostics()
        let line = SourceLine(#"x { script "/bin/a  b" c }"#.utf8, file: "f", number: 1)
        let lexed = [Lexer.tokens(of: line, &diagnostics)]
        let tree = DirectiveParser.parse(lexed, sections: [], &diagnostics)
        let raw = tree.first?.block?.first?.rawArguments ?? []
        #expect(String(decoding: raw, as: UTF8.self) == #""/bin/a  b" c"#)
    }

    @Test("A closing brace too many is reported and changes nothing")
    func extraBrace() {
        let result = parse("a { b }\n}\nc")
        #expect(result.tree == "a(){b()} c()")
        #expect(result.complaints == ["2:1 error: Extra '}' found - ignoring"])
    }

    @Test("An opening brace without a keyword takes its block with it")
    func strayBlock() {
        let result = parse("a { b } { c { d } e }\nf")
        #expect(result.tree == "a(){b()} f()")
        #expect(result.complaints == ["1:9 error: Unexpected '{' - ignoring the block"])
    }

    @Test("A block without an end is reported once, with what it holds kept")
    func missingBrace() {
        let result = parse("a {\n b {\n  c")
        #expect(result.tree == "a(){b(){c()}}")
        #expect(result.complaints == ["2:2 error: There are 2 missing '}'s"])
    }

    @Test("A section within a block shows where a closing brace is missing")
    func sectionWithinBlock() {
        let result = parse("vrrp_instance A {\n b {\n  c\n }\nvrrp_instance B {\n d\n}\n")
        #expect(result.tree == "vrrp_instance(A){b(){c()}} vrrp_instance(B){d()}")
        #expect(
            result.complaints == [
                "1:1 error: Missing '}': 'vrrp_instance' is not closed before 'vrrp_instance' in line 5"
            ])
    }

    @Test("The name of a section is an ordinary word when no block follows")
    func sectionNameWithoutBlock() {
        #expect(parse("a {\n vrrp_instance x\n b\n}").tree == "a(){vrrp_instance(x) b()}")
        #expect(parse("a {\n vrrp_instance x\n b\n}").complaints == [])
    }

    @Test("Blocks nest 32 deep; what is deeper is skipped, and the rest is kept")
    func depth() {
        let deepest = String(repeating: "a {\n", count: 32) + String(repeating: "}\n", count: 32)
        #expect(parse(deepest).complaints == [])
        let deeper = String(repeating: "a {\n", count: 34) + String(repeating: "}\n", count: 34) + "z"
        let result = parse(deeper)
        #expect(result.complaints == ["33:3 error: blocks within more than 32 others are skipped"])
        #expect(result.tree.hasSuffix(" z()"))
    }
}
