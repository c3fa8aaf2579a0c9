import KeepalivedConfiguration
import Netlink
import VRRPCore
import Wire

/// What is odd about virtual addresses on this machine, although keepalived says nothing.
enum AddressAdvice {
    /// The networks of each interface, by its name.
    static func networks() throws(NetlinkError) -> [String: [IPPrefix]] {
        var routes = try RouteSocket()
        var names: [Int32: String] = [:]
        for link in try routes.links() { names[link.index] = link.name }
        var networks: [String: [IPPrefix]] = [:]
        for record in try routes.addresses() {
            if let name = names[record.interfaceIndex] { networks[name, default: []].append(record.prefix) }
        }
        return networks
    }

    /// An address that the node has itself, which the router would take away, or that is in no network of its
    /// interface.
    static func findings(
        about configuration: DaemonConfiguration, in file: String, networks: [String: [IPPrefix]]
    ) -> [Diagnostic] {
        let own = Set(networks.values.flatMap { $0.map(\.address) })
        return configuration.router.virtualRouters.flatMap { router in
            router.allAddresses.compactMap { address in
                let there = networks[address.interface] ?? networks[router.interface] ?? []
                return sentence(about: address.prefix.address, of: router, own, there)
            }
        }.map { Diagnostic(.warning, $0, at: .whole(file), category: .advice) }
    }

    private static func sentence(
        about address: IPAddress, of router: VirtualRouterConfiguration, _ own: Set<IPAddress>, _ there: [IPPrefix]
    ) -> String? {
        if own.contains(address), !router.priority.isOwner {
            return "(\(router.name)) \(address) is this node's own address: a virtual address belongs to no node"
        }
        let networks = there.filter { $0.address.family == address.family }
        guard !networks.isEmpty, !networks.contains(where: { $0.contains(address) }) else { return nil }
        return "(\(router.name)) \(address) is in none of the networks of its interface: "
            + networks.map(\.description).joined(separator: ", ")
    }
}
