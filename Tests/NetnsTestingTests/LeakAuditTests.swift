import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("A leak audit", .requiresNamespaces)
struct LeakAuditTests {
    /// A daemon that forks twice, so that its grandchild has no parent to die with.
    private static let forking = "(setsid /bin/sleep 1000 &) ; exec /bin/sleep 1000"

    @Test("finds nothing of a lab that has ended, daemons that had forked twice included")
    func clean() async throws {
        let audit = LeakAudit()
        try await Lab.run(pair) { lab in
            defer { audit.note(lab) }
            try lab["r1"].start("/bin/sh", ["-c", Self.forking], as: "daemon")
            let probe = try lab["r2"].probe(IPv4Address(10, 0, 0, 1), over: "eth0")
            try await lab.expect("an answer", within: .seconds(5), since: lab.start) { $0.frame != nil }
            _ = probe
        }
        #expect(await audit.leaks() == [])
    }

    @Test("finds everything of a lab that still runs: its processes, its networks, and who holds them")
    func running() async throws {
        let audit = LeakAudit()
        try await Lab.run(pair) { lab in
            let sleep = try lab["r1"].start("/bin/sleep", ["1000"])
            audit.note(lab)
            let leaks = await audit.leaks(within: .milliseconds(20))
            let texts = leaks.map(\.description)
            #expect(texts.contains("process: sleep (\(sleep.pid)) of node r1"))
            #expect(leaks.count { $0.kind == .process && $0.text.hasPrefix("netnsinit") } == 2)
            #expect(
                texts.contains {
                    $0.hasPrefix("namespace: net:[") && $0.contains("of the wiring, held by /proc/self/fd/")
                })
            #expect(
                texts.contains { $0.hasPrefix("namespace: net:[") && $0.hasSuffix("held by /proc/\(sleep.pid)/ns/net") }
            )
            #expect(texts.contains("descriptor: node r2 is still referred to by this process"))
        }
        #expect(await audit.leaks() == [])
    }

    @Test("names a namespace that this process holds by a descriptor, and nobody else's of the same inode")
    func heldDescriptor() async throws {
        let audit = LeakAudit()
        let held = Mutex<Int32>(-1)
        try await Lab.run(pair) { lab in
            let sleep = try lab["r1"].start("/bin/sleep", ["1000"])
            held.withLock { $0 = unsafe open("/proc/\(sleep.pid)/ns/net", O_RDONLY | O_CLOEXEC) }
            audit.note(lab)
        }
        let number = held.withLock { $0 }
        let leaks = await audit.leaks(within: .milliseconds(500))
        #expect(leaks.map(\.kind) == [.namespace])
        #expect(leaks.first?.text.hasSuffix("of node r1, held by /proc/self/fd/\(number)") == true)
        close(number)
        #expect(await audit.leaks() == [])
    }

    @Test("names the part of a lab that somebody still refers to")
    func retained() async throws {
        let audit = LeakAudit()
        let kept = Mutex<Node?>(nil)
        try await Lab.run(pair) { lab in
            kept.withLock { $0 = lab["r2"] }
            audit.note(lab)
        }
        let leaks = await audit.leaks(within: .milliseconds(500))
        #expect(leaks.contains(Leak(.descriptor, "node r2 is still referred to by this process")))
        kept.withLock { $0 = nil }
        #expect(await audit.leaks() == [])
    }

    @Test(
        "is over as soon as the kernel is done: within 0.35 s of the end of a lab, in the best of five"
    )
    func timely() async throws {
        var times: [Duration] = []
        for _ in 0..<5 {
            let audit = LeakAudit()
            let end = try await Lab.run(pair) { lab in
                audit.note(lab)
                return MonotonicClock.now
            }
            #expect(await audit.leaks() == [])
            times.append(MonotonicClock.now - end)
        }
        let best = try #require(times.min())
        #expect(best < .milliseconds(350), "\(times)")
    }
}
