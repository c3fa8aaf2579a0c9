import Chance
import Wire

/// A fingerprint of everything that happened, in order: equal for the same seed in every process.
///
/// `Hasher` is seeded anew by each process, so it cannot serve.
public struct TraceHash: Hashable, Sendable {
    public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    public init() {}

    /// Takes in one thing that happened: when, where, and what as numbers.
    mutating func add(_ time: Instant, _ host: Int, _ what: UInt64, _ detail: UInt64 = 0) {
        mix(UInt64(bitPattern: time.nanoseconds))
        mix(UInt64(host) << 32 | what)
        mix(detail)
    }

    private mutating func mix(_ word: UInt64) {
        value = SeededGenerator.scrambled(value ^ word) &* 0x0000_0100_0000_01b3
    }
}

extension TraceHash: CustomStringConvertible {
    /// Sixteen hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
