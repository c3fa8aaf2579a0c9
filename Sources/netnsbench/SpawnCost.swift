import Glibc
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// What it takes to run a program to its end: in a node, and in no namespace of its own.
struct SpawnCost {
    var runs: Int
    private static let program = "/bin/true"

    func figures() async throws -> [Figure] {
        let topology = Topology([NodeDescription("node1", [])])
        let (inNode, plain) = try await Lab.run(topology) { lab in
            var (inNode, plain): ([Duration], [Duration]) = ([], [])
            for _ in 0..<runs {
                let begin = MonotonicClock.now
                _ = try await lab["node1"].start(Self.program).exit(within: .seconds(5))
                inNode.append(MonotonicClock.now - begin)
                plain.append(try Self.spawn())
            }
            return (inNode, plain)
        }
        return [("posix_spawn, waitpid", plain), ("ours, in a node", inNode)].map { contestant, durations in
            Figure(
                subject: "programs", contestant: contestant, circumstances: Self.program, name: "start to end",
                unit: "us", sample: Sample(durations, in: .microseconds(1)))
        }
    }

    private static func spawn() throws -> Duration {
        let begin = MonotonicClock.now
        var pid: pid_t = 0
        let code = unsafe program.withCString { path in
            var words = unsafe [UnsafeMutablePointer(mutating: path), nil]
            return unsafe posix_spawn(&pid, path, nil, nil, &words, environ)
        }
        guard code == 0 else { throw SystemError("posix_spawn", code: code) }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return MonotonicClock.now - begin
    }
}
