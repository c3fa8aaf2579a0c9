/// When and how often gratuitous ARPs or unsolicited neighbor advertisements are sent (`garp_*`).
public struct AnnouncementPolicy: Hashable, Sendable {
    /// Packets per address in a burst (`garp_master_repeat`); at least 1.
    public var repeatCount = 5
    /// From the first burst to the second; zero means no second burst (`garp_master_delay`).
    public var delay: Duration = .seconds(5)
    /// Between periodic announcements of a master; nil means none (`garp_master_refresh`).
    public var refresh: Duration?
    /// Packets per address of a periodic announcement (`garp_master_refresh_repeat`).
    public var refreshRepeatCount = 1
    /// Packets per address after a lower-priority advertisement; nil means `repeatCount` (`garp_lower_prio_repeat`).
    public var lowerPriorityRepeatCount: Int?
    /// From that burst to the one after it; nil means `delay` (`garp_lower_prio_delay`).
    public var lowerPriorityDelay: Duration?
    /// Between announcements on interfaces other than the router's own; nil means none (`garp_extra_if`).
    public var otherInterfacesRefresh: Duration?

    public init() {}
}
