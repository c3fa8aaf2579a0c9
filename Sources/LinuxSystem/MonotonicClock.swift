import CLinux
import Glibc
import Wire

/// The only reader of clocks.
public enum MonotonicClock {
    /// Nanoseconds since boot, never set back, standing still while the machine is suspended.
    public static var now: Instant {
        Instant(nanoseconds: read(CLOCK_MONOTONIC))
    }

    /// What must be added to an instant to get nanoseconds since 1970.
    public static var offsetToRealTime: Int64 { measureOffsetToRealTime().nanoseconds }

    /// What must be added to an instant to get nanoseconds since 1970, and how far that may be off either way.
    ///
    /// Read anew each time: the wall clock may be set. A reading that was interrupted is thrown away.
    public static func measureOffsetToRealTime() -> (nanoseconds: Int64, uncertainty: Duration) {
        var best: (nanoseconds: Int64, width: Int64) = (0, .max)
        for _ in 0..<10 where best.width > 20_000 {
            let before = read(CLOCK_MONOTONIC)
            let wall = read(CLOCK_REALTIME)
            let after = read(CLOCK_MONOTONIC)
            if after - before < best.width { best = (wall - (before + after) / 2, after - before) }
        }
        return (best.nanoseconds, .nanoseconds(best.width / 2))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
