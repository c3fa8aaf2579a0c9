import Wire

/// What a master puts in place, and takes away, when it is told something new.
extension VirtualRouter {
    /// Reigns on under another configuration, or ends the reign under the old one if the new one forbids it.
    mutating func persist(
        _ active: Active, under conditions: Conditions, as told: VirtualRouterConfiguration, at now: Instant
    ) -> [RouterAction] {
        let former = configuration
        guard told != former, !conditions.areFaulty else {
            let actions = persist(under: conditions, at: now)
            return actions + adopt(conditions, as: told)
        }
        let notes = adopt(conditions, as: told)
        let policy = told.announcement
        let added = told.allAddresses.filter { !former.allAddresses.contains($0) }
        var active = active
        if policy.refresh != former.announcement.refresh
            || policy.otherInterfacesRefresh != former.announcement.otherInterfacesRefresh
        {
            active.announcement.restartRefresh(at: now, under: policy)
        }
        if !added.isEmpty { active.announcement.addedAddresses(at: now, under: policy) }
        let advertisement = reassert(&active, at: now)
        state = .active(active)
        return advertisement + notes + replaceAddresses(of: former, adding: added) + replaceRoutes(of: former)
            + announce(added, policy.repeatCount)
    }

    /// Installs what is new. An address that changes in any other way than its place must go before it comes.
    private func replaceAddresses(
        of former: VirtualRouterConfiguration, adding added: [VirtualAddress]
    ) -> [RouterAction] {
        let places = Set(added.map(\.place))
        let outdated = former.allAddresses.filter {
            places.contains($0.place) && !configuration.allAddresses.contains($0)
        }
        let isRenamed = former.name != configuration.name
        // The host must learn again for whom it holds the addresses, and for how long.
        let isHeldAnew = isRenamed || former.addressLease != configuration.addressLease
        let installed = isHeldAnew ? configuration.allAddresses : added
        var actions: [RouterAction] = []
        if former.shields, isRenamed || !configuration.shields {
            actions.append(.unshield(former.allAddresses, router: former.name))
        }
        let shielded = former.shields && !isRenamed ? added : configuration.allAddresses
        if configuration.shields, !shielded.isEmpty {
            actions.append(.shield(shielded, router: configuration.name))
        }
        if !outdated.isEmpty { actions.append(.remove(outdated, router: former.name)) }
        if !installed.isEmpty { actions.append(.install(installed, router: configuration.name)) }
        return actions
    }

    /// Routes and rules that are gone go before those that are new come: they may be for the same destination.
    private func replaceRoutes(of former: VirtualRouterConfiguration) -> [RouterAction] {
        let isRenamed = former.name != configuration.name
        func difference<Item: Hashable>(_ items: [Item], _ others: [Item]) -> [Item] {
            isRenamed ? items : items.filter { !others.contains($0) }
        }
        let goneRoutes = difference(former.routes, configuration.routes)
        let goneRules = difference(former.rules, configuration.rules)
        let newRoutes = difference(configuration.routes, former.routes)
        let newRules = difference(configuration.rules, former.rules)
        var actions: [RouterAction] = []
        if !goneRoutes.isEmpty || !goneRules.isEmpty {
            actions.append(.removeRoutes(goneRoutes, goneRules, router: former.name))
        }
        if !newRoutes.isEmpty || !newRules.isEmpty {
            actions.append(.installRoutes(newRoutes, newRules, router: configuration.name))
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
        let lines = gone.map { address in
            RouterAction.log(
                LogEntry(.notice, "ip address \(address.prefix) dev \(address.interface), no longer exist"))
        }
        let isShielded = former.configuration.shields && configuration.shields && !isRenamed
        return lines + [.remove(removed, router: former.configuration.name)]
            + (isShielded ? [.unshield(removed, router: former.configuration.name)] : [])
    }
}
