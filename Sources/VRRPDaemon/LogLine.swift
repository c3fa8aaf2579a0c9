import LinuxSystem

/// How a line is spelled where it goes.
enum LogLine {
    /// keepalived's console: the C library's `%c`, a colon, the text.
    static func console(_ text: String, at time: LocalTime) -> String {
        "\(time.calendarDate): \(printable(text))\n"
    }

    /// What `syslog(3)` sends to `/dev/log` (RFC 3164 §4.1), at the level `info`.
    static func system(
        _ text: String, at time: LocalTime, facility: LogFacility, identity: String = "Vrrpd", pid: Int32
    ) -> String {
        let date = "\(time.monthName) \(blankPadded(time.day)) \(time.clock)"
        return "<\(facility.code * 8 + 6)>\(date) \(identity)[\(pid)]: \(printable(text))"
    }

    /// A terminal must not obey what a file or a neighbor sent.
    private static func printable(_ text: String) -> String {
        // Almost every line is plain, and that is quickly seen.
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 9 }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar.properties.generalCategory == .control && scalar != "\t" ? "?" : scalar)
        }
        return String(result)
    }
}

extension LocalTime {
    /// As C's `%c` says it: `Sun Nov 22 13:53:22 2026`.
    var calendarDate: String { calendarDate(fraction: "") }

    /// The same with a fraction after the seconds, such as `.692600`.
    func calendarDate(fraction: String) -> String {
        "\(weekdayName) \(monthName) \(blankPadded(day)) \(clock)\(fraction) \(year)"
    }

    /// As headers of mails say it (RFC 5322 §3.3): `Sat, 28 Nov 2026 05:43:37 +0100`.
    var mailDate: String {
        let minutes = abs(aheadOfUTC) / 60
        let zone = (aheadOfUTC < 0 ? "-" : "+") + zeroPadded(minutes / 60) + zeroPadded(minutes % 60)
        return "\(weekdayName), \(day) \(monthName) \(year) \(clock) \(zone)"
    }

    fileprivate var clock: String { [hour, minute, second].map(zeroPadded).joined(separator: ":") }

    fileprivate var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    }

    private var weekdayName: String { ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday] }
}

private func zeroPadded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}

private func blankPadded(_ number: Int) -> String {
    number < 10 ? " \(number)" : "\(number)"
}
