import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("The command lines", .requiresNamespaces)
struct CommandLineTests {
    @Test("labrun list names every step")
    func list() async throws {
        let result = try #require(await Machine.run("labrun", ["list"]))
        #expect(result.succeeded)
        for step in ["step1", "step2", "step3", "step4", "step5"] {
            #expect(result.lines.contains { $0.contains(step) })
        }
    }

    @Test("labrun describe shows the picture, the scenarios and the lesson")
    func describe() async throws {
        let result = try #require(await Machine.run("labrun", ["describe", "step4"]))
        #expect(result.succeeded)
        #expect(result.lines.contains { $0.contains("node2 .12  priority 100") })
        #expect(result.lines.contains { $0.contains("nopreempt") })
        #expect(result.lines.allSatisfy { $0.count <= 100 })
    }

    @Test("labrun errata --list tells each place at which the text errs, and runs nothing")
    func errata() async throws {
        let result = try #require(await Machine.run("labrun", ["errata", "--list"]))
        #expect(result.succeeded)
        #expect(result.lines.contains { $0.hasPrefix("     E31 step3  text  ") })
        #expect(result.lines.contains { $0.hasPrefix("     VR101      wire  ") })
        #expect(result.lines.allSatisfy { $0.count <= 80 })
    }

    @Test("an unknown step is a usage error that names the steps there are", arguments: [["run", "step9"], ["step9"]])
    func unknownStep(_ arguments: [String]) async throws {
        let result = try #require(await Machine.run("labrun", arguments))
        #expect(result.status == .exited(code: 64))
        #expect(
            result.lines.contains {
                $0.contains("there is no step 'step9': there are step1 to step8")
            })
    }

    @Test("an unknown scenario is a usage error that names those there are")
    func unknownScenario() async throws {
        let result = try #require(await Machine.run("labrun", ["step4/nothing"]))
        #expect(result.status == .exited(code: 64))
        #expect(result.lines.contains { $0.contains("nopreempt, check, stop, start-order") })
    }

    @Test("a daemon that is not there is a failed preflight", arguments: ["/nothing/here", "quagga", "a:b:c"])
    func missingDaemon(_ daemon: String) async throws {
        let result = try #require(await Machine.run("labrun", ["step2", "--daemon", daemon]))
        #expect(result.status == .exited(code: 4))
        #expect(result.lines.count == 1)
    }

    @Test("where keepalived is not installed, labrun says how to get it")
    func keepalivedMissing() async throws {
        let bare = Topology([
            NodeDescription(
                Machine.name, [], privateDirectories: NodeDescription.standardPrivateDirectories + ["/usr/sbin"],
                exposedPaths: Machine.topology.nodes[0].exposedPaths)
        ])
        let result = try #require(
            await Lab.run(bare) { lab in
                try await lab[Machine.name].run(Machine.program("labrun"), ["step2", "--daemon", "keepalived"])
            })
        #expect(result.status == .exited(code: 4))
        #expect(
            result.lines == [
                "labrun: keepalived is not installed: apt-get install -y keepalived, "
                    + "or run the lab with --daemon ours"
            ])
    }

    @Test("a place that takes no artifacts is a usage error that says which option to use", arguments: ["/proc/x", ""])
    func noPlace(_ path: String) async throws {
        let result = try #require(await Machine.run("labrun", ["step2/crash", "-o", path]))
        #expect(result.status == .exited(code: 64))
        #expect(result.lines.first?.contains("-o") == true, "\(result.lines)")
        #expect(!result.lines.contains { $0.hasPrefix("step2/crash ") })
    }

    @Test(
        "options out of range, and two that contradict each other, are usage errors",
        arguments: [["-j", "0"], ["--retries=-1"], ["-q", "-v"]])
    func badOptions(_ options: [String]) async throws {
        let result = try #require(await Machine.run("labrun", ["step2/crash"] + options))
        #expect(result.status == .exited(code: 64))
    }

    @Test("a quiet run in which all is well says one line")
    func quiet() async throws {
        let result = try #require(await Machine.run("labrun", ["step2/stop", "-q", "-o", "/tmp/out"]))
        #expect(result.succeeded)
        #expect(result.lines.count == 1)
        #expect(result.lines.first?.hasPrefix("PASS  1 scenario, checks: ") == true)
    }

    @Test("scenarios that pass are a line each, and told whole when asked for", arguments: [false, true])
    func drawings(_ isVerbose: Bool) async throws {
        let words = ["step2/stop", "step2/linkdown", "step2/stop", "-o", "/tmp/out"] + (isVerbose ? ["-v"] : [])
        let result = try #require(await Machine.run("labrun", words))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.count { $0.hasPrefix("  ok    stop ") } == (isVerbose ? 0 : 1))
        #expect(result.lines.count { $0.hasPrefix("  ok    linkdown ") } == (isVerbose ? 0 : 1))
        #expect(result.lines.count { $0.contains("  node1   start    vrrpd") } == (isVerbose ? 2 : 0))
        #expect(result.lines.count { $0.hasPrefix("  VIP     ") } == (isVerbose ? 2 : 0))
    }

    @Test("a single scenario is told, with every check, and with -vv it is drawn, too")
    func single() async throws {
        let result = try #require(await Machine.run("labrun", ["step2/stop", "-vv", "-o", "/tmp/out"]))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.count { $0.contains("  node1   resigns  priority-0 advert") } == 1)
        #expect(result.lines.count { $0.hasPrefix("     time  node1") } == 1)
        #expect(result.lines.count { $0.hasPrefix("  ok    node1 resigns with priority 0 ") } == 1)
    }

    @Test("of several steps there is a line for each")
    func several() async throws {
        let result = try #require(
            await Machine.run("labrun", ["step2/stop", "step3/restart", "-o", "/tmp/out"], within: .seconds(30)))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.count { $0.hasPrefix("  ok    step2  ") } == 1)
        #expect(result.lines.count { $0.hasPrefix("  ok    step3  ") } == 1)
        #expect(result.lines.allSatisfy { $0.count <= 80 && $0.utf8.allSatisfy { $0 < 0x80 } }, "\(result.lines)")
    }

    @Test("an inconclusive scenario is run again, and says so")
    func retried() async throws {
        // It never becomes a master, so there is nothing to take over from.
        let words = ["step2/stop", "--daemon", "/bin/true", "-o", "/tmp/out"]
        let result = try #require(await Machine.run("labrun", words, within: .seconds(40)))
        #expect(result.status == .exited(code: 2))
        #expect(result.lines.contains("  run 2: what was seen before was inconclusive"))
    }

    @Test("without rights and user namespaces labrun says what to do and exits with 4", arguments: ["step2", "doctor"])
    func notPermitted(_ word: String) async throws {
        // Who limits the namespaces of a user namespace of its own limits nobody else.
        let script = """
            echo 0 > /proc/sys/user/max_user_namespaces
            exec setpriv --bounding-set=-all --inh-caps=-all \(Machine.program("labrun")) \(word)
            """
        let words = ["--user", "--map-root-user", "/bin/sh", "-c", script]
        let result = try #require(await Machine.run("/usr/bin/unshare", words))
        #expect(result.status == .exited(code: 4))
        #expect(result.lines.contains { $0.contains("run as root") }, "\(result.lines)")
        #expect(result.lines.contains { $0.contains("user.max_user_namespaces is 0") }, "\(result.lines)")
    }

    @Test("labrun doctor finds nothing wrong with this machine")
    func doctor() async throws {
        let result = try #require(await Machine.run("labrun", ["doctor"]))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(result.lines.contains { $0.contains("two nodes up") && $0.contains("median") })
        for subject in ["links and captures", "mute links", "deaf links", "our daemon"] {
            #expect(result.lines.contains { $0.hasPrefix("  ok    \(subject) ") }, "\(result.lines)")
        }
        // A long path has its line for itself.
        let words = result.lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(words.contains("ok our daemon \(Machine.program("vrrpd")), Vrrpd v"), "\(result.lines)")
    }

    @Test(
        "labrun doctor says which keepalived is installed",
        .requires(program: "/usr/sbin/keepalived", package: "keepalived"))
    func doctorKnowsKeepalived() async throws {
        let result = try #require(await Machine.run("labrun", ["doctor"]))
        #expect(result.lines.contains { $0.hasPrefix("  ok    keepalived ") && $0.contains(" Keepalived v2") })
    }

    @Test("labrun's JSON lines begin with the run, hold a scenario, events and checks, and end with the verdict")
    func json() async throws {
        let result = try #require(await Machine.run("labrun", ["step2/phase-0", "--json", "-o", "/tmp/out"]))
        #expect(result.succeeded)
        let lines = result.lines.filter { $0.hasPrefix("{") }
        #expect(lines.first?.contains(#""kind":"run""#) == true)
        #expect(lines.dropFirst().first?.contains(#""kind":"scenario""#) == true)
        #expect(lines.contains { $0.contains(#""kind":"event""#) && $0.contains("VRRPv2") })
        #expect(lines.contains { $0.contains(#""kind":"check""#) && $0.contains(#""verdict":"pass""#) })
        #expect(lines.last?.contains(#""kind":"end""#) == true)
    }

    @Test("a run leaves its events, capture, logs, drawing, files and a way to repeat it")
    func artifacts() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            let result = try #require(
                await machine.run(Machine.program("labrun"), ["step2/crash", "-o", "/tmp/out"], within: .seconds(40)))
            #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
            let list = try #require(await machine.run("/bin/ls", ["/tmp/out/latest/step2-crash"]))
            #expect(
                list.lines == [
                    "client.log", "diagram.txt", "events.ndjson", "files", "lan.pcapng", "node1.log", "node2.log",
                    "reproduce.sh", "timeline.svg",
                ])
            let log = String(decoding: try machine.read("/tmp/out/latest/step2-crash/node1.log"), as: UTF8.self)
            #expect(log.contains("Entering MASTER STATE"))
            let capture = try machine.read("/tmp/out/latest/step2-crash/lan.pcapng")
            #expect(capture.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]))
            let page = String(decoding: try machine.read("/tmp/out/latest/report.html"), as: UTF8.self)
            #expect(page.contains("<svg class=\"swimlanes\""))
            #expect(page.contains("node2 is expected here: 3.609 s"))
            #expect(page.contains("SIGKILL vrrpd on node1 and its children"))
        }
    }

    @Test("vrrpd refuses a file that is not there, and one that it cannot read, in one sentence")
    func unreadableConfiguration() async throws {
        for path in ["/nothing/here.conf", "/tmp"] {
            let result = try #require(await Machine.run("vrrpd", ["-n", "-l", "-f", path]))
            #expect(result.status == .exited(code: 6), "\(result.lines)")
            #expect(result.lines.contains { $0.contains(path) })
        }
    }

    @Test("vrrpd -t reports every problem with its place and keepalived's exit code")
    func configurationTest() async throws {
        let text = """
            vrrp_instance VI_1 {
                interface eth0
                virtual_router_id 300
                prioritty 100
                virtual_ipaddress { 192.168.1.100/24 }
            }
            """
        let files = ["/etc/keepalived/keepalived.conf": text]
        let result = try #require(await Machine.run("vrrpd", ["-t"], files: files))
        #expect(result.status == .exited(code: 5), "\(result.lines)")
        #expect(result.lines.contains { $0.contains("keepalived.conf:3:") && $0.contains("300") })
        #expect(result.lines.contains { $0.contains("keepalived.conf:4:5") && $0.contains("priority") })
    }

    @Test("vrrpd with an interface that does not exist names it and exits with 2")
    func missingInterface() async throws {
        let text = """
            vrrp_instance VI_1 {
                interface eth7
                virtual_router_id 51
                virtual_ipaddress {
                    192.168.1.100/24
                }
            }
            """
        let files = ["/etc/keepalived/keepalived.conf": text]
        let result = try #require(await Machine.run("vrrpd", ["-n", "-l"], files: files))
        #expect(result.status == .exited(code: 2), "\(result.lines)")
        #expect(result.lines.contains { $0.contains("eth7") })
    }

    @Test("vrrpd says signal numbers for scripts, its version, and what it did not understand, as keepalived does")
    func vrrpdWords() async throws {
        let json = try #require(await Machine.run("vrrpd", ["--signum=JSON"]))
        #expect(json.succeeded)
        #expect(json.lines == ["36"])
        let version = try #require(await Machine.run("vrrpd", ["-v"]))
        #expect(version.succeeded)
        #expect(version.lines.first?.hasPrefix("Vrrpd v") == true)
        let unknown = try #require(await Machine.run("vrrpd", ["-nly"]))
        #expect(unknown.status == .exited(code: 1))
        #expect(unknown.lines.first == "vrrpd: Unknown option -y")
    }
}
