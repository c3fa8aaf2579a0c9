import Glibc
import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// A host of the lab: namespaces of its own, held by a first process that reaps and that dies with the lab.
public final class Node: Sendable {
    /// As in the topology; also its hostname.
    public let name: String
    /// Its interfaces as the topology describes them, without `lo`.
    public let interfaces: [InterfaceDescription]

    let namespace: NamespaceDescriptor
    let description: NodeDescription
    /// Holds the namespaces of a node that is more than a network.
    private let first: InitProcess?
    /// Where crashes leave something; nil for a network alone.
    let scene: CrashScene?
    private let routes: Mutex<RouteSocket>
    let processes: Mutex<[NodeProcess]> = Mutex([])
    private let traffic: Mutex<[any Traffic]> = Mutex([])
    let recorder: Recorder
    let watcher: Watcher

    /// Makes a node and what listens to it; it becomes usable with `finishStart`.
    static func make(
        _ description: NodeDescription, recorder: Recorder, watcher: Watcher
    ) throws(LabError) -> (Node, LinkMonitor) {
        let first: InitProcess?
        let network: NodeNetwork
        switch description.isolation {
        case .full:
            let process = try InitProcess(hostname: description.name, description.instructions)
            network = try self.network(of: process, description.name)
            first = process
        case .network:
            network = try NodeNetwork()
            first = nil
        }
        let monitor = network.monitor
        let node = Node(
            description, network.namespace, network.routes, first, recorder: recorder, watcher: watcher)
        return (node, LinkMonitor(node, monitor, recorder: recorder))
    }

    private init(
        _ description: NodeDescription, _ namespace: consuming NamespaceDescriptor, _ routes: consuming RouteSocket,
        _ first: InitProcess?, recorder: Recorder, watcher: Watcher
    ) {
        self.namespace = namespace
        self.routes = Mutex(routes)
        scene = first.map { CrashScene(pid: $0.pid) }
        self.first = first
        self.recorder = recorder
        self.watcher = watcher
        name = description.name
        interfaces = description.interfaces
        self.description = description
    }

    private static func network(
        of first: InitProcess, _ name: String
    ) throws(LabError) -> NodeNetwork {
        do {
            return try NodeNetwork(ofProcess: first.pid)
        } catch {
            // When it has ended already, its own words say more than a missing file.
            try first.awaitReady(name)
            throw error
        }
    }

    /// Sets interfaces up and gives them the addresses of the topology in one message, loopback with them when the
    /// node is new.
    func configure(_ interfaces: [InterfaceDescription], isNew: Bool = false) throws(LabError) {
        let loopback = isNew ? description.loopbackPrefixes : []
        try asking { (routes: inout RouteSocket) throws(NetlinkError) in
            let indexes = Dictionary(uniqueKeysWithValues: try routes.links().map { ($0.name, $0.index) })
            var requests = [RouteRequest.link(Self.loopback, isUp: true)]
            requests += loopback.map { .address(AddressRecord($0, interfaceIndex: Self.loopback)) }
            for interface in interfaces {
                guard let index = indexes[interface.name] else {
                    throw NetlinkError("look up the interface \(interface.name)", code: ENODEV)
                }
                requests.append(.link(index, isUp: true))
                requests += interface.prefixes.map { .address(AddressRecord($0, interfaceIndex: index)) }
            }
            try routes.perform(requests)
        }
    }

    private func asking(_ body: (inout RouteSocket) throws(NetlinkError) -> Void) throws(LabError) {
        try naming(name) { () throws(NetlinkError) in
            try routes.withLock { (routes: inout sending RouteSocket) throws(NetlinkError) in try body(&routes) }
        }
    }

    /// Every namespace has it from the start, under this index.
    private static let loopback: Int32 = 1

    /// Waits until the first process has made its mounts, then gives the node its files, settings and routes.
    func finishStart() throws(LabError) {
        try first?.awaitReady(name)
        try placeFiles()
        try applySettings()
        try installRoutes()
    }

    /// Writes the topology's settings, now that the interfaces that they may name are there.
    private func applySettings() throws(LabError) {
        for (setting, value) in description.settings.sorted(by: { $0.key < $1.key }) {
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

    /// The interfaces that the node has now.
    func links() throws(LabError) -> [LinkRecord] {
        try withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.links() }
    }

    /// The Ethernet address that an interface has now; nil when there is no such interface, or it has none.
    public func macAddress(of interface: String) throws(LabError) -> MACAddress? {
        try links().first { $0.name == interface }?.macAddress
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
    /// - Parameters:
    ///   - address: whom it asks.
    ///   - interface: the interface it leaves by.
    ///   - sequence: its number, which the answer repeats.
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
    func keep(_ traffic: any Traffic) {
        self.traffic.withLock { $0.append(traffic) }
    }

    // MARK: Files

    /// Puts a file into one of the node's private directories, where its programs find it.
    ///
    /// - Parameters:
    ///   - contents: its text, written as UTF-8.
    ///   - path: absolute; elsewhere the file would be the host's, which is refused.
    ///   - mode: permission bits such as `0o644`.
    ///   - owner: the number of a user; root's is 0.
    ///   - group: the number of a group.
    public func write(
        _ contents: String, to path: String, mode: UInt32 = 0o644, owner: UInt32 = 0, group: UInt32 = 0
    ) throws(LabError) {
        try write(Array(contents.utf8), to: path, mode: mode, owner: owner, group: group)
    }

    /// Puts octets where the node's programs find them; the directory must be there.
    public func write(
        _ octets: [UInt8], to path: String, mode: UInt32 = 0o644, owner: UInt32 = 0, group: UInt32 = 0
    ) throws(LabError) {
        guard description.hasForItself(path) else { throw .notPrivate(path: path, node: name) }
        let host = try host()
        try file(path) { () throws(SystemError) in
            let file = try OwnedDescriptor.open(
                path, below: host.root(), O_WRONLY | O_CREAT | O_TRUNC, mode: mode, followingLinks: false)
            try file.write(octets)
            if owner != 0 || group != 0 { try file.setOwner(owner, group: group) }
            try file.setMode(mode)
        }
    }

    /// Puts lines at the end of a file in one of the node's private directories, which is made where it is missing.
    public func append(_ lines: String, to path: String) throws(LabError) {
        guard description.hasForItself(path) else { throw .notPrivate(path: path, node: name) }
        let host = try host()
        try file(path) { () throws(SystemError) in
            let file = try OwnedDescriptor.open(
                path, below: host.root(), O_WRONLY | O_CREAT | O_APPEND, mode: 0o644, followingLinks: false)
            try file.write(Array(lines.utf8))
        }
    }

    /// The whole contents of a file as the node sees it; /proc and /sys answer for the reader, so they are not read
    /// here.
    public func read(_ path: String) throws(LabError) -> [UInt8] {
        let host = try host()
        return try file(path) { () throws(SystemError) in
            let file = try OwnedDescriptor.open(path, below: host.root(), O_RDONLY, followingLinks: true)
            var octets: [UInt8] = []
            while let part = try file.read(), !part.isEmpty { octets += part }
            return octets
        }
    }

    /// Works on the file system of one of the node's private directories as a whole.
    func withFileSystem<Result>(
        of directory: String,
        _ body: (borrowing MountedFileSystem, borrowing OwnedDescriptor) throws(SystemError) -> Result
    ) throws(LabError) -> Result {
        guard description.privateDirectories.contains(directory) else {
            throw .notPrivate(path: directory, node: name)
        }
        let host = try host()
        return try file(directory) { () throws(SystemError) in
            let mounted = try OwnedDescriptor.open(
                directory, below: host.root(), OwnedDescriptor.pathOnly | O_DIRECTORY, followingLinks: true)
            return try body(try MountedFileSystem(at: mounted.duplicate()), mounted)
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

    /// What programs and files belong to; a node that is a network alone has none.
    func host() throws(LabError) -> InitProcess {
        guard let first else { throw .networkOnly(node: name) }
        return first
    }

    /// Where the node has mounted something of its own.
    var mountPoints: [String] { description.privateDirectories }

    /// The process that everything in the node hangs on, as seen from the harness; nil for a network alone.
    var firstPID: Int32? { first?.pid }

    // MARK: End

    /// Ends what the harness itself sends into the node's network.
    func endTraffic() {
        for traffic in traffic.withLock({ $0 }) { traffic.stop() }
    }

    /// Tells every process of the node to end at once.
    func kill() {
        first?.kill()
        for process in processes.withLock({ $0 }) { try? process.send(signal: SIGKILL) }
    }

    /// Collects what `kill` ended, but for the first process, which goes with the node itself.
    func collect() {
        for process in processes.withLock({ $0 }) { process.collect() }
    }
}
