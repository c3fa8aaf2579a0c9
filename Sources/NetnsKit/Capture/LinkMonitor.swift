import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// Tells the timeline which addresses, carriers, routes and neighbors of a node come and go, in the kernel's own order.
final class LinkMonitor: Sendable {
    private let monitor: RouteMonitor
    private let node: Node
    private let recorder: Recorder
    private let knowledge = Mutex(Knowledge())

    /// What was told before: what is told later is a change to that.
    private struct Knowledge {
        var links: [Int32: Link] = [:]
        var neighbors = NeighborBook()
    }

    /// What is known of an interface.
    private struct Link {
        var name: String
        var isRunning: Bool
        var isOperational: Bool

        init(_ record: LinkRecord) {
            name = record.name
            // An interface that is set up while its cable is out counts as running until the kernel has looked.
            isRunning = record.isRunning && record.hasCarrier
            isOperational = LinkReadiness.isReady(record)
        }
    }

    /// - Parameter monitor: one that has listened since the namespace was made, so that it knows every interface.
    init(_ node: Node, _ monitor: consuming RouteMonitor, recorder: Recorder) {
        self.monitor = monitor
        self.node = node
        self.recorder = recorder
    }

    /// Reads which interfaces there are; what is believed of neighbors is learned as it is told.
    private func learnLinks() throws(LabError) {
        let present = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
        knowledge.withLock { knowledge in
            knowledge = Knowledge()
            for link in present { knowledge.links[link.index] = Link(link) }
        }
    }

    /// The interfaces of the topology, until they carry frames.
    var readiness: LinkReadiness.Place {
        LinkReadiness.Place(name: node.name, descriptor: monitor.descriptor) { [self] () throws(LabError) in
            try catchUp()
            let names = node.interfaces.map(\.name)
            return knowledge.withLock { knowledge in
                Set(names).subtracting(knowledge.links.values.filter(\.isOperational).map(\.name))
            }
        }
    }

    /// Takes note of what was told until now, without telling the timeline.
    private func catchUp() throws(LabError) {
        while Readiness.canRead(monitor.descriptor) {
            for notification in try translated({ () throws(NetlinkError) in try monitor.receive() }) {
                if notification == .overflow { try learnLinks() }
                _ = knowledge.withLock { Self.translate(notification, &$0) }
            }
        }
    }

    /// Tells the timeline what is told from now on.
    func start(on watcher: Watcher) throws(LabError) {
        try catchUp()
        try translated { () throws(SystemError) in
            try watcher.watch(monitor.descriptor) { [self] awake in read(awake) }
        }
    }

    private func read(_ awake: Instant) -> Watcher.Progress {
        guard let reports = try? monitor.receiveOriginals() else {
            recorder.append(
                TimelineEvent(at: MonotonicClock.now, node: node.name, .lost(source: "netlink", count: nil)))
            return .ended
        }
        let now = MonotonicClock.now
        for report in reports { note(report, awake: awake, now: now) }
        return .drained
    }

    private func note(_ report: RouteReport, awake: Instant, now: Instant) {
        if report.notification == .overflow { try? learnLinks() }
        guard let kind = knowledge.withLock({ Self.translate(report.notification, &$0) }) else { return }
        let uncertainty = Receipt.uncertainty(awake: awake, read: now)
        recorder.append(
            TimelineEvent(
                at: now, uncertainty: uncertainty, node: node.name, kind,
                netlink: report.octets.isEmpty ? nil : report.octets))
    }

    private static func translate(
        _ notification: RouteNotification, _ knowledge: inout Knowledge
    ) -> TimelineEvent.Kind? {
        switch notification {
        case .link(let link):
            let now = Link(link)
            let before = knowledge.links.updateValue(now, forKey: link.index)
            guard !link.isLoopback, before?.isRunning != now.isRunning else { return nil }
            return .link(interface: link.name, isUp: now.isRunning)
        case .linkRemoved(let link):
            knowledge.links[link.index] = nil
            return .link(interface: link.name, isUp: false)
        case .address(let record):
            return knowledge.links[record.interfaceIndex].map { .addressAdded(record.prefix, interface: $0.name) }
        case .addressRemoved(let record):
            return knowledge.links[record.interfaceIndex].map { .addressRemoved(record.prefix, interface: $0.name) }
        case .route(let record):
            return .routeAdded(route(record, knowledge))
        case .routeRemoved(let record):
            return .routeRemoved(route(record, knowledge))
        case .neighbor(let record):
            return neighbor(record, knowledge.neighbors.note(record), knowledge)
        case .neighborRemoved(let record):
            return neighbor(record, knowledge.neighbors.forget(record), knowledge)
        case .overflow:
            return .lost(source: "netlink", count: nil)
        case .forwarding, .forwardingRemoved:
            return nil
        }
    }

    private static func route(_ record: RouteRecord, _ knowledge: Knowledge) -> NodeRoute {
        NodeRoute(
            to: record.destination, via: record.gateway,
            interface: record.interfaceIndex.flatMap { knowledge.links[$0]?.name })
    }

    private static func neighbor(
        _ record: NeighborRecord, _ change: NeighborChange?, _ knowledge: Knowledge
    ) -> TimelineEvent.Kind? {
        guard let change, let name = knowledge.links[record.interfaceIndex]?.name else { return nil }
        return .neighbor(record.address, change, interface: name)
    }
}
