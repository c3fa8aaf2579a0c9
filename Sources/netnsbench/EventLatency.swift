import Glibc
import LinuxSystem
import Netlink
import NetnsKit
import Synchronization
import Timeline
import Wire

/// How long it takes until something that happens in a node is in the record, and until who waits for it goes on.
struct EventLatency {
    var runs: Int

    /// When the record was first looked at with the event in it.
    private final class Sighting: Sendable {
        private let time = Mutex<Instant?>(nil)

        func note() {
            time.withLock { $0 = $0 ?? MonotonicClock.now }
        }

        var instant: Instant? { time.withLock { $0 } }
    }

    func figures() async throws -> [Figure] {
        let topology = Topology(
            (1...2).map {
                NodeDescription(
                    "node\($0)", [InterfaceDescription("eth0", on: "lan", ["\(address(ofNode: $0))/16"])])
            })
        return try await Lab.run(topology) { lab in
            let polled = Tool.path(of: "ip").map { PolledAddresses(program: $0, runs: min(runs, 20)) }
            let dumped = Tool.path(of: "tcpdump").map { DumpedFrames(program: $0, runs: min(runs / 10, 8)) }
            let own = try await addressEvents(lab) + frameEvents(lab)
            return try await own + (polled?.figures(lab) ?? []) + (dumped?.figures(lab) ?? [])
        }
    }

    private func addressEvents(_ lab: Lab) async throws -> [Figure] {
        let node = lab["node1"]
        let index = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.link(named: "eth0").index
        }
        return try await measure("address added", lab) { number in
            let prefix = try prefix(ofRun: number)
            return (
                {
                    try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                        try routes.addAddress(AddressRecord(prefix, interfaceIndex: index))
                    }
                },
                { event in event.kind == .addressAdded(prefix, interface: "eth0") }
            )
        }
    }

    private func frameEvents(_ lab: Lab) async throws -> [Figure] {
        let node = lab["node1"]
        return try await measure("frame sent", lab) { number in
            let digits = Array("\(number)".utf8)
            let payload = digits + [UInt8](repeating: 0, count: 60 - digits.count)
            let frame = [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1] + [0x88, 0xb5] + payload
            return (
                { try node.send(frame, over: "eth0") },
                { event in
                    guard case .frame(let captured) = event.kind, captured.direction == .sent else { return false }
                    return captured.octets == frame
                }
            )
        }
    }

    /// Acts once the waiter waits. The time of a frame is the kernel's; of all else, that of the act.
    private func measure(
        _ what: String, _ lab: Lab,
        _ prepare: (Int) throws -> (act: () throws -> Void, matches: @Sendable (TimelineEvent) -> Bool)
    ) async throws -> [Figure] {
        var recorded: [Duration] = []
        var seen: [Duration] = []
        for number in 0..<runs {
            let (act, matches) = try prepare(number)
            let (waiting, sighting) = (Latch(), Sighting())
            // There is something to look at when the wait begins.
            let start = lab.step("\(what), \(number)")
            async let found = Self.expect(lab, start, waiting, sighting, matches)
            await Self.wait(for: waiting)
            var begin = MonotonicClock.now
            try act()
            let (event, end) = try await found
            if event.frame != nil { begin = event.time }
            seen.append(end - begin)
            if let instant = sighting.instant { recorded.append(instant - begin) }
        }
        return [("until recorded", recorded), ("until seen", seen)].map { name, durations in
            Figure(
                subject: "events", contestant: "ours", circumstances: what, name: name, unit: "us",
                sample: Sample(durations, in: .microseconds(1)))
        }
    }

    /// Returns when its own code goes on.
    private static func expect(
        _ lab: Lab, _ start: Instant, _ waiting: Latch, _ sighting: Sighting,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> (TimelineEvent, Instant) {
        let event = try await lab.expect("it is seen", within: .seconds(5), since: start) { event in
            waiting.open()
            guard matches(event) else { return false }
            sighting.note()
            return true
        }
        return (event, MonotonicClock.now)
    }

    private static func wait(for latch: Latch) async {
        await withCheckedContinuation { continuation in
            startThread(named: "bench-latch") {
                latch.wait()
                continuation.resume()
            }
        }
    }
}

/// An address that no node has.
func prefix(ofRun number: Int) throws -> IPPrefix {
    let text = "10.7.\(number / 250).\(number % 250 + 1)/32"
    guard let prefix = IPPrefix(text) else { throw SystemError("read \(text)", code: EINVAL) }
    return prefix
}

/// What those learn who ask a program every tenth of a second.
struct PolledAddresses {
    var program: String
    var runs: Int
    private static let period: Duration = .milliseconds(100)

    /// Each address comes at another moment of the period.
    func figures(_ lab: Lab) async throws -> [Figure] {
        let node = lab["node1"]
        let index = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.link(named: "eth0").index
        }
        var delays: [Duration] = []
        for number in 0..<runs {
            let prefix = try prefix(ofRun: 10_000 + number)
            let first = Self.period * number / runs
            try await lab.expectNever("it is time", for: first, since: MonotonicClock.now) { _ in false }
            let begin = MonotonicClock.now
            var next = begin + Self.period - first
            try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                try routes.addAddress(AddressRecord(prefix, interfaceIndex: index))
            }
            repeat {
                let now = MonotonicClock.now
                if next > now {
                    try await lab.expectNever("it is time", for: next - now, since: now) { _ in false }
                }
                next = next + Self.period
            } while try await node.run(program, ["addr", "show", "dev", "eth0"])?.lines.contains {
                $0.contains("\(prefix.address)/")
            } != true
            delays.append(MonotonicClock.now - begin)
        }
        return [
            Figure(
                subject: "events", contestant: "ip addr, every 100 ms", circumstances: "address added",
                name: "until seen", unit: "us", sample: Sample(delays, in: .microseconds(1)))
        ]
    }
}
