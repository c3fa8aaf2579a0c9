import Wire

extension RouteDescription {
    /// What would keep the kernel from taking the route, or from using it.
    func mistakes(of node: NodeDescription) -> [RouteMistake] {
        [destinationMistake, gatewayMistake(node), interfaceMistake(node)].compactMap { $0 }
    }

    private var destinationMistake: RouteMistake? {
        if destination == "default" { return gateway == nil ? .defaultWithoutGateway : nil }
        guard let network else { return .badDestination }
        return network == network.network ? nil : .notANetwork(network.network)
    }

    private func gatewayMistake(_ node: NodeDescription) -> RouteMistake? {
        guard gateway != nil else { return nil }
        guard let gateway = gatewayAddress else { return .badGateway }
        if gateway.family == .ipv4, network?.address.family == .ipv6 { return .otherFamily }
        let own = node.interfaces.flatMap(\.prefixes) + node.loopbackPrefixes
        if own.contains(where: { $0.address == gateway }) { return .ownGateway }
        if case .v6(let address) = gateway, address.isLinkLocal {
            return interface == nil ? .linkLocalWithoutInterface : nil
        }
        return node.reaches(gateway, over: interface) ? nil : .unreachableGateway
    }

    private func interfaceMistake(_ node: NodeDescription) -> RouteMistake? {
        guard let interface else {
            return gateway == nil && destination != "default" ? .neitherGatewayNorInterface : nil
        }
        let isKnown = interface == "lo" || node.interfaces.contains { $0.name == interface }
        return isKnown ? nil : .unknownInterface(interface)
    }
}

extension NodeDescription {
    /// Whether an address is on a link of the node, by its addresses or by a route that has no gateway.
    fileprivate func reaches(_ address: IPAddress, over name: String?) -> Bool {
        let onLink = routes.filter { $0.gateway == nil && (name == nil || $0.interface == name) }.compactMap(\.network)
        let networks = interfaces.filter { name == nil || $0.name == name }.flatMap(\.prefixes)
        return (networks + onLink).contains { $0.contains(address) }
    }
}
