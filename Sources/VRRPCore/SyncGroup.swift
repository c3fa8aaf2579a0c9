/// A sync group at work: who belongs to it, and what scripts were told of it last.
struct SyncGroup: Hashable, Sendable {
    let configuration: SyncGroupConfiguration
    /// The places of its members; names that nobody has are left out.
    let members: [Int]
    /// The state of the group that was made known last.
    var notified: NotifiedState?

    init(_ configuration: SyncGroupConfiguration, places: [String: Int]) {
        self.configuration = configuration
        members = configuration.members.compactMap { places[$0] }
    }

    /// What the conditions of each member, by itself, mean in the group: all are in fault when one is, and none enters
    /// the election before all can.
    ///
    /// The first faulty one is the one who goes first.
    func bind(_ conditions: [Conditions]) -> [Conditions] {
        let culprit = conditions.firstIndex(where: \.areFaulty)
        let isWaiting = conditions.contains { !$0.blockers.isEmpty }
        return conditions.enumerated().map { index, own in
            var bound = own
            bound.followsAnother = culprit != nil && index != culprit
            if culprit != nil {
                if !own.areFaulty { bound.blockers.insert(.memberInFault(group: configuration.name)) }
            } else if isWaiting, own.blockers.isEmpty {
                bound.blockers.insert(.memberPending(group: configuration.name))
            }
            return bound
        }
    }

    /// What the states of its members make of the group; nil while they wait, or one that is new waits for the others.
    static func state(of members: [NotifiedState?]) -> NotifiedState? {
        if members.contains(.fault) { return .fault }
        guard let first = members.first, members.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// What the group means for each of its members.
    func membership(among routers: [VirtualRouterConfiguration]) -> Membership {
        Membership(
            isMixed: !members.allSatisfy { routers[$0].isEagerOwner },
            notifiesPriorityChanges: configuration.notifiesPriorityChanges)
    }

    func transition(_ state: NotifiedState) -> RouterAction {
        .transition(Transition(.group, router: configuration.name, state: state, priority: 0))
    }

    func log(_ text: String) -> RouterAction {
        .log(LogEntry(.notice, "VRRP_Group(\(configuration.name)) \(text)"))
    }
}

/// What its sync group means for a virtual router, which becomes master only together with the others.
struct Membership: Hashable, Sendable {
    /// Not everybody in the group owns its addresses: owners have no head start.
    var isMixed: Bool
    var notifiesPriorityChanges: Bool
}
