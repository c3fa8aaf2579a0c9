import LinuxSystem
import Netlink
import Synchronization

/// Lets both ends of a point-to-point link see one carrier, whoever takes it away: a fault, or a node that sets its own
/// end down.
final class Coupling: Sendable {
    private let cables: Mutex<Cables>
    private let setPort: @Sendable (LinkEnd, _ isUp: Bool) throws(LabError) -> Void

    /// - Parameter setPort: sets the far end of an interface up or down.
    init(_ topology: Topology, setPort: @escaping @Sendable (LinkEnd, _ isUp: Bool) throws(LabError) -> Void) {
        cables = Mutex(Cables(topology))
        self.setPort = setPort
    }

    /// Looks how an interface stands now, after somebody may have set it up or down.
    ///
    /// What a notification says may be over by the time it is read, so it is only the reason to look.
    func refresh(_ end: LinkEnd, of node: Node) throws(LabError) {
        guard cables.withLock({ $0.contains(end) }) else { return }
        try cables.withLock { (cables: inout Cables) throws(LabError) in
            let links = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
            cables.note(end, isUp: links.first { $0.name == end.interface }?.isUp)
            try settle(&cables)
        }
    }

    /// Pulls a cable or plugs it in again, whether it leads to a switch or to another node.
    func setCarrier(of end: LinkEnd, isUp: Bool) throws(LabError) {
        guard cables.withLock({ $0.contains(end) }) else { return try setPort(end, isUp) }
        try cables.withLock { (cables: inout Cables) throws(LabError) in
            cables.pull(end, !isUp)
            try settle(&cables)
        }
    }

    /// The interface and its port were made anew.
    func noteReplacement(of end: LinkEnd) throws(LabError) {
        try cables.withLock { (cables: inout Cables) throws(LabError) in
            cables.replace(end)
            try settle(&cables)
        }
    }

    /// Follows a node's own hand on its ends.
    func follow(_ node: Node, on watcher: Watcher) throws(LabError) {
        let names = cables.withLock { $0.interfaces(of: node.name) }
        guard !names.isEmpty else { return }
        let monitor = try CableMonitor(node, names, self)
        try translated { () throws(SystemError) in try monitor.start(on: watcher) }
    }

    private func settle(_ cables: inout Cables) throws(LabError) {
        for (end, isUp) in cables.takeChanges() { try setPort(end, isUp) }
    }
}

/// Hears when a node sets some of its interfaces up or down, or removes them.
private final class CableMonitor: Sendable {
    private let monitor: RouteMonitor
    private let node: Node
    private let names: Set<String>
    private let coupling: Coupling

    init(_ node: Node, _ names: Set<String>, _ coupling: Coupling) throws(LabError) {
        monitor = try translated { () throws(NetlinkError) in try RouteMonitor([.links], in: node.namespace) }
        self.node = node
        self.names = names
        self.coupling = coupling
    }

    func start(on watcher: Watcher) throws(SystemError) {
        try watcher.watch(monitor.descriptor) { [self] _ in
            guard let notifications = try? monitor.receive() else { return .ended }
            for name in names where notifications.contains(where: { $0.concerns(name) }) {
                // A port that went with its interface needs nothing.
                try? coupling.refresh(LinkEnd(node.name, name), of: node)
            }
            return .drained
        }
    }
}

extension RouteNotification {
    fileprivate func concerns(_ interface: String) -> Bool {
        switch self {
        case .link(let link), .linkRemoved(let link): link.name == interface
        case .overflow: true
        default: false
        }
    }
}
