import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// An interface as it is now.
struct Interface: Hashable, Sendable {
    var index: Int32
    /// Administratively up, with carrier.
    var isUp: Bool
    var isLoopback = false
    var macAddress: MACAddress?
    /// In the kernel's order: a primary address stands before its secondaries.
    var addresses: [IPAddress] = []

    /// What a router must know of it; virtual addresses are nobody's source.
    func state(without virtual: Set<IPAddress>) -> InterfaceState {
        var state = InterfaceState(isUp: isUp)
        for case .v4(let address) in addresses where !virtual.contains(.v4(address)) {
            state.primaryIPv4 = address
            break
        }
        for case .v6(let address) in addresses where address.isLinkLocal && !virtual.contains(.v6(address)) {
            state.linkLocalIPv6 = address
            break
        }
        return state
    }
}

/// The interfaces of the namespace. Notifications only say when to look: what counts is what is there then.
struct InterfaceTable: ~Copyable {
    /// By name, as of the last `refresh`.
    private(set) var interfaces: [String: Interface] = [:]
    private var routes: RouteSocket
    private let monitor: RouteMonitor

    init() throws(NetlinkError) {
        // First the ear, then the look: nothing can change unnoticed in between.
        let monitor = try RouteMonitor([.links, .addresses])
        let routes = try RouteSocket()
        self.monitor = monitor
        self.routes = routes
    }

    /// Readable when something changed.
    var descriptor: Int32 { monitor.descriptor }

    /// Takes in the notifications that wait, and says whether one of them is about an interface of these names.
    mutating func hear(about names: Set<String>) throws(NetlinkError) -> Bool {
        let indices = Set(names.compactMap { interfaces[$0]?.index })
        var isConcerned = false
        var budget = 1000
        while budget > 0, Readiness.canRead(monitor.descriptor) {
            budget -= 1
            for notification in try monitor.receive() where !isConcerned {
                switch notification {
                case .link(let record), .linkRemoved(let record):
                    isConcerned = names.contains(record.name) || indices.contains(record.index)
                case .address(let record), .addressRemoved(let record):
                    isConcerned = indices.contains(record.interfaceIndex)
                case .overflow:
                    isConcerned = true
                case .route, .routeRemoved, .neighbor, .neighborRemoved:
                    break
                }
            }
        }
        return isConcerned
    }

    /// Looks at the namespace anew.
    mutating func refresh() throws(NetlinkError) {
        var found: [String: Interface] = [:]
        var names: [Int32: String] = [:]
        for link in try routes.links() {
            names[link.index] = link.name
            found[link.name] = Interface(
                index: link.index, isUp: link.isRunning, isLoopback: link.isLoopback, macAddress: link.macAddress)
        }
        for record in try routes.addresses() {
            guard let name = names[record.interfaceIndex] else { continue }
            found[name]?.addresses.append(record.prefix.address)
        }
        interfaces = found
    }
}
