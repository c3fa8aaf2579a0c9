import Testing
import VRRPCore
import Wire

/// Two routers and a wire between them that can be cut, with a delay of its own for each packet.
private struct Link {
    struct Packet {
        var at: Instant
        var to: Int
        var datagram: Datagram
    }

    var routers: [Router]
    var sources: [IPAddress] = [.ours, .higher]
    var now = Instant.zero
    var isCut = false
    var generator: SplitMix
    var packets: [Packet] = []
    /// Who announced, and when it was.
    var announcements: [(router: Int, at: Instant)] = []

    init(priorities: [UInt8], seed: UInt64, _ change: (inout VirtualRouterConfiguration) -> Void = { _ in }) {
        generator = SplitMix(state: seed)
        routers = priorities.map { priority in
            Router(RouterConfiguration(virtualRouters: [.tutorial(.v3, priority: priority, change)]))
        }
    }

    mutating func start(_ router: Int) {
        var state = InterfaceState(isUp: true)
        if case .v4(let address) = sources[router] { state.primaryIPv4 = address }
        tell(.interface("eth0", state), router)
        tell(.start, router)
    }

    mutating func tell(_ event: RouterEvent, _ router: Int) {
        for action in routers[router].handle(event, at: now) {
            switch action {
            case .announce: announcements.append((router, now))
            case .transmit(let transmission) where !isCut:
                let delay = Duration.microseconds(Int(generator.next() % 30_000))
                let datagram = Datagram(
                    interface: "eth0", source: transmission.source, destination: transmission.destinations[0],
                    hopLimit: 255, payload: transmission.payloads[0])
                packets.append(Packet(at: now + delay, to: 1 - router, datagram: datagram))
            default: break
            }
        }
    }

    /// Lets time pass, each thing in its turn; a packet overtakes a deadline at the same moment.
    mutating func run(for duration: Duration) {
        let end = now + duration
        while true {
            let packet = packets.indices.min { packets[$0].at < packets[$1].at }
            let packetAt = packet.map { packets[$0].at }
            let due = routers.indices.compactMap { index in routers[index].nextDeadline.map { (at: $0, index: index) } }
                .min { $0.at < $1.at }
            if let packet, let packetAt, packetAt <= end, due.map({ packetAt <= $0.at }) ?? true {
                now = max(now, packetAt)
                let arrived = packets.remove(at: packet)
                tell(.datagram(arrived.datagram), arrived.to)
            } else if let due, due.at <= end {
                now = max(now, due.at)
                tell(.deadline, due.index)
            } else {
                break
            }
        }
        now = end
    }

    var states: [String] { routers.map { $0.virtualRouters[0].state.description } }

    /// How long after the loser's last announcement the winner's next one came.
    var correction: Duration? {
        guard let last = announcements.last(where: { $0.router == 1 }) else { return .zero }
        return announcements.first { $0.router == 0 && $0.at >= last.at }.map { $0.at - last.at }
    }
}

@Suite("Who has the last word")
struct HandoverTests {
    @Test("After a healed partition the winner announces last, within two intervals, whichever way it was noticed")
    func partition() {
        for seed in 0..<100 as Range<UInt64> {
            var link = Link(priorities: [150, 100], seed: seed)
            link.isCut = true
            link.start(0)
            link.run(for: .milliseconds(Int(link.generator.next() % 3_000)))
            link.start(1)
            link.run(for: .milliseconds(5_000 + Int(link.generator.next() % 3_000)))
            #expect(link.states == ["MASTER", "MASTER"])
            link.isCut = false
            let healed = link.now
            link.run(for: .seconds(8))
            #expect(link.states == ["MASTER", "BACKUP"])
            let last = link.announcements.last
            #expect(last?.router == 0)
            let first = link.announcements.first { $0.router == 0 && $0.at > healed }
            #expect(first.map { $0.at - healed <= .milliseconds(1_100) } == true)
        }
    }

    @Test("When a stronger router comes, it announces within 200 ms of anything that the former master announced")
    func takeover() {
        for seed in 0..<100 as Range<UInt64> {
            var link = Link(priorities: [150, 100], seed: seed) { $0.announcement.refresh = .milliseconds(170) }
            link.start(1)
            link.run(for: .milliseconds(4_000 + Int(link.generator.next() % 1_000)))
            #expect(link.states[1] == "MASTER")
            link.start(0)
            link.run(for: .seconds(12))
            #expect(link.states == ["MASTER", "BACKUP"])
            #expect(link.correction.map { $0 <= .milliseconds(200) } == true)
        }
    }

    @Test("When two become masters at the same moment, the loser is silent for good and the winner corrects it soon")
    func race() {
        for seed in 0..<100 as Range<UInt64> {
            // Priorities so close that the weaker one does not hear the stronger one in time.
            var link = Link(priorities: [102, 100], seed: seed)
            link.start(0)
            link.start(1)
            link.run(for: .seconds(10))
            #expect(link.states == ["MASTER", "BACKUP"])
            #expect(link.correction.map { $0 <= .milliseconds(150) } == true)
        }
    }
}
