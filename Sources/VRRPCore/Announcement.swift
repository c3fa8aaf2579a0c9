import Wire

/// When a master tells its neighbors where the addresses are.
///
/// Bursts that are repeated once and a slow refresh are keepalived's `garp_*`; of repetitions only that of the last
/// burst is pending. When another router claimed the addresses too, its own announcements may have come last: then the
/// burst comes again, soon and a second later, so that the last word is always the winner's.
struct Announcement: Hashable, Sendable {
    /// The second half of a burst.
    struct Repetition: Hashable, Sendable {
        var at: Instant
        /// Packets per address.
        var count: Int
    }

    /// From a contest to the bursts after it.
    static let soon: Duration = .milliseconds(100)
    static let later: Duration = .seconds(1)

    private(set) var repetition: Repetition?
    /// The bursts that a contest calls for.
    private(set) var afterContest: [Repetition] = []
    private(set) var refreshAt: Instant?
    /// The refresh on interfaces other than the router's own.
    private(set) var otherRefreshAt: Instant?
    /// A contest before this is not answered at once: a burst is pending.
    private var quietUntil: Instant?

    /// Begins with the burst of a new master, sent now.
    init(beginningAt now: Instant, under policy: AnnouncementPolicy, isContested: Bool = false) {
        scheduleRepetition(of: policy.repeatCount, after: policy.delay, at: now)
        restartRefresh(at: now, under: policy)
        if isContested {
            scheduleBursts(of: policy.repeatCount, at: now + Self.soon, and: now + Self.later)
        }
    }

    /// Notes that another router claimed the addresses. Returns how many packets per address are to be sent now.
    mutating func answerContest(at now: Instant, under policy: AnnouncementPolicy) -> Int {
        let count = policy.lowerPriorityCount
        guard count > 0 else { return 0 }
        scheduleRepetition(of: count, after: policy.lowerPriorityDelay ?? policy.delay, at: now)
        if let quietUntil, now < quietUntil, let pending = afterContest.first {
            // What is pending stays where it is, or rivals that never fall silent would put it off for ever.
            scheduleBursts(of: count, at: min(pending.at, now + Self.soon), and: now + Self.later)
            return 0
        }
        scheduleBursts(of: count, at: now + Self.soon, and: now + Self.later)
        quietUntil = now + Self.soon
        return count
    }

    /// Notes a burst for addresses that came later, sent now.
    mutating func addedAddresses(at now: Instant, under policy: AnnouncementPolicy) {
        scheduleRepetition(of: policy.repeatCount, after: policy.delay, at: now)
    }

    /// Begins another period of the slow refreshes.
    mutating func restartRefresh(at now: Instant, under policy: AnnouncementPolicy) {
        refreshAt = policy.refresh.period.map { now + $0 }
        otherRefreshAt = policy.otherInterfacesRefresh.period.map { now + $0 }
    }

    var nextDeadline: Instant? {
        var next = repetition?.at
        for candidate in [afterContest.first?.at, refreshAt, otherRefreshAt] {
            if let candidate { next = next.map { min($0, candidate) } ?? candidate }
        }
        return next
    }

    /// The bursts that are due, as packets per address, and their successors scheduled.
    mutating func burstsDue(at now: Instant, under policy: AnnouncementPolicy) -> [Int] {
        var counts: [Int] = []
        // Bursts that are late together are one.
        var count = 0
        while let due = afterContest.first, due.at <= now {
            afterContest.removeFirst()
            count = max(count, due.count)
            quietUntil = now + Self.soon
        }
        if let due = repetition, due.at <= now {
            repetition = nil
            count = max(count, due.count)
        }
        if count > 0 { counts.append(count) }
        if let due = refreshAt, due <= now, let refresh = policy.refresh.period {
            refreshAt = due.nextBeat(every: refresh, after: now)
            counts.append(policy.refreshRepeatCount)
        }
        return counts
    }

    /// Whether the addresses on other interfaces are due, and their next time scheduled.
    mutating func otherRefreshIsDue(at now: Instant, under policy: AnnouncementPolicy) -> Bool {
        guard let due = otherRefreshAt, due <= now, let period = policy.otherInterfacesRefresh.period else {
            return false
        }
        otherRefreshAt = due.nextBeat(every: period, after: now)
        return true
    }

    private mutating func scheduleRepetition(of count: Int, after delay: Duration, at now: Instant) {
        guard delay > .zero, count > 0 else { return }
        repetition = Repetition(at: now + delay, count: count)
    }

    private mutating func scheduleBursts(of count: Int, at soon: Instant, and later: Instant) {
        afterContest = [Repetition(at: soon, count: count), Repetition(at: later, count: count)]
    }
}

extension AnnouncementPolicy {
    /// Packets per address after a lower-priority advertisement; zero sends none.
    var lowerPriorityCount: Int { lowerPriorityRepeatCount ?? repeatCount }
}

extension Duration? {
    /// A period of zero is no period.
    fileprivate var period: Duration? { flatMap { $0 > .zero ? $0 : nil } }
}
