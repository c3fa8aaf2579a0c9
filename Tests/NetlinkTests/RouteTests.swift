import LinuxSystem
import Netlink
import NetnsTesting
import Testing
import Wire

@Suite(.requiresNamespaces) struct RouteTests {
    @Test(
        "Routes are listed as they were added, and go as they were listed",
        arguments: [
            (["198.18.0.1/24"], "198.18.0.254", "0.0.0.0/0", "203.0.113.0/24"),
            (["2001:db8::1/64"], "2001:db8::fe", "::/0", "2001:db8:1::/48"),
        ])
    func listing(addresses: [String], gateway: String, anywhere: String, onLink: String) throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try connected(namespace, addresses)
        let index = try routes.link(named: "a").index
        let before = Set(try routes.routes())
        let added = [
            RouteRecord(to: prefix(anywhere), via: IPAddress(gateway), interfaceIndex: index),
            RouteRecord(to: prefix(onLink), interfaceIndex: index),
        ]
        for route in added { try routes.addRoute(route) }
        #expect(Set(try routes.routes()).subtracting(before) == Set(added))
        for route in added { try routes.removeRoute(route) }
        #expect(Set(try routes.routes()) == before)
    }

    @Test("A route that came with an address is listed and can be removed like any other")
    func connectedRoutes() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try connected(namespace, ["198.18.0.1/24"])
        let index = try routes.link(named: "a").index
        let route = RouteRecord(to: prefix("198.18.0.0/24"), interfaceIndex: index)
        #expect(try routes.routes().contains(route))
        try routes.removeRoute(route)
        #expect(try !routes.routes().contains(route))
    }

    @Test("A route that is there already, or is not there, is told from other errors")
    func duplicates() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try connected(namespace, ["198.18.0.1/24"])
        let route = RouteRecord(to: prefix("0.0.0.0/0"), via: IPAddress("198.18.0.254"))
        try routes.addRoute(route)
        #expect(#expect(throws: NetlinkError.self) { try routes.addRoute(route) }?.isAlreadyThere == true)
        try routes.removeRoute(route)
        #expect(#expect(throws: NetlinkError.self) { try routes.removeRoute(route) }?.isNotThere == true)
    }

    @Test("A gateway that nobody can reach is refused in the kernel's own words")
    func unreachableGateway() throws {
        let namespace = try NamespaceBroker.shared.createNetwork()
        var routes = try connected(namespace, ["198.18.0.1/24"])
        let error = #expect(throws: NetlinkError.self) {
            try routes.addRoute(RouteRecord(to: prefix("0.0.0.0/0"), via: IPAddress("203.0.113.1")))
        }
        #expect(error?.message == "Nexthop has invalid gateway")
        #expect(error?.request == "add the route to 0.0.0.0/0")
    }

    @Test("A neighbor is known by its Ethernet address once it was spoken to")
    func neighbors() async throws {
        let (before, after) = try await onOwnThread {
            let hub = try Hub()
            let first = try hub.plug(1)
            let second = try hub.plug(2)
            var routes = try RouteSocket(in: first.namespace)
            let isWanted = { (neighbor: NeighborRecord) in neighbor.address == .v4(IPv4Address(198, 18, 0, 2)) }
            let before = try routes.neighbors().filter(isWanted)
            let monitor = try RouteMonitor(.neighbors, in: first.namespace)
            let packet = IPPacket(
                source: .v4(first.address), destination: .v4(second.address), hopLimit: 64, protocolNumber: 112,
                payload: [1])
            try first.member(112).send(packet.serialized(), to: second.address)
            let told = try notifications(of: monitor) { notification in
                guard case .neighbor(let neighbor) = notification else { return false }
                return isWanted(neighbor) && neighbor.macAddress != nil
            }
            return (before, try told.isEmpty ? [] : routes.neighbors().filter(isWanted))
        }
        #expect(before == [])
        #expect(after.map(\.macAddress) == [MACAddress(rawValue: 0x0200_0000_0002)])
        // NUD_REACHABLE
        #expect(after.map(\.state) == [2])
    }
}

/// A namespace whose interface `a` is up and has the addresses.
private func connected(
    _ namespace: borrowing NamespaceDescriptor, _ addresses: [String]
) throws -> RouteSocket {
    var routes = try RouteSocket(in: namespace)
    try routes.createVeth(VethEnd("a", isUp: true), VethEnd("b"))
    try routes.setLink(routes.link(named: "b").index, isUp: true)
    try waitUntilOperational("a", in: namespace)
    let index = try routes.link(named: "a").index
    for address in addresses { try routes.addAddress(AddressRecord(prefix(address), interfaceIndex: index)) }
    return routes
}
