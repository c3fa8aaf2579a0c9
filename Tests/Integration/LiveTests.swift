import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun tells a scenario while it runs", .requiresNamespaces)
struct LiveTests {
    private static let surroundings = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", "LANG=C"]

    @Test("On a pipe: ASCII of 80 columns without escapes, a line for each event, the reason, the strip, the checks")
    func pipe() async throws {
        let result = try #require(
            await Machine.run("labrun", ["step2/crash", "--fast", "-o", "/tmp/out"], within: .seconds(40)))
        #expect(result.status == .exited(code: 0))
        let lines = result.lines
        let unfit = lines.filter { $0.count > 80 || !$0.unicodeScalars.allSatisfy { (" "..."~").contains($0) } }
        #expect(unfit == [])
        #expect(lines.count <= 40, "\(lines.count)")
        // One line for the start, the state, the takeover; then the fault with its reason, in this order.
        let marks = [
            " node1   start    vrrpd", " node1   MASTER   first advert (150)", " FAULT  ", " why    ",
            " node2   MASTER   ",
        ]
        var rest = lines[...]
        for mark in marks {
            let place = try #require(rest.firstIndex { $0.contains(mark) }, "\(mark) is missing: \(lines)")
            rest = rest[(place + 1)...]
        }
        #expect(lines.contains { $0.hasPrefix("  node1   ") && $0.contains("Mx") })
        #expect(lines.contains { $0.hasPrefix("  ok    node2 takes over") })
    }

    @Test(
        "On a terminal a run of several has one line on its last row that is written again, and taken away at the end")
    func progress() async throws {
        let person = try Person(
            Machine.program("labrun"), ["step2/stop", "step2/tie", "--fast", "-o", "/tmp/labrun-live-test"],
            environment: Self.surroundings)
        try await person.expect("0 of 2 scenarios, about ")
        try await person.expect("\r\u{1B}[K")
        try await person.expect("1 of 2 scenarios, about ")
        try await person.expect("\u{1B}[32mPASS\u{1B}[0m  2 scenarios")
        #expect(try await person.end() == .exited(0))
        #expect(!person.shown.contains("of 2 scenarios"))
        try? FileSystem.removeTree("/tmp/labrun-live-test")
    }

    @Test(
        "--plain, NO_COLOR and TERM=dumb leave no escape on a terminal",
        arguments: ["--plain", "NO_COLOR=1", "TERM=dumb"])
    func plain(_ wish: String) async throws {
        let isOption = wish.hasPrefix("--")
        let person = try Person(
            Machine.program("labrun"),
            ["step2/stop", "--fast", "-o", "/tmp/labrun-plain-test"] + (isOption ? [wish] : []),
            environment: Self.surroundings.filter { !wish.hasPrefix($0.prefix(5)) } + (isOption ? [] : [wish]))
        #expect(try await person.end(within: .seconds(40)) == .exited(0))
        #expect(person.shown.contains("PASS  1 scenario"))
        #expect(!person.shown.contains("\u{1B}"))
        try? FileSystem.removeTree("/tmp/labrun-plain-test")
    }

    @Test("--pause-on-fail needs a terminal, and --keep one scenario: else nothing is started")
    func refusals() async throws {
        let paused = try #require(await Machine.run("labrun", ["step2/crash", "--pause-on-fail"]))
        #expect(paused.status == .exited(code: 64))
        #expect(paused.lines.contains { $0.contains("no terminal to ask at") })
        let kept = try #require(await Machine.run("labrun", ["step2", "--keep"]))
        #expect(kept.status == .exited(code: 64))
        #expect(kept.lines.contains { $0.contains("--keep is for one scenario") })
        let torn = try #require(await Machine.run("labrun", ["step2", "-q", "-v"]))
        #expect(torn.status == .exited(code: 64))
    }

    @Test(
        "A failed scenario waits with its lab: a shell in a node, c goes on, and the answers come last"
    )
    func pause() async throws {
        // The published values of step 4 do not do what the text says.
        let person = try Person(
            Machine.program("labrun"),
            [
                "step4/nopreempt", "--variant", "yours", "--etc", try Self.wrongFiles(), "--pause-on-fail", "-o",
                "/tmp/labrun-pause-test",
            ],
            environment: Self.surroundings + ["NO_COLOR=1"])
        try await person.expect("Paused at step4/nopreempt", within: .seconds(60))
        try await person.expect("node, c or q> ")
        try person.type("nobody\r")
        try await person.expect("'nobody' is none of node1, node2, client, c, q")
        try person.type("node1\r")
        try await person.expect("node1:~# ")
        try person.type("pgrep -c vrrpd\r")
        try await person.expect("1\r\n")
        try person.type("exit\r")
        try await person.expect("node, c or q> ")
        try person.type("c\r")
        try await person.expect("when ", within: .seconds(60))
        try await person.expect("again ")
        #expect(try await person.end() == .exited(1))
        try? FileSystem.removeTree("/tmp/labrun-pause-test")
        try? FileSystem.removeTree("/tmp/labrun-pause-etc")
    }

    /// Files of step 4 with the published mistake.
    private static func wrongFiles() throws -> String {
        let directory = "/tmp/labrun-pause-etc"
        try FileSystem.makeDirectories(directory)
        for (name, step) in [("keepalived.conf", "node1"), ("keepalived-backup.conf", "node2")] {
            let path = RunningProgram.directory + "/../../../Labs/Step4Backup/step4-\(step)-as-written.conf"
            try FileSystem.replace(directory + "/" + name, with: try FileSystem.read(path), mode: 0o644)
        }
        return directory
    }

    @Test("--keep lets a lab stand that look and sh find, and down ends it with the scenario's own exit code")
    func keep() async throws {
        let (look, name, down, hasPassed) = try await Lab.run(Machine.topology) { lab in
            try await Self.visit(lab)
        }
        let sees = look.output.contains { $0.contains("192.168.1.100") && $0.contains("node2") }
        #expect(sees, "\(look.lines)")
        #expect(name.output == ["node2"])
        #expect(down.succeeded, "\(down.lines)")
        #expect(hasPassed)
    }

    /// Keeps a scenario's lab, visits it, and takes it down.
    private static func visit(
        _ lab: Lab
    ) async throws -> (look: CommandResult, name: CommandResult, down: CommandResult, hasPassed: Bool) {
        let machine = lab[Machine.name]
        let words = ["step2/stop", "--fast", "--keep", "-o", "/tmp/out"]
        let kept = try machine.start(Machine.program("labrun"), words, as: "kept")
        try await lab.expect("the lab stays", within: .seconds(40), since: lab.start) {
            $0.isLine(on: Machine.name) { $0.contains("step2/stop has ended, and its lab stays") }
        }
        let look = try await answer(["look"], on: machine)
        let name = try await answer(["sh", "node2", "--", "hostname"], on: machine)
        let down = try await answer(["down"], on: machine)
        return (look, name, down, await kept.exit(within: .seconds(10)) == .exited(code: 0))
    }

    private static func answer(_ words: [String], on machine: Node) async throws -> CommandResult {
        let result = try await machine.run(Machine.program("labrun"), words, within: .seconds(20))
        return try #require(result)
    }
}
