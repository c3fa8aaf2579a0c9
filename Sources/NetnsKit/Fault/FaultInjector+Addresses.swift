import LinuxSystem
import Netlink
import Wire

extension FaultInjector {
    func injectIntoNetwork(_ fault: Fault) throws(LabError) -> Inverse? {
        switch fault {
        case .addressRemoval(let text, let end): return try removeAddress(try prefix(text, fault), at: end, fault)
        case .duplicateAddress(let text, let end): return try addAddress(try prefix(text, fault), at: end)
        case .staleNeighbor(let text, let macText, let end, let isPermanent):
            guard let address = IPAddress(text), let macAddress = MACAddress(macText) else {
                throw .impossible(fault, because: "write addresses such as 192.168.1.1 and 02:00:00:00:00:99")
            }
            return try mislead(end, address, macAddress, isPermanent ? .permanent : .reachable)
        case .neighborFlush(let end): try flushNeighbors(at: end)
        case .routeRemoval(let text, let name): return try removeRoutes(to: try prefix(text, fault), of: name, fault)
        default: break
        }
        return nil
    }

    private func prefix(_ text: String, _ fault: Fault) throws(LabError) -> IPPrefix {
        guard text.contains("/"), let prefix = IPPrefix(text) else {
            throw .impossible(fault, because: "'\(text)' is not an address with its length, such as 192.168.1.100/24")
        }
        return prefix
    }

    /// What the kernel takes away with the address is put back with it.
    private func removeAddress(_ prefix: IPPrefix, at end: LinkEnd, _ fault: Fault) throws(LabError) -> Inverse {
        let (node, index) = try interface(at: end)
        let lost = try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
            let addresses = try socket.savedAddresses(of: index)
            guard addresses.contains(where: { $0.prefix == prefix }) else { return Lost?.none }
            let routes = try socket.savedRoutes().filter { $0.isGiven(over: index) }
            try socket.removeAddress(AddressRecord(prefix, interfaceIndex: index))
            let left = try socket.savedAddresses(of: index)
            let routesLeft = try socket.savedRoutes()
            return Lost(
                addresses: addresses.filter { saved in !left.contains { $0.isSame(as: saved) } },
                routes: routes.filter { !routesLeft.contains($0) })
        }
        guard let lost else { throw .impossible(fault, because: "\(end) does not have that address") }
        return { () throws(LabError) in
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
                try socket.restore(lost.addresses)
                try socket.restore(lost.routes)
            }
        }
    }

    /// What went with an address.
    private struct Lost: Sendable {
        var addresses: [SavedAddress]
        var routes: [SavedRoute]
    }

    private func addAddress(_ prefix: IPPrefix, at end: LinkEnd) throws(LabError) -> Inverse {
        let (node, index) = try interface(at: end)
        let record = AddressRecord(prefix, interfaceIndex: index)
        try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in try socket.addAddress(record) }
        return { () throws(LabError) in
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
                do throws(NetlinkError) { try socket.removeAddress(record) } catch let error where error.isNotThere {}
            }
        }
    }

    /// An entry that was put right meanwhile stays as it is.
    private func mislead(
        _ end: LinkEnd, _ address: IPAddress, _ macAddress: MACAddress, _ state: NeighborState
    ) throws(LabError) -> Inverse {
        let (node, index) = try interface(at: end)
        try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
            try socket.setNeighbor(address, at: macAddress, on: index, state)
        }
        return { () throws(LabError) in
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
                try socket.forget(
                    try socket.neighbors().filter {
                        $0.interfaceIndex == index && $0.address == address && $0.macAddress == macAddress
                    })
            }
        }
    }

    private func flushNeighbors(at end: LinkEnd) throws(LabError) {
        let (node, index) = try interface(at: end)
        try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
            try socket.forget(try socket.neighbors().filter { $0.interfaceIndex == index && $0.isLearned })
        }
    }

    private func removeRoutes(
        to destination: IPPrefix, of name: String, _ fault: Fault
    ) throws(LabError) -> Inverse {
        let node = try node(name)
        let removed = try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in
            let routes = try socket.savedRoutes().filter { $0.destination == destination && $0.isOrdinary }
            try socket.remove(routes)
            return routes
        }
        guard !removed.isEmpty else { throw .impossible(fault, because: "\(name) has no such route") }
        return { () throws(LabError) in
            try node.withRoutes { (socket: inout RouteSocket) throws(NetlinkError) in try socket.restore(removed) }
        }
    }
}
