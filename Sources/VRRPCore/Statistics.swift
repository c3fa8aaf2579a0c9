/// What a virtual router has counted since the daemon began, in the groups of keepalived's statistics file.
public struct Statistics: Hashable, Sendable {
    /// Advertisements that passed every check, resignations among them.
    public var advertisementsReceived = 0
    /// One per advertisement, however many peers it went to.
    public var advertisementsSent = 0
    /// How often the router entered MASTER.
    public var becameMaster = 0
    /// How often the router left MASTER, for whatever reason.
    public var releasedMaster = 0
    /// Resignations heard; also counted in `advertisementsReceived`.
    public var priorityZeroReceived = 0
    /// Resignations sent; also counted in `advertisementsSent`.
    public var priorityZeroSent = 0
    /// Packets thrown away, by kind; kinds never seen are absent.
    public var discards: [Discard.Counter: Int] = [:]

    /// Nothing counted yet.
    public init() {}
}

extension Router {
    /// Counts from zero again, in every virtual router; nothing else changes (keepalived's signal STATS_CLEAR).
    public mutating func clearStatistics() {
        for index in virtualRouters.indices { virtualRouters[index].statistics = Statistics() }
    }
}
