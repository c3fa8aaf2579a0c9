import Testing

@testable import labrun

@Suite struct CIOutputTests {
    @Test(
        "--ci alone asks the environment; a word after it that is no system is left to others",
        arguments: [
            (["step2", "--ci"], ["run", "step2", "--ci=auto"]),
            (["all", "--ci", "-o", "out"], ["run", "all", "--ci=auto", "-o", "out"]),
            (["run", "--ci", "step2"], ["run", "--ci=auto", "step2"]),
            (["run", "step2", "--ci", "github"], ["run", "step2", "--ci", "github"]),
            (["run", "step2", "--ci=plain"], ["run", "step2", "--ci=plain"]),
            (["exec", "node1", "--", "ls", "--ci"], ["exec", "node1", "--", "ls", "--ci"]),
        ])
    func shorthand(_ words: [String], _ expected: [String]) {
        #expect(Shorthand.expand(words) == expected)
    }

    @Test("A line of JSON at GitHub means the same and holds no command; elsewhere it stays as it is")
    func json() {
        let line = ###"{"text":"##[error]x"}"###
        #expect(CIOutput(system: .github, descriptor: 1).json(line) == ###"{"text":"#\u0023[error]x"}"###)
        #expect(CIOutput(system: .gitlab, descriptor: 1).json(line) == line)
    }
}
