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
    private let privateDirectories: [String]
    private let kinds: NamespaceKinds
    private let first: InitProcess
    private let routes: Mutex<RouteSocket>
    private let processes: Mutex<[NodeProcess]> = Mutex([])
    private let pacers: Mutex<[Pacer]> = Mutex([])
    private let recorder: Recorder
    private let watcher: Watcher

    /// Settings that every node starts with: no waiting for duplicate addresses, no strict reverse path.
    private static let standardSettings = [
        "net.ipv6.conf.all.accept_dad": "0", "net.ipv6.conf.default.accept_dad": "0",
        "net.ipv6.conf.all.dad_transmits": "0", "net.ipv6.conf.default.dad_transmits": "0",
        "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0",
    ]

    /// Starts the node's first process; it becomes usable with `finishStart`.
    init(_ description: NodeDescription, recorder: Recorder, watcher: Watcher) throws(LabError) {
        let first = try InitProcess(hostname: description.name, Self.instructions(description))
        let namespace = try Self.network(of: first, description.name)
        let socket = try translated { () throws(NetlinkError) in try RouteSocket(in: namespace) }
        self.namespace = namespace
        routes = Mutex(socket)
        self.first = first
        self.recorder = recorder
        self.watcher = watcher
        name = description.name
        interfaces = description.interfaces
        settings = description.settings
        privateDirectories = description.privateDirectories
        kinds = description.clockOffset == nil ? .node : [.node, .clocks]
    }

    /// What the first process is told to do.
    private static func instructions(_ description: NodeDescription) -> [String] {
        var words: [String] = []
        if let offset = description.clockOffset { words += ["clock", "\(offset.nanoseconds)"] }
        words += description.privateDirectories.flatMap { ["private", $0] }
        words += description.exposedPaths.flatMap { ["expose", $0] }
        words += standardSettings.sorted { $0.key < $1.key }.flatMap { ["sysctl", "\($0.key)=\($0.value)"] }
        return words
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

    /// Works on the file system of one of the node's private directories as a whole.
    func withFileSystem<Result>(
        of directory: String,
        _ body: (borrowing MountedFileSystem, borrowing OwnedDescriptor) throws(SystemError) -> Result
    ) throws(LabError) -> Result {
        guard privateDirectories.contains(directory) else { throw .notPrivate(path: directory, node: name) }
        return try file(directory) { () throws(SystemError) in
            let mounted = try OwnedDescriptor.open(
                directory, below: root(), OwnedDescriptor.pathOnly | O_DIRECTORY, followingLinks: true)
            return try body(try MountedFileSystem(at: mounted.duplicate()), mounted)
        }
    }

    private func file<Result>(
        _ path: String, _ body: () throws(SystemError) -> Result
    ) throws(LabError) -> Result {
        do {
            return try body()
        } catch {
            throw .file(path: path, node: name, error)
        }
    }

    /// The node's own root directory.
    private func root() throws(SystemError) -> OwnedDescriptor {
        try OwnedDescriptor.open("/proc/\(first.pid)/root", OwnedDescriptor.pathOnly)
    }

    // MARK: Processes

    /// Starts a program in the node; its output goes into the timeline line by line.
    ///
    /// - Parameters:
    ///   - program: an absolute path as the node sees it.
    ///   - process: the name that the timeline and faults know it by; the path's last part when nil.
    ///   - environment: `NAME=VALUE`; only a standard PATH when nobody says otherwise.
    @discardableResult
    public func start(
        _ program: String, _ arguments: [String] = [], as process: String? = nil,
        environment: [String] = ["PATH=\(ProgramRequest.standardPath)"]
    ) throws(LabError) -> NodeProcess {
        let label = process ?? program.split(separator: "/").last.map(String.init) ?? program
        var request = ProgramRequest(program, [program] + arguments, environment: environment)
        request.joining = (first.descriptor, kinds)
        request.directory = "/"
        let started = try NodeProcess(label, on: name, request, recorder: recorder, watcher: watcher)
        processes.withLock { $0.append(started) }
        return started
    }

    /// Runs a program to its end.
    ///
    /// - Returns: how it ended and every line it wrote; nil when it did not end in time and was killed.
    public func run(
        _ program: String, _ arguments: [String] = [], within limit: Duration = .seconds(10)
    ) async throws -> CommandResult? {
        let label = "\(program.split(separator: "/").last ?? "")#\(processes.withLock { $0.count })"
        let process = try start(program, arguments, as: label)
        guard let status = await process.exit(within: limit) else {
            try process.send(signal: SIGKILL)
            try Task.checkCancellation()
            return nil
        }
        let lines = recorder.timeline.lines(of: label, on: name)
        return CommandResult(status: status, lines: lines)
    }

    /// The process that was started last under a name.
    public func process(_ label: String) throws(LabError) -> NodeProcess {
        guard let found = processes.withLock({ $0.last { $0.name == label } }) else {
            throw .noSuchProcess(label, node: name)
        }
        return found
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

/// What a program that ran to its end left.
public struct CommandResult: Hashable, Sendable {
    public var status: ExitStatus
    public var lines: [String]

    public var succeeded: Bool { status == .exited(code: 0) }
}

extension Timeline {
    /// What a process wrote, both streams, in order.
    fileprivate func lines(of process: String, on node: String) -> [String] {
        events.compactMap { event in
            guard event.node == node, case .output(process, _, let line) = event.kind else { return nil }
            return line
        }
    }
}
