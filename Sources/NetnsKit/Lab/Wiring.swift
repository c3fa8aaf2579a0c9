import Chance
import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// The namespace that holds a lab's bridges and the far end of every cable.
final class Wiring: Fabric {
    let namespace: NamespaceDescriptor
    let capture: Capture
    private let state: Mutex<State>
    /// Whose cable ends at a port: apart from the state, which is locked while the kernel is asked.
    private let ends = Mutex<[Int32: LinkEnd]>([:])

    private struct State: ~Copyable {
        var routes: RouteSocket
        var bridges: [String: Int32] = [:]
        var ports: [LinkEnd: Port] = [:]
        /// Indexes are chosen here, so that nobody has to ask, and none comes to mean another interface.
        var nextRecorded = Int32(Capture.interfaces.lowerBound)
        var nextUnrecorded = Int32(Capture.interfaces.upperBound)
        /// The names of those segments that are cables between two nodes.
        let pointToPoint: Set<String>

        init(_ segments: [SegmentDescription], routes: consuming RouteSocket) {
            pointToPoint = Set(segments.filter { $0.kind == .pointToPoint }.map(\.name))
            self.routes = routes
        }

        mutating func takeIndex(isRecorded: Bool) -> Int32 {
            defer { if isRecorded { nextRecorded += 1 } else { nextUnrecorded += 1 } }
            return isRecorded ? nextRecorded : nextUnrecorded
        }
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

    /// - Parameter segments: those that are more than a switch.
    init(_ segments: [SegmentDescription], recorder: Recorder) throws(LabError) {
        do {
            let namespace = try NamespaceBroker.shared.createNetwork { () throws(SystemError) in
                Self.quietBridges()
                return try NamespaceDescriptor.current()
            }
            capture = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try Capture(recorder: recorder)
            }
            let routes = try translated { () throws(NetlinkError) in try RouteSocket(in: namespace) }
            state = Mutex(State(segments, routes: routes))
            self.namespace = namespace
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

    /// Runs cables from a node's interfaces to ports of their segments, with one message for each.
    func plug(
        _ interfaces: [InterfaceDescription], of node: String, namespace: borrowing NamespaceDescriptor
    ) throws(NetlinkError) {
        let target = namespace.number
        try state.withLock { (state: inout State) throws(NetlinkError) in
            var ports: [Port] = []
            var cables: [RouteRequest] = []
            for interface in interfaces {
                let bridge = try Self.bridge(interface.segment, &state)
                let index = state.takeIndex(isRecorded: interface.isRecorded)
                let port = Port(
                    name: "port\(index)", index: index, segment: interface.segment, bridge: interface.segment)
                let end = LinkEnd(node, interface.name)
                if interface.isRecorded { capture.record(index, as: end) }
                state.ports[end] = port
                ends.withLock { $0[index] = end }
                ports.append(port)
                cables.append(
                    .veth(
                        VethEnd(port.name, index: index, mtu: interface.mtu, master: bridge, isUp: true),
                        VethEnd(
                            interface.name, namespace: target, macAddress: interface.macAddress, mtu: interface.mtu)))
            }
            try state.routes.perform(cables)
            for port in ports { try Self.open(port, &state) }
        }
    }

    /// Waits until the far ends of all cables carry frames.
    func awaitLinks() throws(LabError) {
        let names = state.withLock { Set($0.ports.values.map(\.name)) }
        let lacking = { [self] () throws(LabError) in
            names.subtracting(try links().filter(LinkReadiness.isReady).map(\.name))
        }
        // Mostly nothing is left to wait for.
        guard try !lacking().isEmpty else { return }
        let monitor = try translated { () throws(NetlinkError) in try RouteMonitor([.links], in: namespace) }
        let place = LinkReadiness.Place(name: "the wiring", descriptor: monitor.descriptor) { () throws(LabError) in
            while Readiness.canRead(monitor.descriptor) {
                _ = try translated { () throws(NetlinkError) in try monitor.receive() }
            }
            return try lacking()
        }
        try LinkReadiness.wait(for: [place])
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

    /// Whose interface is plugged into a port, by the number that the kernel knows it by; waits for nobody.
    func switchPort(ofIndex index: Int32) -> SwitchPort? {
        ends.withLock { $0[index] }.map { SwitchPort($0.node, $0.interface) }
    }

    /// What the bridges know of stations.
    func forwardingTable() throws(LabError) -> [ForwardingRecord] {
        try translated { () throws(NetlinkError) in
            try state.withLock { (state: inout State) throws(NetlinkError) in try state.routes.forwardingTable() }
        }
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
            if isPlugged { try Self.open(port, &state) }
            state.ports[end]?.isPlugged = isPlugged
        }
    }

    /// Moves a port to a bridge of that name, which is made when it is not there; one that is unplugged stays so.
    func move(_ end: LinkEnd, toBridge name: String) throws(LabError) {
        let port = try port(of: end)
        try change { (state: inout State) throws(NetlinkError) in
            let bridge = try Self.bridge(name, &state)
            if port.isPlugged {
                try state.routes.setMaster(of: port.index, to: bridge)
                try Self.open(port, &state)
            }
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

    /// Keeps what some ends send from reaching some others, whatever bridge they are on.
    func drop(from senders: [LinkEnd], to receivers: [LinkEnd], name: String) throws(LabError) {
        var paths: [(from: String, to: String)] = []
        for sender in senders {
            for receiver in receivers where receiver != sender {
                paths.append((try port(of: sender).name, try port(of: receiver).name))
            }
        }
        try translated { () throws(NetlinkError) in
            var filter = try PacketFilter(in: namespace, for: .bridges)
            try filter.install(dropping: paths, named: name)
        }
    }

    func undropPaths(name: String) throws(LabError) {
        try translated { () throws(NetlinkError) in
            var filter = try PacketFilter(in: namespace, for: .bridges)
            try filter.remove(named: name)
        }
    }

    /// The kernel's bridges impair nothing: not every kernel has netem, and none decides by a seed.
    func impair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment
    ) throws(LabError) {
        throw .notImpairable(segment: try port(of: end).segment)
    }

    func repair(
        _ end: LinkEnd, _ direction: CapturedFrame.Direction, _ impairment: Impairment
    ) throws(LabError) {
        throw .notImpairable(segment: try port(of: end).segment)
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
        let index = state.takeIndex(isRecorded: false)
        try state.routes.createBridge(name, index: index)
        state.bridges[segment] = index
        if state.pointToPoint.contains(segment) { try state.routes.setBridgeLearnsNothing(index) }
        return index
    }

    /// Lets everything pass where there is to be no switch; a port forgets that when it leaves its bridge.
    private static func open(_ port: Port, _ state: inout State) throws(NetlinkError) {
        if state.pointToPoint.contains(port.segment) { try state.routes.openBridgePort(port.index) }
    }
}

/// An interface of a node, as faults and captures name it.
public struct LinkEnd: Hashable, Sendable, CustomStringConvertible {
    /// The node at whose end of the cable it is.
    public var node: String
    /// The node's own name for it, such as `eth0`.
    public var interface: String

    /// Names an interface by its node and its own name: `LinkEnd("r1", "eth0")`.
    public init(_ node: String, _ interface: String) {
        self.node = node
        self.interface = interface
    }

    public var description: String { "\(node)/\(interface)" }
}
