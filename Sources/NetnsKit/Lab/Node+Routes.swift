import Netlink
import Wire

// What the topology gives a node beside its cables: the addresses of lo, and routes.
extension Node {
    /// Installs the routes of the topology, now that there are addresses for their gateways to be on.
    func installRoutes() throws(LabError) {
        guard !description.routes.isEmpty else { return }
        let indices = try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            Dictionary(uniqueKeysWithValues: try routes.links().map { ($0.name, $0.index) })
        }
        // What is on the link itself comes first: a gateway may be there.
        let ordered =
            description.routes.filter { $0.gateway == nil } + description.routes.filter { $0.gateway != nil }
        let wanted = ordered.compactMap { route in route.entry(indices: indices).map { (route, $0) } }
        let refusals = try withRoutes { (routes: inout RouteSocket) in routes.addRoutes(wanted.map(\.1)) }
        for ((route, _), refusal) in zip(wanted, refusals) {
            if let refusal { throw .route(route, node: name, refusal) }
        }
    }
}

extension RouteDescription {
    /// The route as the kernel takes it; nil while its interface is not there, and for what cannot be read.
    ///
    /// - Parameter indices: what the kernel calls the node's interfaces.
    fileprivate func entry(indices: [String: Int32]) -> RouteEntry? {
        let index = interface.flatMap { indices[$0] }
        guard let destination = network, interface == nil || index != nil else { return nil }
        var entry = RouteEntry(to: destination)
        entry.hops = [RouteEntry.Hop(gateway: gatewayAddress, interfaceIndex: index)]
        return entry
    }
}
