import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A lab that stays", .requiresNamespaces)
struct SessionTests {
    @Test(
        "A lab is up until it is taken down: the owner moves when it crashes, is back when healed, and nothing is left")
    func life() async throws {
        try await onMachine { machine in
            let before = try await machine.count()
            let up = try await machine.labrun("up", "step2", "--fast")
            #expect(up.succeeded, "\(up.lines)")
            #expect(up.output.contains { $0.contains("node2 .12  priority 100") })
            #expect(up.output.contains("It runs."))
            let status = try await machine.labrun("status")
            #expect(status.succeeded)
            #expect(status.output.first?.hasPrefix("lab: step2, reference, ours, fast; up for ") == true)
            #expect(status.output.contains { $0.hasPrefix("  node1    vrrpd ") && $0.contains("192.168.1.100/24") })
            #expect(status.output.last == "  no fault is in force")

            let broken = try await machine.labrun("break", "node1", "crash")
            #expect(broken.output.first?.hasSuffix("SIGKILL vrrpd on node1 and its children") == true)
            try await machine.look(until: "*** 2 OWNERS ***  node1 and node2 have it together")
            let look = try await machine.labrun("look")
            #expect(look.output.contains { $0.hasPrefix("  node1     dead ") })
            #expect(look.output.contains { $0.hasPrefix("  node2     MASTER   100   yes ") })
            #expect(look.output.contains { $0.contains("its kernel keeps 192.168.1.100") })
            // Both answer a client that asks.
            #expect(look.output.contains { $0.contains("(node1)") && $0.contains("(node2)") })
            #expect(look.output.allSatisfy { $0.count <= 80 }, "\(look.output)")

            let healed = try await machine.labrun("heal", "node1")
            #expect(healed.output.count == 1)
            #expect(healed.output.first?.hasSuffix("vrrpd on node1 started again") == true)
            try await machine.look(until: "192.168.1.100  node1 has it, for")
            #expect(try await machine.labrun("heal").status == .exited(code: 3))

            let down = try await machine.labrun("down")
            #expect(down.succeeded)
            #expect(down.output.first?.hasSuffix("processes have ended, and nothing is left") == true)
            #expect(try await machine.labrun("down").status == .exited(code: 3))
            #expect(try await machine.count() == before)
        }
    }

    @Test("A command's octets, and its exit code, are its own, whatever they are")
    func command() async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            let script = """
                L=\(Machine.program("labrun")); head -c 300000 /dev/urandom > /tmp/octets
                $L exec node1 -- cat < /tmp/octets | cmp - /tmp/octets && echo same
                $L exec node1 -- sh -c 'echo out; echo err >&2' 2> /tmp/err; cat /tmp/err
                $L exec node2 -- sh -c 'exit 7'; echo code $?
                $L exec node2 -- sh -c 'kill -9 $$'; echo code $?
                $L exec node2 -- /no/program 2> /dev/null; echo code $?
                $L sh node2 -- hostname
                echo 'hostname; exit 3' | $L sh client; echo code $?
                $L exec node1 -- grep -c 'Entering MASTER STATE' /var/log/keepalived.log
                """
            let result = try await machine.shell(script)
            let wanted = ["same", "out", "err", "code 7", "code 137", "code 127", "node2", "client", "code 3", "1"]
            #expect(result.lines == wanted)
        }
    }

    @Test("A signal to labrun exec reaches the command, and the lab goes on")
    func signaled() async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            let words = [
                "exec", "node1", "--", "sh", "-c", "trap 'echo caught; exit 5' TERM; echo ready; while :; do :; done",
            ]
            let exec = try machine.node.start(Machine.program("labrun"), words, as: "exec")
            try await machine.lab.expect(line: "ready", from: exec, within: .seconds(10))
            try exec.send(signal: SIGTERM)
            #expect(try #require(await exec.exit(within: .seconds(10))) == .exited(code: 5))
            // Who is killed cannot pass anything on: the lab ends the command.
            let other = try machine.node.start(
                Machine.program("labrun"), ["exec", "node1", "--", "sh", "-c", "echo ready; exec sleep 1234"],
                as: "other")
            try await machine.lab.expect(line: "ready", from: other, within: .seconds(10))
            try other.send(signal: SIGKILL)
            let gone = try await machine.shell("while pgrep -f '^sleep 1234' > /dev/null; do :; done; echo gone")
            #expect(gone.lines == ["gone"])
            #expect(try await machine.labrun("status").succeeded)
        }
    }

    @Test(
        "SIGKILL of either of the server's processes takes the lab with it, and what is left is recognized and cleared")
    func killed() async throws {
        try await onMachine { machine in
            let before = try await machine.count()
            for victim in ["$(cat /run/labrun/lab.lock)", "$(pgrep -P $(cat /run/labrun/lab.lock) -x labrun)"] {
                #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
                _ = try await machine.shell("kill -9 \(victim)")
                let settled = try await machine.node.run("/bin/sh", ["-c", LeakTests.settled], within: .seconds(10))
                #expect(settled != nil, "processes are left of \(victim)")
                let status = try await machine.labrun("status")
                #expect(status.status == .exited(code: 3))
                let isStale = try await machine.shell("ls /run/labrun").lines.contains("lab.socket")
                // Only the outer process could have removed it.
                #expect(isStale == victim.hasPrefix("$(cat"))
                #expect(status.lines.contains { $0.contains("has died without being taken down") } == isStale)
                #expect(try await machine.labrun("exec", "node1", "--", "true").status == .exited(code: 3))
                #expect(try await machine.labrun("down").status == .exited(code: isStale ? 0 : 3))
                #expect(try await machine.labrun("down").status == .exited(code: 3))
                #expect(try await machine.shell("ls /run/labrun").lines == ["lab.log"])
            }
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            #expect(try await machine.labrun("down").succeeded)
            #expect(try await machine.count() == before)
        }
    }

    @Test("A signal while a lab is built ends it in good order")
    func interrupted() async throws {
        try await onMachine { machine in
            let before = try await machine.count()
            let up = try machine.node.start(Machine.program("labrun"), ["up", "step2"], as: "up")
            _ = try await machine.shell("until [ -s /run/labrun/lab.lock ]; do :; done")
            try up.send(signal: SIGTERM)
            #expect(try #require(await up.exit(within: .seconds(10))) == .exited(code: 143))
            #expect(try await machine.labrun("down").status == .exited(code: 3))
            #expect(try await machine.count() == before)
        }
    }

    @Test("Words that mean nothing are told with those that do, and exit codes tell what is wrong")
    func mistyped() async throws {
        try await onMachine { machine in
            for words in [
                ["look"], ["status"], ["break", "node1", "crash"], ["heal"], ["capture"], ["exec", "a", "--", "b"],
            ] {
                let nothing = try await machine.labrun(words)
                #expect(nothing.status == .exited(code: 3), "\(words)")
                #expect(nothing.lines == ["labrun: no lab is up: labrun up step4 builds one"])
            }
            #expect(try await machine.labrun("up", "step9").status == .exited(code: 64))
            #expect(try await machine.labrun("up", "step2", "--name", "A/B").status == .exited(code: 64))
            #expect(try await machine.labrun("up", "step2", "--daemon", "quagga").status == .exited(code: 4))
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            let wrong = try await machine.labrun("break", "node1", "explode")
            #expect(wrong.status == .exited(code: 64))
            #expect(
                wrong.lines.contains { $0.contains("crash, parent, child, term, stop, hang, linkdown, carrier, mute") })
            let other: [([String], Int32, String)] = [
                (["break", "node7", "crash"], 64, "there is no node 'node7': there are node1, node2, client"),
                (["break", "client", "crash"], 1, "client runs no daemon"),
                (["break", "node1", "service"], 1, "node1 runs no service"),
                (["break", "node1", "linkdown:eth5"], 64, "node1 has no interface 'eth5': it has eth0"),
                (["look", "node7"], 64, "there is no node 'node7'"),
                (["capture", "wan"], 64, "there is no segment 'wan': there are lan"),
                (["exec", "node7", "--", "true"], 64, "there is no node 'node7'"),
                (["up", "step3"], 3, "'lab' is up already (step2, reference, ours, fast, for"),
            ]
            for (words, code, sentence) in other {
                let result = try await machine.labrun(words)
                #expect(result.status == .exited(code: code), "\(words)")
                #expect(result.lines.contains { $0.contains(sentence) }, "\(result.lines)")
            }
        }
    }

    @Test(
        "Each way to break a link is in force until it is healed",
        arguments: ["linkdown", "carrier", "mute", "deaf", "filter", "silence", "fill", "stop"])
    func broken(_ way: String) async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            #expect(try await machine.labrun("break", "node1", way).succeeded)
            let again = try await machine.labrun("break", "node1", way)
            #expect(again.status == .exited(code: 1))
            #expect(again.lines.contains { $0.contains("is in force already") })
            #expect(try await machine.labrun("status").output.last?.hasPrefix("  in force: ") == true)
            #expect(try await machine.labrun("heal", "node2").status == .exited(code: 3))
            #expect(try await machine.labrun("heal", "node1", way).succeeded)
            #expect(try await machine.labrun("status").output.last == "  no fault is in force")
        }
    }

    @Test("look tells a filter that keeps VRRP from a daemon, which no log tells, until it is healed")
    func filtered() async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            #expect(try await machine.labrun("break", "node2", "filter").succeeded)
            try await machine.look(until: "looks like VR206: labrun explain VR206")
            let look = try await machine.labrun("look").output
            #expect(look.contains("in force: node2 filters IP protocol 112 on eth0"))
            #expect(look.contains { $0.contains("*** 2 OWNERS ***  node1 and node2 have it together, for ") })
            // What its daemon does not hear reaches its port all the same.
            #expect(look.contains { $0.hasPrefix("  node2     MASTER   100") && $0.contains("node1 (150) 0.") })
            #expect(try await machine.labrun("heal", "node2").succeeded)
            try await machine.look(until: "192.168.1.100  node1 has it, for")
            #expect(try await !machine.labrun("look").output.contains { $0.contains("VR206") })
        }
    }

    @Test("look tells of equal priorities, whoever has the address")
    func equal() async throws {
        try await onMachine { machine in
            let text = """
                vrrp_instance VI_1 {
                    interface eth0
                    virtual_router_id 51
                    priority 100
                    advert_int 1
                    virtual_ipaddress {
                        192.168.1.100/24
                    }
                }
                """
            for name in ["keepalived", "keepalived-backup"] {
                try machine.node.write(text, to: "/etc/keepalived/\(name).conf")
            }
            #expect(try await machine.labrun("up", "step4", "--variant", "yours").succeeded)
            let look = try await machine.labrun("look")
            let words = look.output.map { $0.drop { $0 == " " } }.joined(separator: " ")
            #expect(
                words.contains("node1 and node2 both have priority 100: who is the master first stays it"), "\(words)")
            #expect(words.contains("looks like VR208: labrun explain VR208"))
        }
    }

    @Test("A shell whose lab dies says so, gives the terminal back and exits with 3", arguments: [true, false])
    func bereaved(isKilled: Bool) async throws {
        let labrun = Machine.program("labrun")
        let person = try Person(labrun, ["sh", "step3", "node1"], environment: ["PATH=/usr/bin:/bin", "TERM=dumb"])
        try await person.expect("node1:~# ")
        try person.type("\(labrun) up step2 --fast > /tmp/up; echo up-$?\r")
        try await person.expect("up-0")
        // The lab dies as soon as something runs in the shell.
        let end = isKilled ? "kill -9 $(cat /run/labrun/lab.lock)" : "\(labrun) down"
        try person.type("(until pgrep -f '^sleep 4321'; do :; done; \(end)) > /dev/null 2>&1 &\r")
        try person.type("\(labrun) sh node2; echo code-$?\r")
        try await person.expect("node2:~# ")
        try person.type("sleep 4321\r")
        try await person.expect("labrun: the lab has ended")
        try await person.expect("code-3")
        try person.type("stty -a | grep -qw -- -icanon || echo cooked-$((40 + 2))\r")
        try await person.expect("cooked-42")
        try person.type("\(labrun) status; echo status-$?\r")
        try await person.expect("status-3")
        try person.type("exit\r")
        #expect(try await person.end() == .exited(0))
    }

    @Test("A daemon that does not start is told with its own words, and the lab stays to be looked at")
    func badFiles() async throws {
        try await onMachine { machine in
            let text =
                "vrrp_instance VI_1 {\ninterface eth7\nvirtual_router_id 51\nvirtual_ipaddress {\n192.168.1.100\n}\n}\n"
            try machine.node.write(text, to: "/etc/keepalived/keepalived.conf")
            let up = try await machine.labrun("up", "step3", "--variant", "yours")
            #expect(up.status == .exited(code: 1))
            #expect(up.output.contains("  FAIL  node1: vrrpd has ended (exit 2)"))
            #expect(up.output.contains { $0.hasPrefix("        ") && $0.contains("eth7") }, "\(up.output)")
            let look = try await machine.labrun("look")
            #expect(look.output.contains { $0.contains("192.168.1.100  NOBODY has it yet") })
            #expect(try await machine.labrun("down").succeeded)
        }
    }

    @Test(
        "A capture shows advertisements with their distance, or is a file for Wireshark, and ends with its reader"
    )
    func capture() async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast").succeeded)
            let lines = try await machine.labrun("capture", "lan", "-c", "12").output
            #expect(lines.count == 12)
            let adverts = lines.filter { $0.hasSuffix("  node1  VRRPv3 51 priority 150: 192.168.1.100") }
            #expect(adverts.count >= 6, "\(lines)")
            #expect(adverts.dropFirst().allSatisfy { $0.contains(" +0.1") || $0.contains(" +0.0") }, "\(adverts)")
            let script = """
                L=\(Machine.program("labrun"))
                $L capture -c 2 -w - | head -c 4 | od -An -tx1
                $L capture | head -n 1 | wc -l
                $L capture -w /tmp/lan.pcapng > /dev/null 2>&1 & until [ -s /tmp/lan.pcapng ]; do :; done
                kill $!; wait $!; echo code $?
                """
            #expect(try await machine.shell(script).output == [" 0a 0d 0d 0a", "1", "code 0"])
        }
    }

    @Test("Several labs have names, and which one is meant must be said only when there are several")
    func names() async throws {
        try await onMachine { machine in
            #expect(try await machine.labrun("up", "step2", "--fast", "--name", "one").succeeded)
            #expect(try await machine.labrun("up", "step2", "--fast", "--name", "two").succeeded)
            let ambiguous = try await machine.labrun("look")
            #expect(ambiguous.status == .exited(code: 64))
            #expect(ambiguous.lines.contains { $0.contains("say which with --name: one, two") })
            #expect(try await machine.labrun("break", "--name", "one", "node1", "mute").succeeded)
            #expect(try await machine.labrun("status", "--name", "one").output.last?.contains("mute") == true)
            #expect(try await machine.labrun("status", "--name", "two").output.last == "  no fault is in force")
            #expect(try await machine.labrun("down", "--name", "one").succeeded)
            #expect(try await machine.labrun("exec", "node2", "--", "hostname").output == ["node2"])
            #expect(try await machine.labrun("down").succeeded)
        }
    }

    @Test("A shell in a lab that stays has job control, the terminal's size and its own exit code")
    func shell() async throws {
        let labrun = Machine.program("labrun")
        // The terminal is a node's of a lab that ends with the test, and so does what is started there.
        let person = try Person(labrun, ["sh", "step3", "node1"], environment: ["PATH=/usr/bin:/bin", "TERM=dumb"])
        try await person.expect("node1:~# ")
        try person.type("\(labrun) up step2 --fast > /tmp/up; echo up-$?\r")
        try await person.expect("up-0")
        try person.type("\(labrun) sh node2\r")
        try await person.expect("node2:~# ")
        try person.type("hostname; stty size; tail -n 1 /var/log/keepalived.log | cut -c 1\r")
        for line in ["node2\r\n", "24 80\r\n"] { try await person.expect(line) }
        person.resize(TerminalSize(rows: 33, columns: 99))
        try person.type("until [ \"$(stty size)\" = '33 99' ]; do :; done; echo resized-$((40 + 2))\r")
        try await person.expect("resized-42")
        try person.type("sh -c 'echo begun-$((1 + 1)); exec sleep 1000'\r")
        try await person.expect("begun-2")
        try person.type("\u{3}")
        try person.type("sleep 1000 &\rjobs\r")
        try await person.expect("Running")
        try person.type("exit 7\r")
        try await person.expect("node1:~# ")
        try person.type("echo code-$?; \(labrun) capture; echo capture-$?\r")
        try await person.expect("code-7")
        try await person.expect("VRRPv3 51 priority 150")
        // Ctrl-C is how a capture ends.
        try person.type("\u{3}")
        try await person.expect("capture-0")
        try person.type("\(labrun) down\r")
        try await person.expect("nothing is left")
        try person.type("exit\r")
        #expect(try await person.end() == .exited(0))
        #expect(person.isOrdinary)
    }

    private func onMachine(_ body: @Sendable (SessionMachine) async throws -> Void) async throws {
        try await Lab.run(Machine.topology) { lab in try await body(SessionMachine(lab: lab)) }
    }
}

/// A machine on which labs stay; they end with it.
private struct SessionMachine: Sendable {
    var lab: Lab

    var node: Node { lab[Machine.name] }

    func labrun(_ words: String...) async throws -> CommandResult { try await labrun(words) }

    func labrun(_ words: [String]) async throws -> CommandResult {
        try #require(await node.run(Machine.program("labrun"), words, within: .seconds(30)), "\(words) did not end")
    }

    func shell(_ script: String) async throws -> CommandResult {
        try #require(await node.run("/bin/sh", ["-c", script], within: .seconds(30)), "\(script) did not end")
    }

    /// What there is, once nothing runs but the first process.
    func count() async throws -> [String] {
        let settled = try await node.run("/bin/sh", ["-c", LeakTests.settled], within: .seconds(5))
        #expect(settled != nil, "processes are left")
        return try await shell(LeakTests.count).lines
    }

    /// Looks again and again until a text is there.
    func look(until text: String) async throws {
        let script = "until \(Machine.program("labrun")) look | grep -qF '\(text)'; do :; done"
        let found = try await node.run("/bin/sh", ["-c", script], within: .seconds(10))
        let last = try await labrun("look").lines.joined(separator: "\n")
        try #require(found != nil, "'\(text)' did not come: \(last)")
    }
}
