import Wire

/// How long a backup waits for a silent master: the two formulas of the protocol, exact to the nanosecond.
struct ProtocolTimers: Hashable, Sendable {
    var version: VRRPVersion
    var priority: Priority
    /// The master's advertisement interval; until one was heard, our own.
    var masterInterval: Duration
    var downTimerAdvertisements: Int

    /// The head start of stronger backups over weaker ones, and all the time that passes after a resignation.
    var skewTime: Duration {
        let unit: Duration =
            switch version {
            // RFC 3768 §6.1: ((256 - Priority) / 256), in seconds whatever the interval.
            case .v2: .seconds(1)
            // RFC 9568 §6.1: (((256 - Priority) * Active_Adver_Interval) / 256).
            case .v3: masterInterval
            }
        return unit * (256 - Int(priority.rawValue)) / 256
    }

    /// RFC 9568 §6.1: (3 * Active_Adver_Interval) + Skew_time, where keepalived lets the 3 be chosen.
    var activeDownInterval: Duration {
        masterInterval * downTimerAdvertisements + skewTime
    }

    func differOnlyInPriority(from other: ProtocolTimers) -> Bool {
        var other = other
        other.priority = priority
        return self == other
    }
}

extension Instant {
    /// The next beat of a periodic timer that was due at this instant.
    ///
    /// A timer served late keeps its rhythm; one that missed a whole beat starts a new rhythm instead of catching up.
    func nextBeat(every interval: Duration, after now: Instant) -> Instant {
        let next = self + interval
        return next > now ? next : now + interval
    }
}
