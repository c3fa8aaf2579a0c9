import Testing
import Wire

@testable import VRRPCore

@Suite("Deadlines of many")
struct DeadlineQueueTests {
    @Test("It knows the earliest, and who is due in what order, after any changes")
    func model() {
        var generator = SplitMix(state: 7)
        var model: [Instant?] = Array(repeating: nil, count: 40)
        var queue = DeadlineQueue(model)
        for _ in 0..<4_000 {
            let index = Int(generator.next() % 40)
            let number = generator.next() % 60
            model[index] = number < 10 ? nil : Instant(nanoseconds: Int64(number))
            queue.set(index, to: model[index])
            #expect(queue.earliest == model.compactMap(\.self).min())
            let now = Instant(nanoseconds: Int64(generator.next() % 60))
            let due = model.indices.filter { model[$0].map { $0 <= now } ?? false }
            #expect(queue.due(at: now) == due.sorted { (model[$0]!, $0) < (model[$1]!, $1) })
        }
    }

    @Test("Equal deadlines make equal queues, however they came about")
    func equality() {
        var queue = DeadlineQueue([nil, nil, nil])
        for (index, nanoseconds) in [(2, 5), (0, 7), (1, 6), (0, 3)] as [(Int, Int64)] {
            queue.set(index, to: Instant(nanoseconds: nanoseconds))
        }
        let other = DeadlineQueue([3, 6, 5].map { Instant(nanoseconds: $0) })
        #expect(queue == other)
        #expect(queue.hashValue == other.hashValue)
        queue.set(2, to: nil)
        #expect(queue != other)
    }
}

/// Numbers that look random and are the same every time.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
