import Testing
import VRRPCore
import Wire

/// Two masters whose link has healed: every order in which packets and deadlines can meet from then on.
private struct Healing {
    /// What one of the two said on the wire.
    enum Word: Hashable {
        case advertisement, announcement
    }

    var routers: [Router]
    var now: Instant
    var inFlight: [(to: Int, datagram: Datagram)] = []
    var words: [(router: Int, word: Word)] = []
    /// How much had been said when somebody last yielded.
    var wordsUntilYield: Int?

    init(_ configurations: [VirtualRouterConfiguration]) {
        routers = configurations.map { Router(RouterConfiguration(virtualRouters: [$0])) }
        now = .zero
        for (index, address) in [IPv4Address(10, 9, 0, 10), IPv4Address(10, 9, 0, 11)].enumerated() {
            tell(.interface("eth0", InterfaceState(isUp: true, primaryIPv4: address)), index)
            tell(.start, index)
        }
        // Neither hears the other, until both are masters.
        for _ in 0..<20 { expire() }
        inFlight = []
        words = []
    }

    mutating func tell(_ event: RouterEvent, _ index: Int) {
        let before = states[index]
        for action in routers[index].handle(event, at: now) {
            switch action {
            case .announce: words.append((index, .announcement))
            case .transmit(let transmission):
                words.append((index, .advertisement))
                let datagram = Datagram(
                    interface: "eth0", source: transmission.source, destination: transmission.destinations[0],
                    hopLimit: 255, payload: transmission.payloads[0])
                inFlight.append((1 - index, datagram))
            default: break
            }
        }
        if before == "MASTER", states[index] == "BACKUP" { wordsUntilYield = words.count }
    }

    mutating func expire() {
        guard let next = routers.compactMap(\.nextDeadline).min() else { return }
        now = max(now, next)
        for index in routers.indices where routers[index].nextDeadline.map({ $0 <= now }) == true {
            tell(.deadline, index)
        }
    }

    mutating func deliver(_ place: Int) {
        let packet = inFlight.remove(at: place)
        tell(.datagram(packet.datagram), packet.to)
    }

    var states: [String] { routers.map { $0.virtualRouters[0].state.description } }

    /// From here on packets have one order; four seconds bring every last word.
    func settled() -> Healing {
        var healing = self
        let end = now + .seconds(4)
        while healing.now < end {
            while !healing.inFlight.isEmpty { healing.deliver(0) }
            healing.expire()
        }
        return healing
    }
}

@Suite("Two masters that hear each other again")
struct HealingTests {
    /// Every choice among the packets in flight and the next deadline, to a depth; then the rest in order.
    private func explore(_ healing: Healing, depth: Int, _ check: (Healing) -> Void) {
        guard depth > 0 else { return check(healing.settled()) }
        var next = healing
        next.expire()
        explore(next, depth: depth - 1, check)
        for place in healing.inFlight.indices {
            var next = healing
            next.deliver(place)
            explore(next, depth: depth - 1, check)
        }
    }

    @Test(
        "In any order of packets the winner announces last, and the loser says nothing after it has yielded",
        arguments: [(150, 100, 0), (100, 150, 1), (100, 100, 1), (255, 255, 1)] as [(UInt8, UInt8, Int)])
    func orders(first: UInt8, second: UInt8, winner: Int) {
        let priorities = [first, second]
        let start = Healing(priorities.map { .tutorial(.v3, priority: $0) })
        #expect(start.states == ["MASTER", "MASTER"])
        var count = 0
        explore(start, depth: 7) { end in
            count += 1
            let loser = 1 - winner
            #expect(end.states[winner] == "MASTER")
            #expect(end.states[loser] == "BACKUP")
            let lastOfLoser = end.words.lastIndex { $0.router == loser } ?? -1
            let lastAnnouncement = end.words.lastIndex { $0.router == winner && $0.word == .announcement } ?? -1
            #expect(lastAnnouncement > lastOfLoser)
            #expect(end.wordsUntilYield.map { lastOfLoser < $0 } == true)
        }
        #expect(count > 100)
    }
}
