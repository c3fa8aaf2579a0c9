import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Commands in nodes", .requiresNamespaces)
struct CommandTests {
    private static let one = Topology([NodeDescription("node1", [], environment: ["SITE": "berlin"])])

    @Test("a command reads its input to the end, also when that is more than a pipe holds")
    func input() async throws {
        try await Lab.run(Self.one) { lab in
            let text = String(repeating: "0123456789abcde\n", count: 20_000)
            let result = try #require(await lab["node1"].run("/usr/bin/wc", ["-c"], input: text))
            #expect(result.output == ["320000"])
            let nothing = try #require(await lab["node1"].run("/usr/bin/wc", ["-c"]))
            #expect(nothing.output == ["0"])
        }
    }

    @Test("output and errors are told apart, and both together keep their order in each")
    func streams() async throws {
        try await Lab.run(Self.one) { lab in
            let script = "echo one; echo two >&2; echo three; exit 3"
            let result = try #require(await lab["node1"].run("/bin/sh", ["-c", script]))
            #expect(result.output == ["one", "three"])
            #expect(result.errors == ["two"])
            #expect(Set(result.lines) == ["one", "two", "three"])
            #expect(result.status == .exited(code: 3))
        }
    }

    @Test("environment comes from the node and the command, the directory from the command")
    func surroundings() async throws {
        try await Lab.run(Self.one) { lab in
            let node = lab["node1"]
            let here = try #require(await node.run("/bin/sh", ["-c", "echo $SITE $COLOR $PWD"]))
            #expect(here.output == ["berlin /tmp"])
            let there = try #require(
                await node.run(
                    "/bin/sh", ["-c", "echo $SITE $COLOR $PWD"], environment: ["COLOR": "red", "SITE": "paris"],
                    in: "/run"))
            #expect(there.output == ["paris red /run"])
            await #expect(throws: LabError.self) { try await node.run("/bin/true", in: "/nothing/here") }
        }
    }

    @Test("a program is written to while it runs, answers, and ends with its input")
    func dialogue() async throws {
        try await Lab.run(Self.one) { lab in
            let process = try lab["node1"].start(
                "/bin/sh", ["-c", "echo ready; while read -r word; do echo \"<$word>\"; done; echo over"],
                as: "echo", input: .open)
            try await lab.expect(line: "ready", from: process)
            try await process.write("one\n")
            try await lab.expect(line: "<one>", from: process)
            try await process.write("two\n")
            try await lab.expect(line: "<two>", from: process)
            process.closeInput()
            try await lab.expect(line: "over", from: process)
            #expect(await process.exit(within: .seconds(5)) == .exited(code: 0))
            await #expect(throws: (any Error).self) { try await process.write("three\n") }
        }
    }

    @Test("writing to a program that has no input, or has ended, is an error and not the end of the harness")
    func noReader() async throws {
        try await Lab.run(Self.one) { lab in
            let deaf = try lab["node1"].start("/bin/sleep", ["1000"])
            await #expect(throws: LabError.noInput(ProcessName("sleep", on: "node1"))) { try await deaf.write("x") }
            let brief = try lab["node1"].start("/bin/sh", ["-c", "exec <&-; echo closed; read -r line"], input: .open)
            try await lab.expect(line: "closed", from: brief)
            await #expect(throws: LabError.system(SystemError("write", code: EPIPE))) { try await brief.write("x") }
        }
    }

    @Test("a lab ends although a program does not read what is written to it")
    func fullPipe() async throws {
        let begin = MonotonicClock.now
        let writing = try await Lab.run(Self.one) { lab in
            let process = try lab["node1"].start("/bin/sleep", ["1000"], input: .open)
            return Task { try await process.write(String(repeating: "x", count: 1 << 20)) }
        }
        await #expect(throws: LabError.system(SystemError("write", code: EPIPE))) { try await writing.value }
        #expect(MonotonicClock.now - begin < .seconds(20))
    }
}
