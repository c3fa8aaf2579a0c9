import CLinux
import Glibc

/// A second as the machine's clock on the wall shows it.
public struct LocalTime: Hashable, Sendable {
    public var year: Int
    /// 1...12.
    public var month: Int
    public var day: Int
    /// 0 is Sunday.
    public var weekday: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    /// What the machine's clock is ahead of UTC, in seconds.
    public var aheadOfUTC = 0

    public init(year: Int, month: Int, day: Int, weekday: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.weekday = weekday
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Converts seconds since 1970 by the local rules (`TZ`, `/etc/localtime`).
    public init(secondsSince1970: Int64) {
        var time = time_t(secondsSince1970)
        var parts = unsafe tm()
        unsafe localtime_r(&time, &parts)
        unsafe self.init(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            weekday: Int(parts.tm_wday), hour: Int(parts.tm_hour), minute: Int(parts.tm_min),
            second: Int(parts.tm_sec))
        aheadOfUTC = unsafe Int(parts.tm_gmtoff)
    }
}
