import FoundationEssentials
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("What runs leave for machines", .requiresNamespaces)
struct FormatTests {
    @Test("A real run fits its schemas: the stream, the same in the directory, and the document", .requiresLintTools)
    func schemas() async throws {
        try await Self.onMachine { run in
            let result = try await run("step2/stop step2/tie --fast --json -o /tmp/out")
            #expect(result.succeeded, "\(result.lines)")
            let lines = result.output
            #expect(lines.first?.hasPrefix(#"{"arguments":["step2/stop","step2/tie","--fast""#) == true)
            #expect(lines.last?.contains(#""kind":"end""#) == true)
            for kind in ["run", "scenario", "event", "check", "end"] {
                #expect(lines.contains { $0.contains(#""kind":"\#(kind)""#) }, "\(kind)")
            }
            let kept = try await run.text("/tmp/out/latest/events.ndjson")
            #expect(Set(kept) == Set(lines))
            try await run.expect("check-lines", "events", "/tmp/out/latest/events.ndjson")
            try await run.expect("check-lines", "events", "/tmp/out/latest/step2-stop/events.ndjson")
            try await run.expect("check-lines", "run", "/tmp/out/latest/run.json")
        }
    }

    @Test("Somebody's files, a failure and a run that could not be judged fit the schemas, too", .requiresLintTools)
    func mistakes() async throws {
        try await Self.onMachine { run in
            _ = try await run("step2/stop --daemon /bin/true --fast -o /tmp/unclear", code: 2)
            _ = try await run("selftest --only VR001 -o /tmp/self")
            for place in ["/tmp/unclear", "/tmp/self"] {
                try await run.expect("check-lines", "events", "\(place)/latest/events.ndjson")
                try await run.expect("check-lines", "run", "\(place)/latest/run.json")
            }
            let xml = try await run.text("/tmp/unclear/latest/junit.xml").joined(separator: "\n")
            #expect(xml.contains(#"<error type="inconclusive""#) && xml.contains(#"<rerunError type="inconclusive""#))
            #expect(xml.contains("[[ATTACHMENT|/tmp/unclear/0001/step2-stop/lan.pcapng]]"))
            let ctrf = try await run.text("/tmp/unclear/latest/ctrf.json").joined()
            #expect(ctrf.contains(#""rawStatus":"inconclusive""#) && ctrf.contains(#""status":"other""#))
            let own = try await run.text("/tmp/self/latest/junit.xml").joined(separator: "\n")
            #expect(own.contains(#"<testcase classname="selftest.VR001""#))
        }
    }

    @Test("Reports are written where they are wanted, and a place that takes none is a usage error")
    func places() async throws {
        try await Self.onMachine { run in
            _ = try await run("step2/stop --fast -o /tmp/out --junit /tmp/a/b/j.xml --ctrf /tmp/c.json")
            let (junit, own) = try await (run.text("/tmp/a/b/j.xml"), run.text("/tmp/out/latest/junit.xml"))
            #expect(junit == own && !own.isEmpty)
            let (ctrf, same) = try await (run.text("/tmp/c.json"), run.text("/tmp/out/latest/ctrf.json"))
            #expect(ctrf == same && !same.isEmpty)
            for option in ["--junit /proc/x/j.xml", "--ctrf /tmp", "--ci jenkins"] {
                _ = try await run("step2/stop --fast -o /tmp/none \(option)", code: 64)
            }
        }
    }

    // MARK: Who may read and remove it

    @Test("What a run makes belongs to whoever shares the directory, and everybody may read it, whatever the umask")
    func owner() async throws {
        try await Self.onMachine { run in
            _ = try await run.shell("mkdir -m 700 /tmp/shared && chown 4242:4243 /tmp/shared")
            _ = try await run.shell("umask 077 && \(Machine.program("labrun")) step2/stop --fast -o /tmp/shared/a/out")
            try await run.expectOwned("4242:4243", below: "/tmp/shared/a")
        }
    }

    @Test("Under sudo it belongs to who called, also next to what is another's; files elsewhere are left alone")
    func sudo() async throws {
        try await Self.onMachine { run in
            _ = try await run.shell("mkdir -p /tmp/out && touch /tmp/out/mine && chmod 600 /tmp/out/mine")
            // A link in the way of a run leads nowhere else.
            _ = try await run.shell(
                "echo secret > /tmp/secret && chmod 600 /tmp/secret && ln -s ../secret /tmp/out/latest")
            let labrun = Machine.program("labrun")
            _ = try await run.shell(
                "SUDO_UID=4242 SUDO_GID=4243 \(labrun) step2/stop --fast -o /tmp/out --junit /tmp/j.xml")
            try await run.expectOwned("4242:4243", below: "/tmp/out/0001")
            let others = try await run.shell("stat -c '%u:%g %a' /tmp/out /tmp/out/mine /tmp/secret /tmp/j.xml")
            #expect(others == ["0:0 755", "0:0 600", "0:0 600", "4242:4243 644"])
            let link = try await run.shell("stat -c '%u:%g' /tmp/out/latest; readlink /tmp/out/latest")
            #expect(link == ["4242:4243", "0001"])
        }
    }

    @Test("A learner's files stay a copy that everybody may read, with the bits that matter to a daemon")
    func copies() async throws {
        try await Self.onMachine { run in
            _ = try await run("solve step3")
            _ = try await run.shell("chmod 600 /etc/keepalived/keepalived.conf")
            _ = try await run("check step3 --daemon ours -o /tmp/out", code: nil)
            let modes = try await run.shell("stat -c %a /tmp/out/latest/etc/keepalived.conf")
            #expect(modes == ["644"])
        }
    }

    // MARK: The log of a job

    @Test("At GitHub scenarios are folded, and what programs write is quoted with a token that is new each time")
    func github() async throws {
        try await Self.onMachine { run in
            let words = "step2/stop --daemon /tmp/a/hostile --retries 0 --fast -o /tmp/out"
            _ = try await run.shell("mkdir /tmp/a")
            try run.machine.write(Self.hostile, to: "/tmp/a/hostile", mode: 0o755)
            let variables = ["GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_STEP_SUMMARY": "/tmp/summary.md"]
            let result = try await run(words, code: 2, environment: variables)
            let lines = result.output
            let begin = try #require(lines.firstIndex { $0.hasPrefix("::group::") })
            let end = try #require(lines.firstIndex(of: "::endgroup::"))
            #expect(lines[begin + 1].hasPrefix("::stop-commands::"))
            let token = lines[begin + 1].dropFirst("::stop-commands::".count)
            #expect(token.count > 20 && lines[end - 1] == "::\(token)::")
            // What it wrote is there, and is no command.
            #expect(lines[begin..<end].contains { $0.hasSuffix(" hostile: ::error::x") })
            #expect(lines[begin..<end].contains { $0.hasSuffix(" hostile: z # #[error]y") })
            let ours = ["::group::", "::stop-commands::", "::\(token)::", "::endgroup::"]
            let commands = lines.filter { $0.drop { $0 == " " }.hasPrefix("::") || $0.contains("##[") }
            #expect(commands.allSatisfy { line in ours.contains { line.hasPrefix($0) } }, "\(commands)")
            let annotations = result.lines.filter { $0.hasPrefix("::warning ") || $0.hasPrefix("::error ") }
            #expect(annotations.count == 1)
            #expect(annotations.first?.hasPrefix("::warning title=step2/stop [/tmp/a/hostile]::") == true)
            let (page, own) = try await (run.text("/tmp/summary.md"), run.text("/tmp/out/latest/summary.md"))
            #expect(page == own + [""] || page == own)
        }
    }

    @Test("At GitLab scenarios are sections; elsewhere, and where nobody wants it, there is nothing of that")
    func gitlab() async throws {
        try await Self.onMachine { run in
            let words = "step2/stop --fast -o /tmp/out"
            let gitlab = try await run(words, environment: ["GITLAB_CI": "true"]).output
            #expect(
                gitlab.count {
                    $0.hasPrefix("\u{1B}[0Ksection_start:") && $0.contains("[collapsed=true]\r\u{1B}[0Kok ")
                } == 1)
            #expect(gitlab.count { $0.hasPrefix("\u{1B}[0Ksection_end:") && $0.hasSuffix("\r\u{1B}[0K") } == 1)
            for (options, variables) in [
                ("--ci none", ["GITHUB_ACTIONS": "true"]), ("--ci plain", ["GITLAB_CI": "true"]), ("", ["CI": "true"]),
                ("--ci", [:]),
            ] {
                let plain = try await run("\(words) \(options)", environment: variables).lines
                #expect(
                    plain.allSatisfy { !$0.contains("::") && !$0.contains("\u{1B}") && !$0.contains("\r") }, "\(plain)")
            }
            let named = try await run("\(words) --ci github", environment: ["GITLAB_CI": "true"]).output
            #expect(named.contains("::endgroup::"))
        }
    }

    /// A daemon that tries what a log can do to the runner.
    private static let hostile = """
        #!/bin/sh
        echo '::error::x'
        echo '  ::add-mask::e'
        echo 'z ##[error]y'
        exec tail -f /dev/null
        """

    private static func onMachine(_ body: @Sendable (Commands) async throws -> Void) async throws {
        var topology = Machine.topology
        topology.nodes[0].exposedPaths += Commands.hiddenDirectories
        try await Lab.run(topology) { lab in try await body(Commands(machine: lab[Machine.name])) }
    }
}

/// Commands on a machine of their own, and the programs that check what they leave.
private struct Commands: Sendable {
    let machine: Node

    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The package, where the machine's private directories would hide it.
    static var hiddenDirectories: [String] {
        NodeDescription.standardPrivateDirectories.contains { root.hasPrefix($0 + "/") } ? [root] : []
    }

    func callAsFunction(
        _ words: String, code: Int32? = 0, environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> CommandResult {
        let variables = environment.merging(["LABRUN_STATE": "/tmp/state.json"]) { first, _ in first }
        let result = try #require(
            await machine.run(
                Machine.program("labrun"), words.split(separator: " ").map(String.init), environment: variables,
                within: .seconds(60)))
        if let code {
            #expect(result.status == .exited(code: code), "\(words): \(result.lines)", sourceLocation: location)
        }
        return result
    }

    /// What a command of the shell writes; it must succeed.
    func shell(_ command: String) async throws -> [String] {
        let result = try #require(await machine.run("/bin/sh", ["-c", command], within: .seconds(60)))
        #expect(result.succeeded, "\(command): \(result.lines)")
        return result.output
    }

    func text(_ path: String) async throws -> [String] { try await shell("cat '\(path)'") }

    /// Checks a file against one of the project's schemas.
    func expect(
        _ script: String, _ schema: String, _ path: String, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let python = "'\(Self.root)/.build/lint-venv/bin/python' '\(Self.root)/scripts/\(script)'"
        let command = "\(python) '\(Self.root)/docs/schema/labrun-\(schema).schema.json' < '\(path)'"
        let result = try #require(await machine.run("/bin/sh", ["-c", command], within: .seconds(30)))
        #expect(result.succeeded, "\(path): \(result.lines.prefix(5))", sourceLocation: location)
    }

    /// Everything in a directory belongs to one owner, and everybody may read it.
    func expectOwned(
        _ owner: String, below path: String, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let all = try await shell("find \(path) -printf '%U:%G %y %m %p\\n'")
        #expect(all.count > 15, sourceLocation: location)
        let wrong = all.filter { line in
            let words = line.split(separator: " ")
            let isReadable = words[1] == "l" || (words[1] == "d" ? ["755"] : ["644", "755"]).contains(words[2])
            return words[0] != owner || !isReadable
        }
        #expect(wrong == [], sourceLocation: location)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where `scripts/lint-tools` has installed its programs; in CI it runs in any case.
    fileprivate static var requiresLintTools: Self {
        .enabled("no programs that check formats: run scripts/lint-tools") {
            FileManager.default.fileExists(atPath: "\(Commands.root)/.build/lint-venv/installed.txt")
                || ThisProcess.environment("CI") == "true"
        }
    }
}
