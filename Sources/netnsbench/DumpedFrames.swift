import Glibc
import LinuxSystem
import NetnsKit
import Timeline
import Wire

/// What those learn who read what `tcpdump -U` writes: the kernel hands it a block of frames once in a second.
struct DumpedFrames {
    var program: String
    var runs: Int
    private static let period: Duration = .seconds(1)

    /// Each frame comes at another moment of the period.
    func figures(_ lab: Lab) async throws -> [Figure] {
        let node = lab["node1"]
        // A program that does nothing lends its namespace.
        let lender = try node.start("/bin/sleep", ["600"])
        let dump = try Dump(program, inNetworkOf: lender.pid)
        try await dump.wait(for: Dump.beginning)
        var delays: [Duration] = []
        for number in 0..<runs {
            let pause = Self.period * number / runs
            try await lab.expectNever("it is time", for: pause, since: MonotonicClock.now) { _ in false }
            let mark = Array("dump \(number).".utf8)
            let payload = mark + [UInt8](repeating: 0, count: 46 - mark.count)
            let frame = [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1] + [0x88, 0xb5] + payload
            let begin = MonotonicClock.now
            try node.send(frame, over: "eth0")
            delays.append(try await dump.wait(for: mark) - begin)
        }
        return [
            Figure(
                subject: "events", contestant: "tcpdump -U", circumstances: "frame sent", name: "until seen",
                unit: "us", sample: Sample(delays, in: .microseconds(1)))
        ]
    }
}

/// A tcpdump that writes to a pipe, until nobody holds it.
private final class Dump: Sendable {
    private let child: ChildProcess
    private let output: OwnedDescriptor

    /// What a capture file of a little-endian machine begins with.
    static let beginning: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1]

    init(_ program: String, inNetworkOf pid: Int32) throws {
        var pipe = try Pipe()
        let target = pipe.takeWriteEnd()
        let lender = try ProcessHandle(pid)
        var request = ProgramRequest(program, [program, "-U", "-i", "eth0", "-w", "-"])
        request.descriptors = [nil, target.number, nil]
        request.joining = (lender.descriptor, .network)
        child = try ChildProcess(request)
        output = pipe.takeReadEnd()
    }

    deinit {
        try? child.send(signal: SIGKILL)
        _ = try? child.collect(blocking: true)
    }

    /// Reads until these octets have come, on a thread of its own.
    @discardableResult
    func wait(for mark: [UInt8]) async throws -> Instant {
        try await withCheckedThrowingContinuation { continuation in
            startThread(named: "bench-dump") { [self] in
                continuation.resume(with: Result { try read(until: mark) })
            }
        }
    }

    private func read(until mark: [UInt8]) throws -> Instant {
        var heard: [UInt8] = []
        while !heard.contains(mark) {
            guard let part = try output.read(), !part.isEmpty else {
                throw SystemError("tcpdump ended before it wrote what was sent", code: EPIPE)
            }
            heard += part
        }
        return MonotonicClock.now
    }
}
