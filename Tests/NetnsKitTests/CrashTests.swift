import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Crashes in nodes", .requiresNamespaces)
struct CrashTests {
    private static let one = Topology([NodeDescription("node1", [])])

    /// Whether this host lets a program's directory have its core, so that it can be found.
    private static let pattern: String = {
        let octets = try? OwnedDescriptor.open("/proc/sys/kernel/core_pattern", O_RDONLY).read()
        return String(decoding: octets ?? [], as: UTF8.self)
    }()
    private static var leavesFiles: Bool { !pattern.hasPrefix("|") && !pattern.hasPrefix("/") }

    @Test(
        "a signal that means a broken program is a crash, with its name",
        arguments: [(SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGFPE, "SIGFPE")] as [(Int32, String)])
    func signals(_ number: Int32, _ name: String) async throws {
        try await Lab.run(Self.one) { lab in
            let process = try lab["node1"].start("/bin/sh", ["-c", "kill -\(number) $$"], as: "victim")
            #expect(await process.exit(within: .seconds(5)) == .signaled(number: number))
            let crash = try #require(lab.timeline.crashes.first?.crash)
            #expect(crash.cause == .signal(number: number))
            #expect(crash.summary.hasPrefix("\(name); "))
            let violations = Checker.noCrash.violations(lab.timeline)
            #expect(violations.map(\.node) == ["node1"])
            #expect(violations.first?.text.hasPrefix("victim: \(name); ") == true)
        }
    }

    @Test("a program that is killed, or ends with an error, did not crash", arguments: ["kill -9 $$", "exit 1"])
    func noCrash(_ script: String) async throws {
        try await Lab.run(Self.one) { lab in
            _ = try await lab["node1"].run("/bin/sh", ["-c", script])
            #expect(lab.collectCrashes().isEmpty)
            #expect(Checker.noCrash.judge(lab.timeline) == .passed)
        }
    }

    @Test(
        "the core of each crash is found in the node, has a name of its own, and can be taken out",
        .enabled("the host's core_pattern sends cores elsewhere") { leavesFiles })
    func cores() async throws {
        let directory = "/tmp/netnskit-cores-\(ThisProcess.pid)"
        defer {
            for name in FileSystem.names(in: directory) { unsafe unlink("\(directory)/\(name)") }
            unsafe rmdir(directory)
        }
        try await Lab.run(Self.one) { lab in
            for name in ["first", "second"] {
                let process = try lab["node1"].start("/bin/sh", ["-c", "kill -SEGV $$"], as: name)
                _ = await process.exit(within: .seconds(5))
                let core = try #require(lab.timeline.crashes.last?.crash?.core)
                #expect(core.path == "/tmp/core.\(name).\(process.pid)")
                #expect(core.size > 4096)
            }
            let copies = try lab.saveCores(into: directory)
            #expect(copies.count == 2)
            let copy = try #require(copies.first)
            let file = try OwnedDescriptor.open(copy, O_RDONLY)
            let found = CoreNotes(of: file)
            let notes = try #require(found)
            #expect(notes.program == "sh")
            #expect(notes.signal == SIGSEGV)
        }
        #expect(FileSystem.names(in: "/tmp").allSatisfy { !$0.hasPrefix("core.first") })
    }

    @Test(
        "the crash of a program's child is found by its core when the lab is asked",
        .enabled("the host's core_pattern sends cores elsewhere") { leavesFiles })
    func childCore() async throws {
        try await Lab.run(Self.one) { lab in
            let script = "/bin/sh -c 'kill -ABRT $$'; exit 0"
            let result = try #require(await lab["node1"].run("/bin/sh", ["-c", script]))
            #expect(result.succeeded)
            #expect(lab.timeline.crashes.isEmpty)
            let crashes = lab.collectCrashes().compactMap(\.crash)
            #expect(crashes.map(\.cause) == [.signal(number: SIGABRT)])
            #expect(crashes.first?.summary.hasPrefix("SIGABRT in sh; core in /tmp/core.sh.") == true)
            // What has been told is not told again.
            #expect(lab.collectCrashes().count == 1)
        }
    }

    @Test("a program that does not start in a private directory leaves no core in the host's files")
    func noCoreOutside() async throws {
        try await Lab.run(Self.one) { lab in
            let process = try lab["node1"].start("/bin/sh", ["-c", "kill -SEGV $$"], in: "/")
            _ = await process.exit(within: .seconds(5))
            let crash = try #require(lab.timeline.crashes.first?.crash)
            #expect(crash.text == "SIGSEGV; no core, for it did not begin in a private directory")
            #expect(crash.core == nil)
        }
    }

    @Test(
        "what a sanitizer says on standard error is a crash",
        .requires(program: "/usr/bin/gcc", package: "gcc"),
        arguments: [
            ("address", "int *p = malloc(4); free(p); return *p;", "AddressSanitizer"),
            ("undefined", "int n = 2147483647; return (n + count) == 0;", "UndefinedBehaviorSanitizer"),
        ])
    func sanitizers(_ option: String, _ body: String, _ name: String) async throws {
        try await Lab.run(Self.one) { lab in
            try await Self.compile(body, option, on: lab["node1"])
            _ = try #require(await lab["node1"].run("/tmp/program", within: .seconds(20)))
            let causes = lab.timeline.crashes.compactMap(\.crash?.cause)
            #expect(causes == [.sanitizer(name)])
        }
    }

    @Test(
        "what a sanitizer writes to a file of the node is collected, whole",
        .requires(program: "/usr/bin/gcc", package: "gcc"))
    func sanitizerFile() async throws {
        try await Lab.run(Self.one) { lab in
            let node = lab["node1"]
            try await Self.compile("int *p = malloc(4); free(p); return *p;", "address", on: node)
            let options = ["ASAN_OPTIONS": "halt_on_error=1:log_path=/tmp/asan"]
            let result = try #require(
                await node.run("/tmp/program", environment: options, within: .seconds(20)))
            #expect(result.lines.isEmpty)
            let crash = try #require(lab.collectCrashes().first?.crash)
            #expect(crash.cause == .sanitizer("AddressSanitizer"))
            #expect(crash.summary.contains("heap-use-after-free"))
            #expect(crash.text.contains("freed by thread T0 here"))
        }
    }

    private static func compile(_ body: String, _ option: String, on node: Node) async throws {
        let program = "#include <stdlib.h>\nint main(int count, char **arguments) { \(body) }\n"
        let result = try #require(
            await node.run(
                "/usr/bin/gcc", ["-w", "-g", "-fsanitize=\(option)", "-o", "/tmp/program", "-x", "c", "-"],
                input: program, within: .seconds(60)))
        try #require(result.succeeded, "\(result.lines)")
    }
}
