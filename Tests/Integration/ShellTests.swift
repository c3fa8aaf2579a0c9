import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("labrun sh", .requiresNamespaces)
struct ShellTests {
    @Test("a shell in a node has job control, the terminal's size, and Ctrl-C for its foreground job alone")
    func shell() async throws {
        let person = try Person(
            Machine.program("labrun"), ["sh", "step3", "node1"], environment: ["PATH=/usr/bin:/bin", "TERM=dumb"])
        try await person.expect("node1 of step3, beside client; exit or Ctrl-D ends all of it")
        try await person.expect("node1:~# ")
        #expect(!person.isOrdinary)
        try person.type("hostname; cat /etc/keepalived/keepalived.conf | grep -c virtual_router_id; stty size\r")
        for line in ["node1\r\n", "1\r\n", "24 80\r\n"] { try await person.expect(line) }

        person.resize(TerminalSize(rows: 33, columns: 99))
        try person.type("until [ \"$(stty size)\" = '33 99' ]; do :; done; echo resized-$((40 + 2))\r")
        try await person.expect("resized-42")

        try person.type("sh -c 'echo begun-$((1 + 1)); exec sleep 1000'\r")
        try await person.expect("begun-2")
        try person.type("\u{3}")
        try person.type("echo still-here-$((40 + 2))\r")
        try await person.expect("still-here-42")

        try person.type("sleep 1000 &\rjobs\r")
        try await person.expect("Running")
        try person.type("exit 7\r")
        #expect(try await person.end() == .exited(7))
        #expect(person.isOrdinary)
    }

    @Test(
        "the terminal is as before, also when labrun is told to end in the middle",
        arguments: [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func interrupted(_ signal: Int32, _ code: Int32) async throws {
        let person = try Person(
            Machine.program("labrun"), ["sh", "step3", "node1"], environment: ["PATH=/usr/bin:/bin", "TERM=dumb"])
        try await person.expect("node1:~# ")
        #expect(!person.isOrdinary)
        try person.send(signal: signal)
        #expect(try await person.end() == .exited(code))
        #expect(person.isOrdinary)
    }

    @Test("one command runs without a terminal, with its own exit code, beside running daemons")
    func command() async throws {
        let name = try #require(await Machine.run("labrun", ["sh", "step3", "node1", "--", "hostname"]))
        #expect(name.output == ["node1"])
        #expect(name.succeeded)
        let daemon = try #require(
            await Machine.run("labrun", ["sh", "node2", "--", "sh", "-c", "pgrep -c vrrpd; exit 9"]))
        #expect(daemon.output == ["1"])
        #expect(daemon.status == .exited(code: 9))
    }

    @Test("a script on the standard input is run, and leaves nothing")
    func script() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let before = try #require(await machine.run("/bin/sh", ["-c", LeakTests.count])).lines
            let result = try #require(
                await machine.run(
                    Machine.program("labrun"), ["sh", "step4", "client"], input: "hostname\nsleep 1000 &\nexit 3\n",
                    within: .seconds(30)))
            #expect(result.output == ["client"])
            #expect(result.status == .exited(code: 3))
            let settled = try await machine.run("/bin/sh", ["-c", LeakTests.settled], within: .seconds(5))
            #expect(settled != nil, "processes are left")
            #expect(try #require(await machine.run("/bin/sh", ["-c", LeakTests.count])).lines == before)
        }
    }

    @Test("an unknown node is a usage error that names those there are")
    func unknownNode() async throws {
        let result = try #require(await Machine.run("labrun", ["sh", "step3", "node9"]))
        #expect(result.status == .exited(code: 64))
        #expect(result.lines.contains { $0.contains("step3 has no node 'node9': there are node1, client") })
    }
}
