import Wire

/// Lets one line per period through, so that a stream of packets cannot fill a disk.
struct LogLimiter: Hashable, Sendable {
    private let period: Duration
    private var quietUntil: Instant?
    private var suppressed = 0

    init(period: Duration = .seconds(1)) {
        self.period = period
    }

    /// The line to write, which owns up to those left out before it; nil when it is too early for one.
    mutating func admit(_ text: @autoclosure () -> String, at now: Instant) -> String? {
        if let quietUntil, now < quietUntil {
            suppressed += 1
            return nil
        }
        defer { suppressed = 0 }
        quietUntil = now + period
        return suppressed == 0 ? text() : "\(text()) (\(suppressed) more before this one)"
    }
}
