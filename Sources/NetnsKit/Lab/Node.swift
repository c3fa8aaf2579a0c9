import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// A host of the lab: namespaces of its own, held by a first process that reaps and that dies with the lab.
public final class Node: Sendable {
    public let name: String
    public let interfaces: [InterfaceDescription]

    let namespace: NamespaceDescriptor
    private let settings: [String: String]
    let privateDirectories: [String]
    let environment: [String: String]
    let first: InitProcess
    private let routes: Mutex<RouteSocket>
    let processes: Mutex<[NodeProcess]> = Mutex([])
    let scene: CrashScene
    private let pacers: Mutex<[Pacer]> = Mutex([])
    let recorder: Recorder
    let watcher: Watcher

    /// Settings that every node starts with: no waiting for duplicate addresses, no strict reverse path.
    private static let standardSettings = [
        "net.ipv6.conf.all.accept_dad": "0", "net.ipv6.conf.default.accept_dad": "0",
        "net.ipv6.conf.all.dad_transmits": "0", "net.ipv6.conf.default.dad_transmits": "0",
        "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0",
    ]

    /// Starts the node's first process; it becomes usable with `finishStart`.
    init(_ description: NodeDescription, recorder: Recorder, watcher: Watcher) throws(LabError) {
        let arguments =
            description.privateDirectories.flatMap { ["private", $0] }
            + description.exposedPaths.flatMap { ["expose", $0] }
            + Self.standardSettings.sorted { $0.key < $1.key }.flatMap { ["sysctl", "\($0.key)=\($0.value)"] }
        let first = try InitProcess(hostname: description.name, arguments)
        let namespace = try Self.network(of: first, description.name)
        let socket = try translated { () throws(NetlinkError) in try RouteSocket(in: namespace) }
        self.namespace = namespace
        routes = Mutex(socket)
        scene = CrashScene(pid: first.pid)
        self.first = first
        self.recorder = recorder
        self.watcher = watcher
        name = description.name
        interfaces = description.interfaces
        settings = description.settings
        privateDirectories = description.privateDirectories
        environment = description.environment
    }

    private static func network(
        of first: borrowing InitProcess, _ name: String
    ) throws(LabError) -> NamespaceDescriptor {
        do {
            return try NamespaceDescriptor(ofProcess: first.pid)
        } catch {
            // When it has ended already, its own words say more than a missing file.
            try first.awaitReady(name)
            throw .system(error)
        }
    }

    /// Waits until the first process has made its mounts, then gives the node its addresses.
    func finishStart() throws(LabError) {
        try first.awaitReady(name)
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.setLink(1, isUp: true) }
        for interface in interfaces { try configure(interface) }
        try applySettings()
    }

    /// Sets an interface up and gives it the addresses of the topology.
    func configure(_ interface: InterfaceDescription) throws(LabError) {
        let index = try interfaceIndex(of: interface.name)
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.setLink(index, isUp: true)
            for prefix in interface.prefixes {
                try routes.addAddress(AddressRecord(prefix, interfaceIndex: index))
            }
        }
    }

    /// Waits until the node's interfaces carry frames.
    func awaitLinks() throws(LabError) {
        try LinkReadiness.wait(for: Set(interfaces.map(\.name)), of: name, in: namespace) { () throws(LabError) in
            try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
        }
    }

    /// Writes the topology's settings, now that the interfaces that they may name are there.
    private func applySettings() throws(LabError) {
        for (setting, value) in settings.sorted(by: { $0.key < $1.key }) {
            // As in sysctl.conf: a name with slashes is taken as it is, so that an interface's name may have dots.
            let path = setting.contains("/") ? setting : setting.split(separator: ".").joined(separator: "/")
            do {
                try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                    try OwnedDescriptor.open("/proc/sys/\(path)", O_WRONLY).write(Array(value.utf8))
                }
            } catch {
                throw .setting(setting, node: name, error)
            }
        }
    }

    // MARK: Network

    /// Talks rtnetlink to the node's network namespace, as a program inside could, behind the back of all others.
    public func withRoutes<Result: Sendable>(
        _ body: (inout RouteSocket) throws(NetlinkError) -> sending Result
    ) throws(LabError) -> sending Result {
        try translated { () throws(NetlinkError) in
            try routes.withLock { (routes: inout sending RouteSocket) throws(NetlinkError) -> sending Result in
                try body(&routes)
            }
        }
    }

    /// What the kernel calls an interface now.
    func interfaceIndex(of interface: String) throws(LabError) -> Int32 {
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.link(named: interface).index
        }
    }

    /// Sets an interface up or down from inside, as an administrator of the node would.
    func setInterface(_ interface: String, isUp: Bool) throws(LabError) {
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            try routes.setLink(try routes.link(named: interface).index, isUp: isUp)
        }
    }

    /// Every address that the node's interfaces have now.
    public func addresses() throws(LabError) -> [NodeAddress] {
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
            let names = Dictionary(uniqueKeysWithValues: try routes.links().map { ($0.index, $0.name) })
            return try routes.addresses().compactMap { record in
                names[record.interfaceIndex].map {
                    NodeAddress(interface: $0, prefix: record.prefix, label: record.label)
                }
            }
        }
    }

    /// Sends one ICMP echo request; the answer, if one comes, is in the timeline.
    ///
    /// - Parameter interface: the interface it leaves by.
    public func ping(_ address: IPv4Address, over interface: String, sequence: UInt16 = 1) throws(LabError) {
        let socket = try echoSocket(over: interface)
        let echo = ICMPEcho(identifier: 1, sequence: sequence)
        try translated { () throws(SystemError) in try socket.send(echo.packet(to: address).serialized(), to: address) }
    }

    /// Opens a socket for ICMP on an interface.
    func echoSocket(over interface: String) throws(LabError) -> RawIPSocket {
        let index = try interfaceIndex(of: interface)
        return try translated { () throws(SystemError) in
            try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try RawIPSocket(
                    protocolNumber: ICMPEcho.protocolNumber, interface: interface, interfaceIndex: index, group: nil)
            }
        }
    }

    /// Has traffic end with the lab, when nobody ends it before.
    func keep(_ pacer: Pacer) {
        pacers.withLock { $0.append(pacer) }
    }

    // MARK: Files

    /// Puts a file into one of the node's private directories, where its programs find it.
    ///
    /// - Parameters:
    ///   - path: absolute; elsewhere the file would be the host's, which is refused.
    ///   - mode: permission bits such as `0o644`; the owner is root.
    public func write(_ contents: String, to path: String, mode: UInt32 = 0o644) throws(LabError) {
        try write(Array(contents.utf8), to: path, mode: mode)
    }

    /// Puts octets where the node's programs find them; the directory must be there.
    public func write(_ octets: [UInt8], to path: String, mode: UInt32 = 0o644) throws(LabError) {
        guard privateDirectories.contains(where: { path.hasPrefix($0 + "/") }), !path.contains("/../") else {
            throw .notPrivate(path: path, node: name)
        }
        try file(path) { () throws(SystemError) in
            let file = try OwnedDescriptor.open(
                path, below: root(), O_WRONLY | O_CREAT | O_TRUNC, mode: mode, followingLinks: false)
            try file.write(octets)
            try file.setMode(mode)
        }
    }

    /// The whole contents of a file as the node sees it; /proc and /sys answer for the reader, so they are not read
    /// here.
    public func read(_ path: String) throws(LabError) -> [UInt8] {
        try file(path) { () throws(SystemError) in
            let file = try OwnedDescriptor.open(path, below: root(), O_RDONLY, followingLinks: true)
            var octets: [UInt8] = []
            while let part = try file.read(), !part.isEmpty { octets += part }
            return octets
        }
    }

    func file<Result>(
        _ path: String, _ body: () throws(SystemError) -> Result
    ) throws(LabError) -> Result {
        do {
            return try body()
        } catch {
            throw .file(path: path, node: name, error)
        }
    }

    /// The node's own root directory.
    func root() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.open("/proc/\(first.pid)/root", OwnedDescriptor.pathOnly)
    }

    // MARK: End

    /// Tells every process of the node to end at once, and ends its traffic.
    func kill() {
        first.kill()
        for pacer in pacers.withLock({ $0 }) { pacer.stop() }
        for process in processes.withLock({ $0 }) { try? process.send(signal: SIGKILL) }
    }

    /// Collects what `kill` ended, but for the first process, which goes with the node itself.
    func collect() {
        for process in processes.withLock({ $0 }) { process.collect() }
    }
}
