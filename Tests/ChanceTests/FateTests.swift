import Chance
import Testing
import Timeline
import Wire

/// What happens to a frame hangs on its key alone, for ever.
@Suite struct FateTests {
    private static func key(
        _ ordinal: Int, seed: UInt64 = 1, link: String = "node1/eth0",
        _ direction: CapturedFrame.Direction = .sent, _ frameClass: FrameClass = .vrrp, layer: Int = 0
    ) -> FateKey {
        FateKey(seed: seed, link: link, direction: direction, frameClass: frameClass, ordinal: ordinal, layer: layer)
    }

    private static func losses(
        _ share: Double, of count: Int, _ key: (Int) -> FateKey
    ) -> [Int] {
        (1...count).filter { Fate(of: key($0), length: 60, under: Impairment(loss: share)).isLost }
    }

    @Test("the frames that two seeds lose stand here, worked out by another program")
    func goldenLosses() {
        #expect(Self.losses(0.1, of: 100) { Self.key($0) } == [14, 29, 35, 41, 42, 44, 48, 86, 90])
        #expect(Self.losses(0.1, of: 100) { Self.key($0, seed: 2) } == [1, 6, 39, 54, 64, 79])
    }

    @Test("so do a delay, a doubling, a holding back and a bit")
    func goldenFates() {
        let impairment = Impairment(
            delay: .milliseconds(20), jitter: .milliseconds(5), duplication: 0.5, reordering: 0.5, corruption: 0.5)
        let fates = (1...5).map {
            Fate(of: Self.key($0, seed: 7, link: "r1/eth0", .received, .arp), length: 60, under: impairment)
        }
        #expect(fates.map(\.delay.nanoseconds) == [20_301_562, 18_480_551, 21_796_814, 17_450_285, 21_653_364])
        #expect(fates.map(\.isDuplicated) == [true, true, false, false, false])
        #expect(fates.map(\.isHeldBack) == [true, true, true, true, false])
        #expect(fates.map(\.corruptedBit) == [471, nil, 435, 377, 348])
        #expect(fates.allSatisfy { !$0.isLost })
    }

    @Test("a share of losses is that share of many frames", arguments: [0.1, 0.5])
    func distribution(share: Double) {
        let count = 100_000
        let lost = Double(Self.losses(share, of: count) { Self.key($0) }.count) / Double(count)
        #expect(abs(lost - share) < 0.003, "\(lost)")
    }

    @Test("none is never and all is always")
    func extremes() {
        #expect(Self.losses(0, of: 10_000) { Self.key($0) }.isEmpty)
        #expect(Self.losses(1, of: 10_000) { Self.key($0) }.count == 10_000)
    }

    @Test("jitter spreads evenly over its width, and no bit of the Ethernet header is ever turned over")
    func spread() {
        let impairment = Impairment(delay: .milliseconds(2), jitter: .milliseconds(2), corruption: 1)
        var counts = [Int](repeating: 0, count: 8)
        for ordinal in 1...16_000 {
            let fate = Fate(of: Self.key(ordinal), length: 15, under: impairment)
            counts[min(Int(fate.delay.nanoseconds / 500_000), 7)] += 1
            #expect((112...119).contains(fate.corruptedBit ?? 0))
        }
        // 2000 each, and five standard deviations of 42 and some either way.
        #expect(counts.allSatisfy { (1770...2230).contains($0) }, "\(counts)")
        #expect(Fate(of: Self.key(1), length: 14, under: impairment).corruptedBit == nil)
    }

    @Test("cable, direction, class, layer and seed each draw for themselves")
    func independence() {
        let count = 10_000
        let base = Set(Self.losses(0.5, of: count) { Self.key($0) })
        let others: [(Int) -> FateKey] = [
            { Self.key($0, seed: 2) }, { Self.key($0, link: "node2/eth0") }, { Self.key($0, .received) },
            { Self.key($0, .sent, .arp) }, { Self.key($0, layer: 1) },
        ]
        for other in others {
            let shared = base.intersection(Self.losses(0.5, of: count, other)).count
            // A quarter of all, five standard deviations of 43 either way.
            #expect((2283...2717).contains(shared), "\(shared)")
        }
    }

    @Test("turning one effect on leaves the others as they were, and more losses contain the fewer")
    func effects() {
        let alone = (1...2000).map { Fate(of: Self.key($0), length: 100, under: Impairment(duplication: 0.3)) }
        let together = (1...2000).map {
            Fate(
                of: Self.key($0), length: 100,
                under: Impairment(
                    loss: 0.5, delay: .milliseconds(9), jitter: .milliseconds(9), duplication: 0.3, reordering: 0.5,
                    corruption: 0.5))
        }
        #expect(alone.map(\.isDuplicated) == together.map(\.isDuplicated))
        let few = Set(Self.losses(0.1, of: 2000) { Self.key($0) })
        #expect(few.isSubset(of: Self.losses(0.2, of: 2000) { Self.key($0) }))
    }

    @Test("a selector that is narrowed leaves the fates of those it still concerns, and harms no other")
    func selectors() {
        let all = Self.losses(0.3, of: 500) { Self.key($0) }
        let only = (1...500).filter {
            Fate(of: Self.key($0), length: 60, under: Impairment(loss: 0.3, on: .only(.vrrp))).isLost
        }
        #expect(all == only)
        let third = Impairment(loss: 1, delay: .seconds(1), corruption: 1, on: .nth([3], .vrrp))
        #expect((1...500).filter { Fate(of: Self.key($0), length: 60, under: third).isLost } == [3])
        #expect(Fate(of: Self.key(3, .sent, .arp), length: 60, under: third) == .unharmed)
        let spared = Impairment(loss: 1, on: .except(.arp))
        #expect(Fate(of: Self.key(1), length: 60, under: spared).isLost)
        #expect(Fate(of: Self.key(1, .sent, .arp), length: 60, under: spared) == .unharmed)
    }
}
