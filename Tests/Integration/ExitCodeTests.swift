import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("What the shell learns", .requiresNamespaces)
struct ExitCodeTests {
    @Test("Every verb tells by its exit code, as the help has it, what cannot be; results alone are on stdout")
    func codes() async throws {
        let steps = ["describe", "hint", "diff", "solve", "reset", "check", "watch", "up"].map { [$0, "step9"] }
        let wrong =
            steps + [
                ["frobnicate"], ["run"], ["explain"], ["explain", "VR999"], ["mistake", "VR999"],
                ["sh", "step3", "node9"],
                ["new", "a b"], ["errata", "-j", "0"], ["selftest", "--only", "VR999"], ["simulate", "--seed", "x"],
                ["capture", "-c", "0"], ["run", "step3", "--variant", "other"],
            ]
        let absent = [["errata"], ["mistake", "VR104"], ["up", "step2"], ["selftest"], ["step7"]]
            .map { $0 + ["--daemon", "quagga"] }
        let unready = absent + [["solve", "step3", "--etc", "/proc"], ["reset", "step3", "--etc", "/proc"]]
        let idle = [["down"], ["status"], ["look"], ["heal"], ["capture"], ["exec", "node1", "--", "true"]]
        try await Lab.run(Machine.topology) { lab in
            for (code, commands) in [(Int32(64), wrong), (4, unready), (3, idle)] {
                for words in commands {
                    let result = try #require(
                        await lab[Machine.name].run(Machine.program("labrun"), words, within: .seconds(30)))
                    #expect(result.status == .exited(code: code), "\(words): \(result.lines)")
                    #expect(result.output.isEmpty, "\(words): \(result.output)")
                    #expect(!result.lines.isEmpty, "\(words)")
                }
            }
        }
    }

    @Test("What is not written yet is nothing that ran, also for a daemon that is not there; help is no error")
    func nothingToDo() async throws {
        try await Lab.run(Machine.topology) { lab in
            let cases: [(words: [String], code: Int32)] = [
                (["check", "step3"], 3), (["check", "step3", "--daemon", "quagga"], 3), (["hint", "step3"], 0),
                (["diff", "step3"], 0), (["mistakes"], 0), (["explain", "vr104"], 0), (["--version"], 0), (["help"], 0),
                ([], 0), (["simulate", "--seed", "1", "--duration", "1"], 0),
            ]
            for (words, code) in cases {
                let result = try #require(
                    await lab[Machine.name].run(Machine.program("labrun"), words, within: .seconds(30)))
                #expect(result.status == .exited(code: code), "\(words): \(result.lines)")
                #expect(!result.output.isEmpty, "\(words)")
            }
        }
    }
}
