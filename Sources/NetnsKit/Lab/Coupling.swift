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

    /// Pulls a cable or plugs it in again, whether it leads to a switch or to another node.
    func setCarrier(of end: LinkEnd, isUp: Bool) throws(LabError) {
        guard cables.withLock({ $0.contains(end) }) else { return try setPort(end, isUp) }
        try settle { $0.pull(end, !isUp) }
    }

    /// The interface and its port were made anew.
    func noteReplacement(of end: LinkEnd) throws(LabError) {
        try settle { $0.replace(end) }
    }

    /// Follows a node's own hand on its ends.
    func follow(_ node: Node, on watcher: Watcher) throws(LabError) {
        let names = cables.withLock { $0.interfaces(of: node.name) }
        guard !names.isEmpty else { return }
        let monitor = try CableMonitor(node, names) { [self] end, isUp in
            // A port that is gone meanwhile needs nothing.
            try? settle { $0.note(end, isUp: isUp) }
        }
        try translated { () throws(SystemError) in try monitor.start(on: watcher) }
    }

    private func settle(_ change: (inout Cables) -> Void) throws(LabError) {
        try cables.withLock { (cables: inout Cables) throws(LabError) in
            change(&cables)
            for (end, isUp) in cables.takeChanges() { try setPort(end, isUp) }
        }
    }
}

/// Hears when a node sets some of its interfaces up or down, or removes them.
private final class CableMonitor: Sendable {
    private let monitor: RouteMonitor
    private let node: Node
    private let names: Set<String>
    private let report: @Sendable (LinkEnd, _ isUp: Bool) -> Void

    init(
        _ node: Node, _ names: Set<String>, _ report: @escaping @Sendable (LinkEnd, _ isUp: Bool) -> Void
    ) throws(LabError) {
        monitor = try translated { () throws(NetlinkError) in try RouteMonitor([.links], in: node.namespace) }
        self.node = node
        self.names = names
        self.report = report
    }

    func start(on watcher: Watcher) throws(SystemError) {
        try watcher.watch(monitor.descriptor) { [self] _ in
            guard let notifications = try? monitor.receive() else { return .ended }
            for notification in notifications { note(notification) }
            return .drained
        }
    }

    private func note(_ notification: RouteNotification) {
        switch notification {
        case .link(let link): note(link.name, isUp: link.isUp)
        case .linkRemoved(let link): note(link.name, isUp: false)
        case .overflow: noteAll()
        default: break
        }
    }

    private func note(_ name: String, isUp: Bool) {
        if names.contains(name) { report(LinkEnd(node.name, name), isUp) }
    }

    private func noteAll() {
        let links = try? node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
        guard let links else { return }
        for name in names { note(name, isUp: links.contains { $0.name == name && $0.isUp }) }
    }
}
