import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Programs in nodes", .requiresNamespaces)
struct ProcessTests {
    private static let two = Topology([NodeDescription("node1", []), NodeDescription("node2", [])])

    /// A program called haproxy that waits for ever.
    private static let standIn = "#!/bin/sh\nmkfifo /run/idle\nread -r line < /run/idle\n"
    /// A parent that waits for its child, and says when the child has ended.
    private static let family = "#!/bin/sh\n/bin/sleep 1000 &\necho started\nwait\necho orphaned\n/bin/sleep 1000\n"

    @Test(
        "pgrep and killall see the node's own processes and nobody else's",
        .requires(program: "/usr/bin/pgrep", package: "procps"),
        .requires(program: "/usr/bin/killall", package: "psmisc"))
    func processesAreOwn() async throws {
        try await Lab.run(Self.two) { lab in
            try lab["node2"].write(Self.standIn, to: "/run/haproxy", mode: 0o755)
            let process = try lab["node2"].start("/run/haproxy")
            let probes = [("/usr/bin/pgrep", ["-x", "haproxy"]), ("/usr/bin/killall", ["-0", "haproxy"])]
            for (program, arguments) in probes {
                let here = try #require(await lab["node2"].run(program, arguments))
                let there = try #require(await lab["node1"].run(program, arguments))
                #expect(here.status == .exited(code: 0), "\(program) on node2")
                #expect(there.status == .exited(code: 1), "\(program) on node1")
            }
            try lab.inject(.kill(ProcessName("haproxy", on: "node2"), .tree))
            _ = try #require(await process.exit(within: .seconds(2)))
            for (program, arguments) in probes {
                let after = try #require(await lab["node2"].run(program, arguments))
                #expect(after.status == .exited(code: 1), "\(program) after the end")
            }
        }
    }

    @Test(
        "a daemon whose parent is gone is reaped when it dies, and no zombie counts as alive",
        .requires(program: "/usr/bin/pgrep", package: "procps"))
    func zombies() async throws {
        try await Lab.run(Self.two) { lab in
            let node = lab["node1"]
            try node.write(Self.standIn, to: "/run/haproxy", mode: 0o755)
            // The shell ends at once, so the daemon's parent becomes the node's first process.
            _ = try await node.run("/bin/sh", ["-c", "setsid /run/haproxy >/dev/null 2>&1 & exit 0"])
            let find = "until pgrep -x haproxy; do :; done"
            let pid = try #require(await node.run("/bin/sh", ["-c", find], within: .seconds(5))?.lines.first)
            _ = try await node.run("/bin/kill", ["-9", pid])
            let gone = try await node.run(
                "/bin/sh", ["-c", "while pgrep -x haproxy; do :; done; ls /proc"], within: .seconds(5))
            #expect(gone?.succeeded == true)
            #expect(gone?.lines.contains(pid) == false || gone?.lines.last != pid)
        }
    }

    @Test("killing the parent, the children and the tree are three different things")
    func killScopes() async throws {
        try await Lab.run(Self.two) { lab in
            let node = lab["node1"]
            try node.write(Self.family, to: "/run/family", mode: 0o755)
            for scope in [KillScope.parent, .children, .tree] {
                let begin = lab.step("\(scope)")
                let process = try node.start("/run/family", as: scope.rawValue)
                try await lab.expect("it has started", within: .seconds(2), since: begin) {
                    $0.isOutput("started", of: scope.rawValue)
                }
                #expect(process.hasChildren)
                let fault = try lab.inject(.kill(ProcessName(scope.rawValue, on: "node1"), scope)).began
                switch scope {
                case .parent, .tree:
                    #expect(await process.exit(within: .seconds(2)) == .signaled(number: SIGKILL))
                case .children:
                    try await lab.expect("the parent notices", within: .seconds(2), since: fault) {
                        $0.isOutput("orphaned", of: scope.rawValue)
                    }
                }
            }
            // Alive are the child whose parent was killed, and the one that the bereaved parent has started since.
            let alive = try #require(
                await node.run(
                    "/bin/sh", ["-c", "until [ \"$(pgrep -c sleep)\" = 2 ]; do :; done"], within: .seconds(5)))
            #expect(alive.succeeded)
        }
    }

    @Test("a paused program stands still until it is healed", .lab(Self.two))
    func pause() async throws {
        let lab = try Lab.current
        let name = ProcessName("ticker", on: "node1")
        try lab["node1"].start("/bin/sh", ["-c", "while :; do echo tick; done"], as: name.process)
        try await lab.expect("it ticks", within: .seconds(2), since: lab.start) {
            $0.isOutput("tick", of: "ticker")
        }
        let paused = try lab.inject(.pause(name))
        // What it had written before may still be on its way.
        let quiet = try await lab.watch(for: .milliseconds(200), since: paused.inForce).upperBound
        _ = try await lab["node1"].run("/bin/echo", ["others run"])
        try await lab.expectNever(
            "it ticks", for: lab.elapsed(since: quiet) + .milliseconds(100), since: quiet,
            control: .line(on: "node1", containing: "others run")
        ) {
            $0.isOutput("tick", of: "ticker")
        }
        let healed = try lab.heal(.pause(name))
        try await lab.expect("it ticks again", within: .seconds(2), since: healed.began) {
            $0.isOutput("tick", of: "ticker")
        }
    }

    @Test("a program that is not there is an error that names it")
    func missingProgram() async throws {
        try await Lab.run(Self.two) { lab in
            let error = try #require(#expect(throws: LabError.self) { try lab["node1"].start("/nothing/here") })
            #expect("\(error)".contains("execve /nothing/here: No such file or directory"))
        }
    }

    @Test("programs get a clean environment, and their own hostname")
    func environment() async throws {
        try await Lab.run(Self.two) { lab in
            let result = try #require(await lab["node2"].run("/usr/bin/env"))
            #expect(result.lines == ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
        }
    }

    @Test("forty labs side by side get in nobody's way, and give back every descriptor")
    func manyLabs() async throws {
        let before = FileSystem.names(in: "/proc/self/fd").count
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await Lab.run(Self.two) { lab in
                        let result = try await lab["node1"].run(
                            "/bin/sh", ["-c", "echo \(number) > /tmp/n; cat /tmp/n"])
                        #expect(result?.lines == ["\(number)"])
                    }
                }
            }
            try await group.waitForAll()
        }
        // Other tests run meanwhile and labs are let go of by their own threads: only a leak per lab would show.
        let deadline = MonotonicClock.now + .seconds(10)
        while FileSystem.names(in: "/proc/self/fd").count > before + 100, MonotonicClock.now < deadline {
            await Task.yield()
        }
        #expect(FileSystem.names(in: "/proc/self/fd").count <= before + 100)
    }
}

extension TimelineEvent {
    fileprivate func isOutput(_ line: String, of process: String) -> Bool {
        if case .output(process, .standardOutput, line) = kind { true } else { false }
    }
}
