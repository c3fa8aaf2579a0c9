import LinuxSystem
import Netlink
import Wire

/// Waits for cables to carry frames: a link that is up may still drop what it is given until the kernel has looked at
/// its carrier, and on a busy machine that takes up to a second.
enum LinkReadiness {
    /// `IF_OPER_UP`.
    private static let operational: UInt8 = 6
    /// Longer than the kernel lets any link wait.
    private static let patience: Duration = .seconds(3)

    /// A TAP device has its carrier from the beginning, so its state stays unknown and it passes frames at once.
    private static func isReady(_ link: LinkRecord) -> Bool {
        link.operationalState == operational || link.kind == "tun" && link.operationalState == 0 && link.isRunning
    }

    /// Returns when every interface of those names is operational.
    ///
    /// - Parameters:
    ///   - place: whose interfaces they are, for the error.
    ///   - links: reads the interfaces of the namespace.
    static func wait(
        for names: Set<String>, of place: String, in namespace: borrowing NamespaceDescriptor,
        links: () throws(LabError) -> [LinkRecord]
    ) throws(LabError) {
        let monitor = try translated { () throws(NetlinkError) in try RouteMonitor([.links], in: namespace) }
        let loop = try translated { () throws(SystemError) in try EventLoop() }
        try translated { () throws(SystemError) in try loop.watch(monitor.descriptor, as: 0) }
        let deadline = MonotonicClock.now + patience
        var waiting = names
        // Looked at after the monitor has begun to listen, so no change falls in between.
        for link in try links() where isReady(link) { waiting.remove(link.name) }
        while !waiting.isEmpty {
            let ready = try translated { () throws(SystemError) in try loop.wait(until: deadline) }
            guard !ready.isEmpty else {
                let names = waiting.sorted().joined(separator: ", ")
                throw .nodeFailed(node: place, report: "\(names) carried no frames within \(patience.inSeconds) s")
            }
            for notification in try translated({ () throws(NetlinkError) in try monitor.receive() }) {
                switch notification {
                case .link(let link) where isReady(link): waiting.remove(link.name)
                case .overflow:
                    for link in try links() where isReady(link) { waiting.remove(link.name) }
                default: break
                }
            }
        }
    }
}
