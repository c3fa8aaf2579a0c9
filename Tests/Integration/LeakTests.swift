import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("Nothing is left behind", .requiresNamespaces)
struct LeakTests {
    /// A daemon that forks twice, so that its grandchild has no parent to die with.
    private static let forkingDaemon = "#!/bin/sh\n(setsid /bin/sleep 1000 &)\nexec /bin/sleep 1000\n"

    /// What a machine has: processes, namespaces in use, interfaces, mounts.
    static let count = """
        set -- /proc/[0-9]*; echo processes $#
        echo namespaces $(readlink /proc/[0-9]*/ns/* 2>/dev/null | sort -u | wc -l)
        echo interfaces $(ls /sys/class/net | wc -l)
        echo mounts $(wc -l < /proc/self/mountinfo)
        """
    /// Looks until nothing but the first process and this shell is there.
    static let settled = """
        while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done
        """

    @Test("SIGKILL of labrun in the middle of a run leaves no process, namespace, interface or mount, twenty times")
    func killedHarness() async throws {
        try await Lab.run(Machine.topology) { lab in
            let machine = lab[Machine.name]
            _ = try await machine.run("/bin/mkdir", ["/tmp/daemons"])
            try machine.write(Self.forkingDaemon, to: "/tmp/daemons/forking", mode: 0o755)
            let before = try #require(await machine.run("/bin/sh", ["-c", Self.count])).lines
            for round in 0..<20 {
                let label = "labrun-\(round)"
                let begin = lab.step("round \(round)")
                try machine.start(
                    Machine.program("labrun"), ["step2", "--daemon", "/tmp/daemons/forking", "-o", "/tmp/out"],
                    as: label)
                // From the first milliseconds of its start to the middle of its scenarios.
                try await lab.watch(for: .milliseconds(7 * round * round), since: begin)
                // In turn the process that waits outside, and the one inside that holds the labs, once it is there.
                let hasInside = try machine.process(label).hasChildren
                let scope: KillScope = hasInside && !round.isMultiple(of: 2) ? .children : .parent
                try lab.inject(.kill(ProcessName(label, on: Machine.name), scope))
                let ended = try await machine.process(label).exit(within: .seconds(5))
                #expect(ended != nil, "round \(round): labrun is still there")
                let settled = try await machine.run("/bin/sh", ["-c", Self.settled], within: .seconds(5))
                #expect(settled != nil, "round \(round): processes are left")
                let after = try #require(await machine.run("/bin/sh", ["-c", Self.count])).lines
                #expect(after == before, "round \(round)")
            }
        }
    }

    @Test("a lab whose body throws is taken down like any other")
    func throwingBody() async throws {
        struct Mishap: Error {}
        let pid = Mutex<Int32?>(nil)
        await #expect(throws: Mishap.self) {
            try await Lab.run(Machine.topology) { lab in
                let process = try lab[Machine.name].start("/bin/sleep", ["1000"])
                pid.withLock { $0 = process.pid }
                throw Mishap()
            }
        }
        let number = try #require(pid.withLock { $0 })
        // It was killed; dying takes the kernel a moment.
        let deadline = MonotonicClock.now + .seconds(2)
        while isAlive(number), MonotonicClock.now < deadline { await Task.yield() }
        #expect(!isAlive(number))
    }
}

/// Whether a process runs: one that is dead and only waits to be collected does not.
private func isAlive(_ pid: Int32) -> Bool {
    guard let file = try? OwnedDescriptor.open("/proc/\(pid)/stat", O_RDONLY), let octets = try? file.read(),
        let state = String(decoding: octets, as: UTF8.self).split(separator: ")").last?.first(where: { $0 != " " })
    else { return false }
    return state != "Z" && state != "X"
}
