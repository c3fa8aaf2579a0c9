import Wire

/// Random numbers that are the same for the same seed, on every machine and with every compiler: SplitMix64.
///
/// The standard library may change its way from numbers to choices; the ways here stay, so a seed keeps its story.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// Begins the story of a seed; every seed is as good as any other, zero included.
    public init(seed: UInt64) {
        state = seed
    }

    /// Begins the story that a seed has for a name, such as a scenario's: what one name draws changes no other's.
    public init(seed: UInt64, named name: String) {
        state = Self.scrambled(seed &+ 0x9e37_79b9_7f4a_7c15) ^ FateKey.hash(name)
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.scrambled(state)
    }

    /// A part of one, from 0 to just below 1.
    public mutating func share() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A whole number of a range, each with the same chance as far as 64 bits allow.
    public mutating func number(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: width).high)
    }

    /// A length of a range, to the nanosecond.
    public mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        .nanoseconds(number(in: Int(range.lowerBound.nanoseconds)...Int(range.upperBound.nanoseconds)))
    }

    /// True so many times in a hundred; 0 is never, 100 always.
    public mutating func isHit(percent: Int) -> Bool {
        number(in: 0...99) < percent
    }

    /// One of several; there must be one.
    public mutating func element<Element>(of list: [Element]) -> Element {
        list[number(in: 0...list.count - 1)]
    }

    /// A generator of its own, so that one part of a story may draw more without changing the others.
    public mutating func fork() -> SeededGenerator {
        SeededGenerator(seed: next())
    }

    /// Spreads every bit over all others.
    public static func scrambled(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
