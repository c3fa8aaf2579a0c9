import LinuxSystem
import Netlink
import Synchronization

/// A lab on its way up: what exists so far, so that it can be given up at any point.
///
/// Each node is made, plugged in and set up by one of a few threads: the kernel makes namespaces side by side, while it
/// changes links one after another.
final class Construction: Sendable {
    private let recorder: Recorder
    private let watcher: Watcher
    private let fabrics: Fabrics
    private let coupling: Coupling
    private let sites: Mutex<[String: Site]> = Mutex([:])

    /// A node, and what listens to it.
    private struct Site {
        let node: Node
        let monitor: LinkMonitor
    }

    init(recorder: Recorder, watcher: Watcher, fabrics: Fabrics, coupling: Coupling) {
        self.recorder = recorder
        self.watcher = watcher
        self.fabrics = fabrics
        self.coupling = coupling
    }

    /// Makes all nodes; they are watched when this returns, and their cables carry frames.
    ///
    /// - Throws: when one cannot be made; then nothing is left of any.
    func build(_ descriptions: [NodeDescription]) throws(LabError) -> [String: Node] {
        OpenFileLimit.reserve(Self.descriptorsPerNode * descriptions.count + Self.otherDescriptors)
        do {
            try concurrently(descriptions.count) { [self] index throws(LabError) in try build(descriptions[index]) }
            return try finish()
        } catch {
            abandon()
            throw error
        }
    }

    /// Namespace, two netlink sockets, and of a node with processes its first process, lifeline and report; and so many
    /// again for the programs, probes and streams of its own.
    private static let descriptorsPerNode = 12
    /// Of the harness, of the wiring, and of what is begun meanwhile.
    private static let otherDescriptors = 128

    /// Nothing can be sent before it is recorded: the capture hears every cable from before it is there.
    private func build(_ description: NodeDescription) throws(LabError) {
        let name = description.name
        let (node, monitor) = try Node.make(description, recorder: recorder, watcher: watcher)
        sites.withLock { $0[name] = Site(node: node, monitor: monitor) }
        try fabrics.plug(description.interfaces, of: node)
        try node.configure(description.interfaces, isNew: true)
    }

    /// Waits for every node, and listens to it.
    private func finish() throws(LabError) -> [String: Node] {
        let sites = sites.withLock { $0 }
        for site in sites.values { try site.node.finishStart() }
        try LinkReadiness.wait(for: sites.values.map(\.monitor.readiness))
        try fabrics.kernel.awaitLinks()
        for site in sites.values {
            try site.monitor.start(on: watcher)
            try coupling.follow(site.node, on: watcher)
        }
        let bridges = try ForwardingMonitor(fabrics.kernel, recorder: recorder)
        try translated { () throws(SystemError) in
            try bridges.start(on: watcher)
            try fabrics.kernel.capture.start(on: watcher)
        }
        return sites.mapValues(\.node)
    }

    private func abandon() {
        fabrics.userSpace?.stop()
        watcher.forgetAll()
        // Taken out, so that they end here, and not with a thread that still holds on to this.
        let nodes = sites.withLock { sites in
            defer { sites = [:] }
            return sites.values.map(\.node)
        }
        for node in nodes { node.kill() }
        for node in nodes { node.collect() }
    }
}
