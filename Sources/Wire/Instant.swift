/// A point on the kernel's monotonic clock, in nanoseconds since boot.
///
/// Nothing in the pure half reads a clock: a host passes the instant in, so simulator and daemon run the same code.
public struct Instant: InstantProtocol, Hashable, Sendable, Codable {
    /// Nanoseconds since the clock's zero.
    public var nanoseconds: Int64

    /// The clock's own zero: for labs, whose clock is the kernel's `CLOCK_MONOTONIC`, about the boot of the host.
    public static let zero = Instant(nanoseconds: 0)

    /// An instant by its distance from the clock's zero.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds + duration.nanoseconds)
    }

    public func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds - nanoseconds)
    }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant so much later.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        instant.advanced(by: duration)
    }

    /// The instant so much earlier.
    public static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(nanoseconds: instant.nanoseconds - duration.nanoseconds)
    }

    /// The time from the right instant to the left; negative when the left is earlier.
    public static func - (later: Instant, earlier: Instant) -> Duration {
        earlier.duration(to: later)
    }
}

extension Duration {
    /// Whole nanoseconds, the rest cut off; durations beyond 292 years are out of range.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    /// The same length as a fraction of seconds, for people and JSON.
    public var inSeconds: Double {
        Double(nanoseconds) / 1e9
    }
}
