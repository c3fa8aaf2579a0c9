import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Wire

/// The namespace that holds a lab's bridges and the far end of every cable.
final class Wiring: Sendable {
    let namespace: NamespaceDescriptor
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var routes: RouteSocket
        var bridges: [String: Int32] = [:]
        var ports: [LinkEnd: Port] = [:]
        var cableCount = 0
    }

    /// The far end of a node's interface.
    struct Port {
        var name: String
        var index: Int32
        /// What the topology says.
        var segment: String
        /// Where it is plugged in now, or would be: a segment that is parted has a bridge for each part.
        var bridge: String
        var isPlugged = true
    }

    init() throws(LabError) {
        do {
            let namespace = try NamespaceBroker.shared.createNetwork()
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in Self.quietBridges() }
            let routes = try translated { () throws(NetlinkError) in try RouteSocket(in: namespace) }
            self.namespace = namespace
            state = Mutex(State(routes: routes))
        } catch let error as SystemError {
            throw error.code == EPERM || error.code == EACCES ? .notPermitted(error) : .system(error)
        } catch let error as LabError {
            throw error
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// A bridge must forward broken packets too, without showing them to a packet filter, and say nothing of its own.
    /// Best effort: the settings exist only where the kernel has the feature.
    private static func quietBridges() {
        let filters = ["iptables", "ip6tables", "arptables"].map { ("net/bridge/bridge-nf-call-\($0)", "0") }
        let ipv6 = ["all", "default"].map { ("net/ipv6/conf/\($0)/disable_ipv6", "1") }
        for (setting, value) in filters + ipv6 {
            try? OwnedDescriptor.open("/proc/sys/\(setting)", O_WRONLY).write(Array(value.utf8))
        }
    }

    /// Runs a cable from a node's interface to a port of its segment, with one message.
    func plug(
        _ interface: InterfaceDescription, of node: String, namespace: borrowing NamespaceDescriptor
    ) throws(NetlinkError) -> Port {
        let target = namespace.number
        return try state.withLock { (state: inout State) throws(NetlinkError) in
            state.cableCount += 1
            let name = "port\(state.cableCount)"
            let bridge = try Self.bridge(interface.segment, &state)
            try state.routes.createVeth(
                VethEnd(name, mtu: interface.mtu, master: bridge, isUp: true),
                VethEnd(
                    interface.name, namespace: target, macAddress: interface.macAddress, mtu: interface.mtu)
            )
            let port = Port(
                name: name, index: try state.routes.link(named: name).index, segment: interface.segment,
                bridge: interface.segment)
            state.ports[LinkEnd(node, interface.name)] = port
            return port
        }
    }

    /// Waits until the far ends of all cables carry frames.
    func awaitLinks() throws(LabError) {
        let names = state.withLock { Set($0.ports.values.map(\.name)) }
        try LinkReadiness.wait(for: names, of: "the wiring", in: namespace, links: links)
    }

    /// Every bridge, and the far end of every cable.
    func links() throws(LabError) -> [LinkRecord] {
        try translated { () throws(NetlinkError) in
            try state.withLock { (state: inout State) throws(NetlinkError) in try state.routes.links() }
        }
    }

    func port(of end: LinkEnd) throws(LabError) -> Port {
        guard let port = state.withLock({ $0.ports[end] }) else {
            throw .noSuchInterface(end.interface, node: end.node)
        }
        return port
    }

    func setPort(of end: LinkEnd, isUp: Bool) throws(LabError) {
        let port = try port(of: end)
        try change { (state: inout State) throws(NetlinkError) in try state.routes.setLink(port.index, isUp: isUp) }
    }

    /// Takes a port off its bridge, or puts it back: its carrier stays, and nothing passes.
    func setPort(of end: LinkEnd, isPlugged: Bool) throws(LabError) {
        let port = try port(of: end)
        try change { (state: inout State) throws(NetlinkError) in
            let bridge = isPlugged ? try Self.bridge(port.bridge, &state) : nil
            try state.routes.setMaster(of: port.index, to: bridge)
            state.ports[end]?.isPlugged = isPlugged
        }
    }

    /// Moves a port to a bridge of that name, which is made when it is not there; one that is unplugged stays so.
    func move(_ end: LinkEnd, toBridge name: String) throws(LabError) {
        let port = try port(of: end)
        try change { (state: inout State) throws(NetlinkError) in
            let bridge = try Self.bridge(name, &state)
            if port.isPlugged { try state.routes.setMaster(of: port.index, to: bridge) }
            state.ports[end]?.bridge = name
        }
    }

    /// The ends that the topology plugs into a segment; a segment without any is none.
    func ends(of segment: String) throws(LabError) -> [LinkEnd] {
        let ends = state.withLock { state in state.ports.filter { $0.value.segment == segment }.map(\.key) }
        guard !ends.isEmpty else { throw .noSuchSegment(segment) }
        return ends
    }

    func drop(_ rule: DropRule, at end: LinkEnd, name: String) throws(LabError) {
        let port = try port(of: end)
        try translated { () throws(NetlinkError) in
            var filter = try PacketFilter(in: namespace)
            try filter.install(rule, named: name, on: port.name)
        }
    }

    func undrop(name: String) throws(LabError) {
        try translated { () throws(NetlinkError) in
            var filter = try PacketFilter(in: namespace)
            try filter.remove(named: name)
        }
    }

    private func change(_ body: (inout State) throws(NetlinkError) -> Void) throws(LabError) {
        try translated { () throws(NetlinkError) in
            try state.withLock { (state: inout State) throws(NetlinkError) in try body(&state) }
        }
    }

    private static func bridge(_ segment: String, _ state: inout State) throws(NetlinkError) -> Int32 {
        if let index = state.bridges[segment] { return index }
        // Interface names are short and segment names need not be.
        let name = "bridge\(state.bridges.count + 1)"
        try state.routes.createBridge(name)
        let index = try state.routes.link(named: name).index
        state.bridges[segment] = index
        return index
    }
}

/// An interface of a node, as faults and captures name it.
public struct LinkEnd: Hashable, Sendable, CustomStringConvertible {
    public var node: String
    public var interface: String

    public init(_ node: String, _ interface: String) {
        self.node = node
        self.interface = interface
    }

    public var description: String { "\(node)/\(interface)" }
}
