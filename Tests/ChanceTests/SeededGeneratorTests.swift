import Chance
import Testing
import Wire

/// The numbers that everything else comes from.
@Suite struct SeededGeneratorTests {
    @Test("SplitMix64 with seed 0 begins as everywhere")
    func splitMix() {
        var generator = SeededGenerator(seed: 0)
        #expect(generator.next() == 0xe220_a839_7b1d_cdaf)
        #expect(generator.next() == 0x6e78_9e6a_a1b9_65f4)
        #expect(generator.next() == 0x06c4_5d18_8009_454f)
    }

    @Test("numbers stay in their range, reach both ends, and are not far from even")
    func ranges() {
        var generator = SeededGenerator(seed: 1)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<10_000 { counts[generator.number(in: -3...6) + 3] += 1 }
        #expect(counts.allSatisfy { (850...1150).contains($0) }, "\(counts)")
        #expect((0..<1000).allSatisfy { _ in !generator.isHit(percent: 0) })
        #expect((0..<1000).allSatisfy { _ in generator.isHit(percent: 100) })
        let lengths = (0..<1000).map { _ in generator.duration(in: .milliseconds(2) ... .milliseconds(3)) }
        #expect(lengths.allSatisfy { $0 >= .milliseconds(2) && $0 <= .milliseconds(3) })
    }
}
