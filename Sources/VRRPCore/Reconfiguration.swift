import Wire

/// A reload, as keepalived does it: nothing that stays configured blinks.
extension Router {
    /// Takes over another configuration and returns what must be done about it, in this order.
    ///
    /// A virtual router is the same when its ID, interface, family and way of transmission are the same, whatever its
    /// name; it keeps its state, statistics and deadlines. A master tells its neighbors at once what has changed.
    /// Routers that are new begin as at `start`, those that are gone resign and end in FAULT. Sync groups, scripts,
    /// files and processes are the same when their names are. The host should tell new interfaces before. Before
    /// `start` nothing is to be done, and while that is delayed addresses are only taken away; after `stop` nothing has
    /// an effect.
    public mutating func reconfigure(_ configuration: RouterConfiguration, at now: Instant) -> [RouterAction] {
        guard phase != .stopped else { return [] }
        tracker.adopt(configuration)
        startupDelay = configuration.startupDelay
        guard phase == .running else {
            virtualRouters = configuration.virtualRouters.map { VirtualRouter($0) }
            arrange(configuration)
            // A crashed predecessor may have left those that are new, too.
            return phase == .waiting ? [] : virtualRouters.flatMap { $0.takeAway() }
        }
        let told = configuration.virtualRouters
        let (counterparts, gone) = pair(with: told)
        virtualRouters = zip(told, counterparts).map { $1 ?? VirtualRouter($0) }
        arrange(configuration)
        let conditions = conditions(of: told, groups)
        // Under one name the former router ends before the new one begins, or its end would be the last that is heard.
        let names = Set(told.map(\.name))
        var actions = gone.filter { names.contains($0.configuration.name) }.flatMap { $0.farewell(at: now) }
        // An address may move from one router to another: it is taken away only when nobody puts it in place any more.
        var removals: [RouterAction] = []
        for (place, former) in counterparts.enumerated() {
            guard let former else {
                actions += virtualRouters[place].takeAway() + tell(place, .startup(conditions[place]), at: now)
                continue
            }
            actions += tell(place, .configuration(told[place], conditions[place]), at: now)
            removals += virtualRouters[place].leaveBehind(former)
        }
        removals += gone.filter { !names.contains($0.configuration.name) }.flatMap { $0.farewell(at: now) }
        return actions + groups.indices.flatMap { noteState(ofGroup: $0) } + removals
    }

    /// The present counterpart of each router that is told of, and those that have none in the new configuration.
    private func pair(
        with told: [VirtualRouterConfiguration]
    ) -> (counterparts: [VirtualRouter?], gone: [VirtualRouter]) {
        var places: [VirtualRouterConfiguration.Identity: [Int]] = [:]
        for (place, router) in virtualRouters.enumerated().reversed() {
            places[router.configuration.identity, default: []].append(place)
        }
        var isGone = Array(repeating: true, count: virtualRouters.count)
        let counterparts = told.map { told -> VirtualRouter? in
            guard let place = places[told.identity]?.popLast() else { return nil }
            isGone[place] = false
            return virtualRouters[place]
        }
        return (counterparts, virtualRouters.indices.filter { isGone[$0] }.map { virtualRouters[$0] })
    }
}

extension VirtualRouter {
    /// What a router does that is no longer configured.
    fileprivate func farewell(at now: Instant) -> [RouterAction] {
        var router = self
        return router.handle(.deletion, at: now)
    }
}

extension VirtualRouterConfiguration {
    /// What makes two configurations of a router one, for keepalived too.
    fileprivate struct Identity: Hashable {
        let key: Key
        let isUnicast: Bool
    }

    fileprivate var identity: Identity { Identity(key: key, isUnicast: isUnicast) }
}
