/// What a virtual router puts in place, and takes away again: addresses, then routes, then rules.
extension VirtualRouter {
    /// What the routers' host must do before it announces the addresses.
    func putInPlace() -> [RouterAction] {
        let name = configuration.name
        var actions = [log(.detail, "setting VIPs.")]
        if configuration.shields { actions.append(.shield(configuration.allAddresses, router: name)) }
        actions.append(.install(configuration.allAddresses, router: name))
        if configuration.hasRoutes {
            actions.append(.installRoutes(configuration.routes, configuration.rules, router: name))
        }
        return actions
    }

    /// The same, backwards.
    func takeAway() -> [RouterAction] {
        let name = configuration.name
        var actions = [log(.detail, "removing VIPs.")]
        if configuration.hasRoutes {
            actions.append(.removeRoutes(configuration.routes, configuration.rules, router: name))
        }
        actions.append(.remove(configuration.allAddresses, router: name))
        if configuration.shields { actions.append(.unshield(configuration.allAddresses, router: name)) }
        return actions
    }

    func announce(_ count: Int) -> [RouterAction] {
        announce(configuration.allAddresses, count)
    }

    func announce(_ addresses: [VirtualAddress], _ count: Int) -> [RouterAction] {
        guard count > 0, !addresses.isEmpty else { return [] }
        return [.announce(addresses, count: count, router: configuration.name)]
    }
}

extension VirtualRouterConfiguration {
    /// Whether what is sent to the addresses is dropped; an owner's are its own.
    var shields: Bool { !accepts && !priority.isOwner }

    var hasRoutes: Bool { !routes.isEmpty || !rules.isEmpty }
}
