import Wire

/// Lets one line per second through, so that a stream of bad packets cannot fill a disk.
struct LogLimiter: Hashable, Sendable {
    private var quietUntil: Instant?
    private var suppressed = 0

    /// The line to write, which owns up to those left out before it; nil when it is too early for one.
    mutating func admit(_ text: String, at now: Instant) -> String? {
        if let quietUntil, now < quietUntil {
            suppressed += 1
            return nil
        }
        defer { suppressed = 0 }
        quietUntil = now + .seconds(1)
        return suppressed == 0 ? text : "\(text) (\(suppressed) more before this one)"
    }
}
