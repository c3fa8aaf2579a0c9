import Wire

/// How long a group of routers takes, by the protocol's own formulas: where every bound of a lab comes from.
public struct ProtocolTimes: Hashable, Sendable {
    /// From one advertisement to the next.
    public var interval: Duration
    /// In VRRPv3 the skew scales with the interval; in v2 it is a part of one second, whatever the interval.
    public var isVersion3: Bool

    public init(interval: Duration = .seconds(1), isVersion3: Bool = false) {
        self.interval = interval
        self.isVersion3 = isVersion3
    }

    /// RFC 9568 §6.1: ((256 - priority) * interval) / 256; RFC 3768 §6.1 with one second for the interval.
    public func skew(_ priority: Int) -> Duration {
        (isVersion3 ? interval : .seconds(1)) * (256 - priority) / 256
    }

    /// RFC 9568 §6.1: three intervals and the skew, of the router that takes over.
    public func masterDown(_ priority: Int) -> Duration {
        interval * 3 + skew(priority)
    }

    /// What the wire may show for a time that the protocol gives: two milliseconds early, for clocks, and late by what
    /// waking a process costs. The slack is fixed; a host that stalls longer makes a result inconclusive.
    public func bound(_ time: Duration, late slack: Duration = .milliseconds(51)) -> ClosedRange<Duration> {
        time - .milliseconds(2)...time + slack
    }
}
