import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

@Suite("What people do in a lab", .requiresNamespaces)
struct AttachmentTests {
    private static let one = Topology([NodeDescription("node1", [])])

    @Test("A program on somebody's own files reads and writes them, and nothing of it is recorded")
    func attached() async throws {
        try await Lab.run(Self.one) { lab in
            var input = try Pipe()
            var output = try Pipe()
            let source = input.takeReadEnd()
            let target = output.takeWriteEnd()
            try input.takeWriteEnd().write([0, 255, 10])
            let program = try lab["node1"].attach(
                "/bin/sh", ["-c", "cat; hostname; exit 7"], to: [source.number, target.number, target.number])
            #expect(try end(of: program) == "exit 7")
            #expect(try output.takeReadEnd().read() == [0, 255, 10] + Array("node1\n".utf8))
            let started = lab.timeline.filter { if case .started = $0.kind { true } else { false } }
            #expect(started.isEmpty)
        }
    }

    @Test("A program that is ended is dead, and so are those of its group that a hangup ends")
    func ended() async throws {
        try await Lab.run(Self.one) { lab in
            var pipe = try Pipe()
            let target = pipe.takeWriteEnd()
            let program = try lab["node1"].attach(
                "/bin/sh", ["-c", "sleep 1000 & trap '' HUP; echo; wait"],
                to: [target.number, target.number, target.number])
            // Blocks until it has started its child.
            #expect(try pipe.takeReadEnd().read() == [10])
            try program.kill()
            #expect(try end(of: program) == "signal 9")
            let left = try await lab["node1"].run(
                "/bin/sh", ["-c", "while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done"], within: .seconds(5))
            #expect(left != nil, "processes are left")
        }
    }

    private func end(of program: borrowing AttachedProgram) throws -> String? {
        let loop = try EventLoop()
        try loop.watch(program.descriptor, as: 0)
        _ = try loop.wait(until: MonotonicClock.now + .seconds(10))
        return try program.collect().map { "\($0)" }
    }

    @Test("Lines are put at the end of a file that is made when it is missing, and never into the host's")
    func appended() async throws {
        try await Lab.run(Self.one) { lab in
            try lab["node1"].append("one\n", to: "/var/log/x.log")
            try lab["node1"].append("two\n", to: "/var/log/x.log")
            #expect(try lab["node1"].read("/var/log/x.log") == Array("one\ntwo\n".utf8))
            let error = #expect(throws: LabError.self) { try lab["node1"].append("x", to: "/etc/x") }
            #expect(error == .notPrivate(path: "/etc/x", node: "node1"))
        }
    }

    @Test("A follower is told of everything from its beginning to its end, in the order in which it came")
    func followed() async throws {
        try await Lab.run(Self.one) { lab in
            let seen = Mutex<[TimelineEvent.Kind]>([])
            lab.step("before")
            do {
                let follower = lab.follow { events in seen.withLock { $0 += events.map(\.kind) } }
                lab.step("one")
                lab.step("two")
                withExtendedLifetime(follower) {}
            }
            lab.step("after")
            #expect(
                seen.withLock { $0 }.filter { if case .step = $0 { true } else { false } } == [
                    .step("one"), .step("two"),
                ])
        }
    }
}
