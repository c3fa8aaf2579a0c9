import Glibc
import LinuxSystem
import NetnsKit
import Synchronization
import Wire

/// How fast frames pass between two nodes, on each fabric: the time of a UDP datagram there and back, and how many
/// arrive of a flood. Nothing is recorded meanwhile.
struct FabricTrial {
    var runs: Int
    private let exchanges = 1000
    private let flood: Duration = .seconds(1)

    private struct Measurement {
        var times: [Duration] = []
        /// Frames in a second, by their size.
        var rates: [Int: [Double]] = [:]
    }

    /// The fabrics take turns, so that a busy machine is busy for both.
    func figures() async throws -> [Figure] {
        var measurements: [SegmentDescription.Fabric: Measurement] = [:]
        for _ in 0..<runs {
            for fabric in [SegmentDescription.Fabric.kernel, .userSpace] {
                try await measure(fabric, &measurements[fabric, default: Measurement()])
            }
        }
        return [(SegmentDescription.Fabric.kernel, "kernel bridge"), (.userSpace, "user-space switch")].flatMap {
            fabric, name in
            let measurement = measurements[fabric] ?? Measurement()
            let roundTrip = Figure(
                subject: "fabric", contestant: name, circumstances: "64 octets", name: "round trip", unit: "us",
                sample: Sample(measurement.times, in: .microseconds(1)))
            let rates = measurement.rates.sorted { $0.key < $1.key }.map { size, rates in
                Figure(
                    subject: "fabric", contestant: name, circumstances: "\(size) octets", name: "frames", unit: "1/s",
                    sample: Sample(rates))
            }
            return [roundTrip] + rates
        }
    }

    private func measure(_ fabric: SegmentDescription.Fabric, _ measurement: inout Measurement) async throws {
        let nodes = (1...2).map { number in
            NodeDescription(
                "node\(number)",
                [InterfaceDescription("eth0", on: "lan", ["10.0.0.\(number)/24"], isRecorded: false)])
        }
        let topology = Topology(nodes, segments: [SegmentDescription("lan", fabric: fabric)])
        let (times, rates) = try await Lab.run(topology) { lab in
            let pair = try Pair(lab)
            let times = await onOwnThread { [exchanges] in pair.roundTrips(exchanges) }
            var rates: [Int: Double] = [:]
            for size in [64, 1400] { rates[size] = await onOwnThread { [flood] in pair.rate(size: size, for: flood) } }
            return (times, rates)
        }
        measurement.times += times
        for (size, rate) in rates { measurement.rates[size, default: []].append(rate) }
    }

    private func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            startThread(named: "fabric-trial") { continuation.resume(returning: body()) }
        }
    }

    /// A socket on each node.
    private final class Pair: Sendable {
        private let near: BenchSocket
        private let far: BenchSocket

        init(_ lab: Lab) throws {
            near = try Self.socket(in: lab, 1, 2)
            far = try Self.socket(in: lab, 2, 1)
        }

        /// A program that does nothing lends its namespace.
        private static func socket(in lab: Lab, _ own: UInt8, _ peer: UInt8) throws -> BenchSocket {
            let process = try lab["node\(own)"].start("/bin/sleep", ["600"])
            return try BenchSocket(in: NamespaceDescriptor(ofProcess: process.pid), own: own, peer: peer)
        }

        /// How long each of several exchanges takes, one after the other; those that are lost are left out.
        func roundTrips(_ count: Int) -> [Duration] {
            let ended = Latch()
            startThread(named: "fabric-echo") { [self] in
                var buffer = [UInt8](repeating: 0, count: 2000)
                while far.receive(into: &buffer), buffer[0] == 1 { _ = far.send(Array(buffer[..<64])) }
                ended.open()
            }
            var times: [Duration] = []
            var buffer = [UInt8](repeating: 0, count: 2000)
            for number in 0..<count + Self.warmUp {
                let begin = MonotonicClock.now
                guard near.send([UInt8](repeating: 1, count: 64)), near.receive(into: &buffer) else { continue }
                if number >= Self.warmUp { times.append(MonotonicClock.now - begin) }
            }
            _ = near.send([UInt8](repeating: 0, count: 64))
            ended.wait()
            return times
        }

        private static let warmUp = 100

        /// How many datagrams arrive in a second while one side sends as many as the other can take: so few are under
        /// way at a time that no queue overflows.
        func rate(size: Int, for length: Duration) -> Double {
            let (arrived, ended) = (Counter(), Latch())
            startThread(named: "fabric-flood") { [self] in
                let datagram = [UInt8](repeating: 1, count: size)
                var sent = 0
                while !arrived.isOver {
                    if sent - arrived.count < Self.window, near.send(datagram) { sent += 1 } else { sched_yield() }
                }
                ended.open()
            }
            var buffer = [UInt8](repeating: 0, count: 2000)
            let begin = MonotonicClock.now
            while MonotonicClock.now - begin < length, far.receive(into: &buffer) { arrived.increment() }
            let time = MonotonicClock.now - begin
            arrived.end()
            ended.wait()
            return Double(arrived.count) / time.inSeconds
        }

        private static let window = 256
    }

    /// What the receiver tells the sender.
    private final class Counter: Sendable {
        private let number = Atomic(0)
        private let hasEnded = Atomic(false)

        var count: Int { number.load(ordering: .relaxed) }
        var isOver: Bool { hasEnded.load(ordering: .relaxed) }

        func increment() { number.add(1, ordering: .relaxed) }
        func end() { hasEnded.store(true, ordering: .relaxed) }
    }
}
