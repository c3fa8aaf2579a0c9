import CLinux
import Glibc
import Wire

/// The only reader of clocks.
public enum MonotonicClock {
    /// Nanoseconds since boot, never set back, standing still while the machine is suspended.
    public static var now: Instant {
        Instant(nanoseconds: read(CLOCK_MONOTONIC))
    }

    /// What must be added to an instant to get nanoseconds since 1970. Read anew each time: the wall clock may be set.
    public static var offsetToRealTime: Int64 {
        let before = read(CLOCK_MONOTONIC)
        let wall = read(CLOCK_REALTIME)
        return wall - (before + read(CLOCK_MONOTONIC)) / 2
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
