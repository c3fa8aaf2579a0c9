import Wire

/// When a master tells its neighbors where the addresses are: bursts that are repeated once, and a slow refresh.
///
/// keepalived's `garp_*`. Only one repetition is pending at a time: that of the last burst that has one.
struct Announcement: Hashable, Sendable {
    /// The second half of a burst.
    struct Repetition: Hashable, Sendable {
        var at: Instant
        /// Packets per address.
        var count: Int
    }

    private(set) var repetition: Repetition?
    private(set) var refreshAt: Instant?

    /// Begins with the burst of a new master, sent now.
    init(beginningAt now: Instant, under policy: AnnouncementPolicy) {
        scheduleRepetition(of: policy.repeatCount, after: policy.delay, at: now)
        restartRefresh(at: now, under: policy)
    }

    /// Notes a burst that answers a lower-priority master, sent now.
    mutating func answeredLowerPriority(at now: Instant, under policy: AnnouncementPolicy) {
        scheduleRepetition(
            of: policy.lowerPriorityCount, after: policy.lowerPriorityDelay ?? policy.delay, at: now)
    }

    /// Notes a burst for addresses that came later, sent now.
    mutating func addedAddresses(at now: Instant, under policy: AnnouncementPolicy) {
        scheduleRepetition(of: policy.repeatCount, after: policy.delay, at: now)
    }

    /// Begins another period of the slow refresh.
    mutating func restartRefresh(at now: Instant, under policy: AnnouncementPolicy) {
        refreshAt = policy.effectiveRefresh.map { now + $0 }
    }

    var nextDeadline: Instant? {
        [repetition?.at, refreshAt].compactMap(\.self).min()
    }

    /// The bursts that are due, as packets per address, and their successors scheduled.
    mutating func burstsDue(at now: Instant, under policy: AnnouncementPolicy) -> [Int] {
        var counts: [Int] = []
        if let due = repetition, due.at <= now {
            repetition = nil
            counts.append(due.count)
        }
        if let due = refreshAt, due <= now, let refresh = policy.effectiveRefresh {
            refreshAt = due.nextBeat(every: refresh, after: now)
            counts.append(policy.refreshRepeatCount)
        }
        return counts
    }

    private mutating func scheduleRepetition(of count: Int, after delay: Duration, at now: Instant) {
        guard delay > .zero, count > 0 else { return }
        repetition = Repetition(at: now + delay, count: count)
    }
}

extension AnnouncementPolicy {
    /// Packets per address after a lower-priority advertisement; zero sends none.
    var lowerPriorityCount: Int { lowerPriorityRepeatCount ?? repeatCount }

    /// A period of zero is no period.
    fileprivate var effectiveRefresh: Duration? { refresh.flatMap { $0 > .zero ? $0 : nil } }
}
