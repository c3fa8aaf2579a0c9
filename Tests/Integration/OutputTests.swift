import LabCourse
import Labs
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("What labrun prints", .requiresNamespaces)
struct OutputTests {
    @Test("The list, every description and every lesson are ASCII in 80 columns, and a description is one screen")
    func descriptions() async throws {
        try await Self.onMachine { run in
            let start = try await run([])
            #expect(start.count <= 24)
            let list = try await run(["list"])
            #expect(list.count <= 12)
            for step in Course.steps {
                let description = try await run(["describe", step.id])
                #expect(description.count <= 48, "\(step.id)")
                let lesson = try await run(["describe", step.id, "--lesson"])
                #expect(lesson.first?.hasPrefix("# Step ") == true)
            }
        }
    }

    @Test("Every mistake is explained in ASCII of 80 columns, and on one screen of 40 lines")
    func explanations() async throws {
        try await Self.onMachine { run in
            let list = try await run(["mistakes"])
            let codes = list.flatMap { $0.split(separator: " ") }.filter { $0.hasPrefix("VR") && $0.count == 5 }
            #expect(Set(codes.map(String.init)) == Set(MistakeCode.allCases.map(\.rawValue)))
            for code in MistakeCode.allCases {
                let lines = try await run(["explain", code.rawValue])
                #expect(lines.count <= 40, "\(code)")
                #expect(lines.first?.hasPrefix("\(code.rawValue)  ") == true)
            }
        }
    }

    @Test("Hints, differences, beginnings, solutions and what is missing are ASCII in 80 columns")
    func help() async throws {
        try await Self.onMachine { run in
            for step in Course.steps where !step.files.isEmpty {
                _ = try await run(["check", step.id, "--etc", "/tmp/empty"], ending: 3)
                _ = try await run(["reset", step.id])
                _ = try await run(["check", step.id, "--static"], ending: nil)
                let count = max(step.hints.count, 2) + 1
                for level in 1...count { _ = try await run(["hint", step.id, "--level", "\(level)"]) }
                let difference = try await run(["diff", step.id])
                #expect(difference.contains { $0.hasPrefix("@@ ") }, "\(step.id)")
                _ = try await run(["solve", step.id])
                let solved = step.files.map { "\($0.path) says the same as the solution" }
                let none = try await run(["diff", step.id])
                #expect(none == solved)
                _ = try await run(["check", step.id, "--static"])
            }
        }
    }

    @Test("A mistake in two files is shown with its line once, and the command to go on names the directory")
    func place() async throws {
        try await Self.onMachine { run in
            let etc = "/tmp/mine"
            let solved = try await run(["solve", "step4", "--etc", etc])
            #expect(solved.last == "Next: labrun check step4 --etc /tmp/mine")
            let script = "sed -i 's/secret12$/secret123/' \(etc)/*.conf"
            _ = try await run(["-c", script], program: "/bin/sh")
            let look = try await run(["check", "step4", "--static", "--etc", etc], ending: nil)
            #expect(look.filter { $0 == "        | auth_pass secret123" }.count == 1, "\(look)")
            let head = look.first { $0.contains("VR101") }
            #expect(head?.contains(" keepalived.conf:") == true && head?.contains(" keepalived-backup.conf:") == true)
        }
    }

    @Test("A run of one step fits a screen of 24 lines, and one of several steps has a line for each")
    func runs() async throws {
        try await Self.onMachine { run in
            let one = try await run(["step1", "-o", "/tmp/out"])
            #expect(one.count <= 24)
            let lines = try await run(["step1", "step3", "--fast", "-o", "/tmp/out"])
            // All eight steps are six lines more.
            #expect(lines.count <= 18, "\(lines)")
            #expect(lines.filter { $0.hasPrefix("  ok    step") }.count == 2)
        }
    }

    /// Commands on a machine of their own, one after the other; every line that they print is looked at.
    private static func onMachine(_ body: @Sendable (Printed) async throws -> Void) async throws {
        try await Lab.run(Machine.topology) { lab in
            try await body(Printed(machine: lab[Machine.name]))
        }
    }
}

/// Runs programs on a machine and looks at every line that they print.
private struct Printed: Sendable {
    let machine: Node

    /// - Parameter code: how the program ends; nil when either of 0 and 1 will do.
    func callAsFunction(
        _ words: [String], program: String = Machine.program("labrun"), ending code: Int32? = 0,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let result = try #require(
            await machine.run(program, words, environment: ["LABRUN_STATE": "/tmp/state.json"], within: .seconds(60)))
        let isExpected = (code.map { [$0] } ?? [0, 1]).contains { result.status == .exited(code: $0) }
        #expect(isExpected, "\(words): \(result.lines)", sourceLocation: location)
        let unfit = result.lines.filter { line in
            // A line of a file is shown whole, so that it can be copied.
            let isOfFile = ["+", "-"].contains(line.first)
            return line.count > 80 && !isOfFile || !line.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
        }
        #expect(unfit == [], "\(words)", sourceLocation: location)
        return result.output
    }
}
