import Wire

/// Whether there are as many processes of a kind as there must be, and for long enough (`vrrp_track_process`).
struct TrackedProcess: Hashable, Sendable {
    /// Nil until they were counted.
    private(set) var isGood: Bool?
    /// When the opposite of `isGood` will have lasted.
    private(set) var changesAt: Instant?
    private let configuration: ProcessConfiguration
    private var number: Int?

    init(_ configuration: ProcessConfiguration) {
        self.configuration = configuration
    }

    /// Goes on where a process of the same name was, and judges its number anew.
    init(_ configuration: ProcessConfiguration, succeeding former: TrackedProcess?) {
        self.init(configuration)
        guard let former, let number = former.number else { return }
        if former.configuration == configuration {
            self = former
        } else {
            self.number = number
            isGood = configuration.quorum.contains(number)
        }
    }

    /// The first count decides at once. Returns whether the verdict is new.
    mutating func count(_ number: Int, at now: Instant) -> Bool {
        let isMore = number > self.number ?? 0
        self.number = number
        let isEnough = configuration.quorum.contains(number)
        guard isEnough != isGood else {
            changesAt = nil
            return false
        }
        let wait = isMore ? configuration.forkDelay : configuration.terminateDelay
        guard isGood != nil, wait > .zero else {
            isGood = isEnough
            changesAt = nil
            return true
        }
        changesAt = changesAt ?? now + wait
        return false
    }

    /// Returns whether a change has lasted and counts from now on.
    mutating func settle(at now: Instant) -> Bool {
        guard let changesAt, changesAt <= now, let isGood else { return false }
        self.isGood = !isGood
        self.changesAt = nil
        return true
    }
}
