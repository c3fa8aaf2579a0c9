import LinuxSystem
import Wire

/// The time that a run may take as a whole.
public struct Budget: Hashable, Sendable {
    public var length: Duration
    /// When everything must have ended.
    public var end: Instant

    public init(_ length: Duration, since begin: Instant = MonotonicClock.now) {
        self.length = length
        end = begin + length
    }

    /// Whether something that takes so many seconds can end in time when it begins now.
    public func allows(seconds: Int, at now: Instant = MonotonicClock.now) -> Bool {
        now + .seconds(seconds) <= end
    }
}
