import ArgumentParser
import LabCourse
import NetnsKit
import Testing

@testable import labrun

@Suite struct PlanWordsTests {
    @Test("A time is a number and its unit")
    func times() throws {
        #expect(try TimeSpan.parse("90s", for: "--budget") == .seconds(90))
        #expect(try TimeSpan.parse("10m", for: "--budget") == .seconds(600))
        #expect(try TimeSpan.parse("1h", for: "--budget") == .seconds(3600))
        #expect(try TimeSpan.parse("500ms", for: "--budget") == .milliseconds(500))
    }

    @Test(
        "What is no time is refused in a sentence", arguments: ["", "5", "s", "0s", "-1s", "1.5s", "5x", "9999999999s"])
    func refused(_ text: String) {
        #expect(throws: ValidationError.self) { try TimeSpan.parse(text, for: "--budget") }
    }

    @Test("FAIL beats INCONCLUSIVE beats PASS; a spent budget beats all, and what is missing cannot pass")
    func exits() {
        #expect(ExitStatus.exit([.pass, .skip]) == 0)
        #expect(ExitStatus.exit([.pass, .skip], isStrict: true) == 1)
        #expect(ExitStatus.exit([.pass, .inconclusive]) == 2)
        #expect(ExitStatus.exit([.inconclusive, .fail]) == 1)
        #expect(ExitStatus.exit([]) == 3)
        #expect(ExitStatus.exit([.pass, .fail], isCut: true) == 124)
        #expect(ExitStatus.exit([.pass], isIncomplete: true) == 2)
        #expect(ExitStatus.exit([], isIncomplete: true) == 2)
        #expect(ExitStatus.exit([.fail], isIncomplete: true) == 1)
    }

    @Test("--only and --skip take a step, a scenario, or a scenario's own name; what nobody knows is refused")
    func selection() throws {
        let jobs = try Selection.jobs(["step2", "step4"], .reference)
        func ids(_ words: [String]) throws -> [String] {
            try PlanOptions.parse(words).chosen(from: jobs).map(\.id)
        }
        #expect(try ids(["--only", "stop"]) == ["step2/stop", "step4/stop"])
        #expect(try ids(["--only", "step4", "--skip", "step4/both"]).count == 6)
        #expect(try ids(["--skip", "step2", "--skip", "step4"]) == [])
        #expect(throws: ValidationError.self) { try ids(["--only", "step3/master"]) }
    }

    @Test("What shards must have in common does not depend on the order of the words, nor on where results go")
    func words() throws {
        let first = try PlanOptions.parse(["-n", "2", "--only", "b", "--only", "a", "--shard", "1/2"])
        let second = try PlanOptions.parse(["--shard", "2/2", "--only", "a", "--only", "b", "--repeat", "2"])
        #expect(first.words(seed: 1) == second.words(seed: 1))
        // Machines that share a run have no other way to agree.
        #expect(first.chosenSeed() == 1 && second.chosenSeed() == 1)
    }
}
