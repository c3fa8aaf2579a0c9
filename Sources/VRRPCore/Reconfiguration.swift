import Wire

/// A reload, as keepalived does it: nothing that stays configured blinks.
extension Router {
    /// Takes over another configuration and returns what must be done about it, in this order.
    ///
    /// A virtual router is the same when its ID, interface and family are the same, whatever its name; it keeps its
    /// state, statistics and deadlines. A master tells its neighbors at once what has changed. Routers that are new
    /// begin as at `start`, those that are gone resign and end in FAULT. Scripts are the same when their names are. The
    /// host should tell new interfaces before. Before `start` nothing is to be done; after `stop` nothing has an
    /// effect.
    public mutating func reconfigure(_ configuration: RouterConfiguration, at now: Instant) -> [RouterAction] {
        guard phase != .stopped else { return [] }
        tracker.replaceScripts(configuration.scripts)
        defer { indexRouters() }
        var former = virtualRouters
        virtualRouters = []
        guard phase == .running else {
            virtualRouters = configuration.virtualRouters.map { VirtualRouter($0) }
            return []
        }
        var actions: [RouterAction] = []
        // An address may move from one router to another: it is taken away only when nobody puts it in place any more.
        var removals: [RouterAction] = []
        for told in configuration.virtualRouters {
            let counterpart = former.firstIndex { $0.configuration.key == told.key }.map { former.remove(at: $0) }
            var router = counterpart ?? VirtualRouter(told)
            let conditions = tracker.conditions(for: told)
            actions += router.handle(
                counterpart == nil ? .startup(conditions) : .configuration(told, conditions), at: now)
            if let counterpart { removals += router.leaveBehind(counterpart) }
            virtualRouters.append(router)
        }
        for index in former.indices { removals += former[index].handle(.deletion, at: now) }
        return actions + removals
    }
}

extension VirtualRouter {
    /// Reigns on under another configuration, or ends the reign under the old one if the new one forbids it.
    mutating func persist(
        _ active: Active, under conditions: Conditions, as told: VirtualRouterConfiguration, at now: Instant
    ) -> [RouterAction] {
        let former = configuration
        guard told != former, !conditions.areFaulty else {
            let actions = persist(under: conditions)
            configuration = told
            return actions
        }
        let notes = adopt(conditions, as: told)
        let policy = told.announcement
        let added = told.allAddresses.filter { !former.allAddresses.contains($0) }
        var active = active
        if policy.refresh != former.announcement.refresh {
            active.announcement.restartRefresh(at: now, under: policy)
        }
        if !added.isEmpty { active.announcement.addedAddresses(at: now, under: policy) }
        return reassert(active, at: now) + notes + replaceAddresses(of: former, adding: added)
    }

    /// Installs what is new. An address that only changes its prefix length, label or scope must go before it comes.
    private func replaceAddresses(
        of former: VirtualRouterConfiguration, adding added: [VirtualAddress]
    ) -> [RouterAction] {
        let places = Set(added.map(\.place))
        let outdated = former.allAddresses.filter {
            places.contains($0.place) && !configuration.allAddresses.contains($0)
        }
        // Under another name the host must learn again for whom it holds the addresses.
        let installed = former.name == configuration.name ? added : configuration.allAddresses
        var actions: [RouterAction] = []
        if !outdated.isEmpty { actions.append(.remove(outdated, router: former.name)) }
        if !installed.isEmpty { actions.append(.install(installed, router: configuration.name)) }
        if !added.isEmpty {
            actions.append(
                .announce(added, count: configuration.announcement.repeatCount, router: configuration.name))
        }
        return actions
    }

    /// What a master takes away that it had under a former configuration and has no longer.
    func leaveBehind(_ former: VirtualRouter) -> [RouterAction] {
        guard case .active = former.state, case .active = state else { return [] }
        let places = Set(configuration.allAddresses.map(\.place))
        let gone = former.configuration.allAddresses.filter { !places.contains($0.place) }
        let isRenamed = former.configuration.name != configuration.name
        let removed = isRenamed ? former.configuration.allAddresses : gone
        guard !removed.isEmpty else { return [] }
        return gone.map { address in
            .log(LogEntry(.notice, "ip address \(address.prefix) dev \(address.interface), no longer exist"))
        } + [.remove(removed, router: former.configuration.name)]
    }
}
