import Testing

@testable import labrun

@Suite("How far a run is") struct RunProgressTests {
    @Test(
        "The declared time counts until a quarter is done, and then the time that it took",
        arguments: [
            (0, 0, 0, "0 of 12 scenarios, about 40 s left"), (2, 0, 10, "2 of 12 scenarios, about 30 s left"),
            (3, 1, 10, "3 of 12 scenarios, 1 failed, about 30 s left"),
            (6, 0, 600, "6 of 12 scenarios, about 10 min left"), (12, 2, 50, "12 of 12 scenarios, 2 failed"),
            (1, 0, 90, "1 of 12 scenarios, about 1 s left"),
        ] as [(Int, Int, Int, String)])
    func text(_ done: Int, _ failed: Int, _ seconds: Int, _ text: String) {
        let counts = RunProgress.Counts(total: 12, done: done, failed: failed, declared: .seconds(40))
        #expect(counts.text(after: .seconds(seconds)) == text)
    }
}

@Suite("A command that is too long for a line") struct LongCommandTests {
    @Test("It goes on behind a backslash, so that a shell takes it as one, and no line is too wide")
    func wrapped() {
        let words = (1...20).map { "--option-\($0)" }.joined(separator: " ")
        let lines = Terminal.command("labrun run \(words)", after: "  again  ")
        #expect(lines.count == 4 && lines.allSatisfy { $0.count <= 80 })
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix(" \\") } && lines.last?.hasSuffix("--option-20") == true)
        #expect(Terminal.command("labrun step2", after: "  again  ") == ["  again  labrun step2"])
    }
}
