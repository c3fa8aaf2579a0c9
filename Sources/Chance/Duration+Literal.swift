import Wire

extension Duration {
    /// The Swift expression that makes it, in the largest unit that needs no fraction.
    public var literal: String {
        switch nanoseconds {
        case 0: ".zero"
        case let count where count % 1_000_000_000 == 0: ".seconds(\(count / 1_000_000_000))"
        case let count where count % 1_000_000 == 0: ".milliseconds(\(count / 1_000_000))"
        case let count where count % 1000 == 0: ".microseconds(\(count / 1000))"
        case let count: ".nanoseconds(\(count))"
        }
    }
}
