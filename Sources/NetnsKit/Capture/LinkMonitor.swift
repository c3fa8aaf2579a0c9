import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// Tells the timeline which addresses and carriers of a node come and go, in the kernel's own order.
final class LinkMonitor: Sendable {
    private let monitor: RouteMonitor
    private let node: Node
    private let recorder: Recorder
    private let links: Mutex<[Int32: Link]> = Mutex([:])

    /// What is known of an interface.
    private struct Link {
        var name: String
        var isRunning: Bool
        var isOperational: Bool

        init(_ record: LinkRecord) {
            name = record.name
            isRunning = record.isRunning
            isOperational = record.operationalState == LinkReadiness.operational
        }
    }

    /// - Parameter monitor: one that has listened since the namespace was made, so that it knows every interface.
    init(_ node: Node, _ monitor: consuming RouteMonitor, recorder: Recorder) {
        self.monitor = monitor
        self.node = node
        self.recorder = recorder
    }

    /// Reads which interfaces there are: what is told later are changes to that.
    private func learnLinks() throws(LabError) {
        let present = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
        links.withLock { links in
            links = [:]
            for link in present { links[link.index] = Link(link) }
        }
    }

    /// The interfaces of the topology, until they carry frames.
    var readiness: LinkReadiness.Place {
        LinkReadiness.Place(name: node.name, descriptor: monitor.descriptor) { [self] () throws(LabError) in
            try catchUp()
            let names = node.interfaces.map(\.name)
            return links.withLock { links in
                Set(names).subtracting(links.values.filter(\.isOperational).map(\.name))
            }
        }
    }

    /// Takes note of what was told until now, without telling the timeline.
    private func catchUp() throws(LabError) {
        while Readiness.canRead(monitor.descriptor) {
            for notification in try translated({ () throws(NetlinkError) in try monitor.receive() }) {
                if notification == .overflow { try learnLinks() }
                _ = translate(notification)
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
        guard let notifications = try? monitor.receive() else {
            recorder.append(
                TimelineEvent(at: MonotonicClock.now, node: node.name, .lost(source: "netlink", count: nil)))
            return .ended
        }
        let now = MonotonicClock.now
        for notification in notifications { note(notification, awake: awake, now: now) }
        return .drained
    }

    private func note(_ notification: RouteNotification, awake: Instant, now: Instant) {
        if notification == .overflow { try? learnLinks() }
        guard let kind = translate(notification) else { return }
        let uncertainty = Receipt.uncertainty(awake: awake, read: now)
        recorder.append(TimelineEvent(at: now, uncertainty: uncertainty, node: node.name, kind))
    }

    private func translate(_ notification: RouteNotification) -> TimelineEvent.Kind? {
        links.withLock { links in
            switch notification {
            case .link(let link):
                let before = links.updateValue(Link(link), forKey: link.index)
                guard !link.isLoopback, before?.isRunning != link.isRunning else { return nil }
                return .link(interface: link.name, isUp: link.isRunning)
            case .linkRemoved(let link):
                links[link.index] = nil
                return .link(interface: link.name, isUp: false)
            case .address(let record):
                return links[record.interfaceIndex].map { .addressAdded(record.prefix, interface: $0.name) }
            case .addressRemoved(let record):
                return links[record.interfaceIndex].map { .addressRemoved(record.prefix, interface: $0.name) }
            case .overflow:
                return .lost(source: "netlink", count: nil)
            case .route, .routeRemoved, .neighbor, .neighborRemoved:
                return nil
            }
        }
    }
}
