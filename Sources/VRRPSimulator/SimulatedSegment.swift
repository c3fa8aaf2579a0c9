import Chance
import VRRPCore
import Wire

/// The wire between the hosts: frames in flight, each with the moment of its arrival.
struct SimulatedSegment: Sendable {
    /// A frame on its way to one host.
    struct Flight: Sendable {
        var arrival: Instant
        var sender: Int
        var receiver: Int
        var datagram: Datagram
    }

    /// How often chance did something to a frame.
    struct Tally: Hashable, Sendable {
        var lost = 0
        var duplicated = 0
        /// Arrivals before an earlier frame of the same way.
        var overtaken = 0
    }

    private(set) var tally = Tally()
    /// The latest arrival first, so that the next one is at the end; of equal ones the frame sent first comes first.
    private var flights: [Flight] = []
    /// The arrival of the last frame of each way, by receiver and sender.
    private var lastArrivals: [[Instant]]
    private var generator: SeededGenerator

    init(hosts: Int, _ generator: SeededGenerator) {
        lastArrivals = Array(repeating: Array(repeating: .zero, count: hosts), count: hosts)
        self.generator = generator
    }

    var nextArrival: Instant? { flights.last?.arrival }

    /// Carries a frame to everybody who is not deaf to its sender.
    mutating func send(_ datagram: Datagram, from sender: Int, at now: Instant, _ circumstances: Circumstances) {
        for receiver in circumstances.deafTo.indices where receiver + 1 != sender {
            guard !circumstances.deafTo[receiver].includes(sender) else { continue }
            let quality = circumstances.quality
            if quality.lossPercent > 0, generator.isHit(percent: quality.lossPercent) {
                tally.lost += 1
                continue
            }
            launch(datagram, from: sender, to: receiver + 1, at: now, quality)
            if quality.duplicationPercent > 0, generator.isHit(percent: quality.duplicationPercent) {
                tally.duplicated += 1
                launch(datagram, from: sender, to: receiver + 1, at: now, quality)
            }
        }
    }

    /// The frame that arrives next.
    mutating func receive() -> Flight? {
        flights.popLast()
    }

    private mutating func launch(
        _ datagram: Datagram, from sender: Int, to receiver: Int, at now: Instant, _ quality: LinkQuality
    ) {
        var arrival = now + generator.duration(in: quality.delay)
        let last = lastArrivals[receiver - 1][sender - 1]
        if arrival < last {
            if quality.reorders { tally.overtaken += 1 } else { arrival = last }
        }
        lastArrivals[receiver - 1][sender - 1] = max(arrival, last)
        let position = flights.lastIndex { $0.arrival > arrival }.map { $0 + 1 } ?? 0
        flights.insert(
            Flight(arrival: arrival, sender: sender, receiver: receiver, datagram: datagram), at: position)
    }
}
