import Wire

/// Sync groups: masters together or not at all.
///
/// A fault of one member becomes a fault of all in their conditions (`SyncGroup.bind`); what is decided here is who
/// follows whom into the other two states.
extension Router {
    /// What was told of a sync group last; nil for one that has not left the start yet, or that nobody configured.
    public func state(ofGroup group: String) -> NotifiedState? {
        groups.first { $0.configuration.name == group }?.notified
    }

    /// What the world means for each of these virtual routers, in their groups.
    func conditions(of routers: [VirtualRouterConfiguration], _ groups: [SyncGroup]) -> [Conditions] {
        var conditions = routers.map { tracker.conditions(for: $0, watching: WatchList($0)) }
        for group in groups {
            let bound = self.conditions(ofGroup: group) { routers[$0] }
            for (place, condition) in zip(group.members, bound) { conditions[place] = condition }
        }
        return conditions
    }

    private func conditions(
        ofGroup group: SyncGroup, _ configuration: (Int) -> VirtualRouterConfiguration
    ) -> [Conditions] {
        let members = group.members.map(configuration)
        return group.bind(
            members.map {
                tracker.conditions(for: $0, watching: WatchList($0, in: group.configuration, of: members))
            })
    }

    /// Tells all members what the world means for them now, the faulty one first.
    mutating func reconsider(group place: Int, at now: Instant) -> [RouterAction] {
        let group = groups[place]
        let bound = zip(group.members, conditions(ofGroup: group) { virtualRouters[$0].configuration })
        let leaders = bound.filter { !$0.1.followsAnother }
        let followers = bound.filter(\.1.followsAnother)
        var actions: [RouterAction] = []
        for (member, conditions) in leaders { actions += tell(member, .conditions(conditions), at: now) }
        if !followers.isEmpty, group.notified != .fault {
            actions.append(group.log("Syncing instances to FAULT state"))
        }
        for (member, conditions) in followers { actions += tell(member, .conditions(conditions), at: now) }
        return actions + noteState(ofGroup: place)
    }

    /// What the new state of a virtual router means for the rest of its group.
    mutating func synchronize(after router: Int, at now: Instant) -> [RouterAction] {
        guard let place = index.groups[router] else { return [] }
        let others = groups[place].members.filter { $0 != router }
        switch virtualRouters[router].state {
        case .initialize: return []
        case .active: return synchronize(others, with: place, in: .takeOver, where: { $0 != .master }, at: now)
        case .backup(let backup):
            if backup.wantsToBeActive, others.allSatisfy({ virtualRouters[$0].state.wantsToBeActive }) {
                return tell(router, .group(.takeOver), at: now)
                    + synchronize(others, with: place, in: .takeOver, where: { $0 != .master }, at: now)
            }
            // A member that a reload brought in has yielded to nobody yet.
            guard groups[place].notified == .master, backup.master != nil, !backup.wantsToBeActive else { return [] }
            return synchronize(others, with: place, in: .stepDown, where: { $0 == .master }, at: now)
        }
    }

    /// Makes the rest of a group follow, and tells of the group's new state.
    private mutating func synchronize(
        _ others: [Int], with place: Int, in event: VirtualRouter.GroupEvent,
        where mustFollow: (NotifiedState?) -> Bool,
        at now: Instant
    ) -> [RouterAction] {
        var actions: [RouterAction] = []
        let followers = others.filter { mustFollow(virtualRouters[$0].state.notified) }
        if !followers.isEmpty {
            let state = event == .takeOver ? NotifiedState.master : .backup
            actions.append(groups[place].log("Syncing instances to \(state.rawValue) state"))
        }
        for follower in followers { actions += tell(follower, .group(event), at: now) }
        return actions + noteState(ofGroup: place)
    }

    /// When a master of a group has heard a weaker one, all of the group's neighbors may have been misled.
    mutating func followContest(_ actions: [RouterAction], of router: Int, at now: Instant) -> [RouterAction] {
        guard let place = index.groups[router], actions.contains(where: \.tellsOfContest) else { return [] }
        return groups[place].members.filter { $0 != router }.flatMap { tell($0, .group(.contest), at: now) }
    }

    /// Tells of a group's state when it is another than was told last.
    mutating func noteState(ofGroup place: Int) -> [RouterAction] {
        let state = SyncGroup.state(of: groups[place].members.map { virtualRouters[$0].state.notified })
        guard let state, state != groups[place].notified else { return [] }
        groups[place].notified = state
        return [groups[place].transition(state)]
    }
}

extension RouterAction {
    fileprivate var tellsOfContest: Bool {
        guard case .transition(let transition) = self else { return false }
        return transition.state == .receivedLowerPriority
    }
}

extension VirtualRouter.State {
    /// Whether the router is active, or would be if it were alone.
    fileprivate var wantsToBeActive: Bool {
        switch self {
        case .initialize: false
        case .backup(let backup): backup.wantsToBeActive
        case .active: true
        }
    }
}
