import Wire

/// A host to be made: its interfaces, and what its file system shows.
public struct NodeDescription: Hashable, Sendable {
    /// 1 to 63 letters, digits, `-` or `_`; also its hostname.
    public var name: String
    /// Its cables, in the order in which they are made; `lo` is there without being named.
    public var interfaces: [InterfaceDescription]
    /// Addresses of `lo` beside the usual ones, such as `10.255.0.1`: they belong to the node and to no cable.
    public var loopbackAddresses: [String]
    /// Settings of the network by name, such as `net.ipv4.ip_forward`, written when the interfaces are there.
    public var settings: [String: String]
    /// Directories that the node has for itself, empty at first.
    public var privateDirectories: [String]
    /// Paths of the host that stay visible although a private directory covers them.
    public var exposedPaths: [String]
    /// Files and directories of the host that the node sees at places of its choice.
    public var mounts: [MountDescription]
    /// What is written into its private directories before anything runs.
    public var files: [FileDescription]
    /// Routes beside those that its addresses bring.
    public var routes: [RouteDescription]
    /// What its programs find in their environment, beside a standard PATH; nothing of the harness's own.
    public var environment: [String: String]
    /// How much of a machine the node is.
    public var isolation: Isolation
    /// How far the node's clocks that count from boot (`CLOCK_MONOTONIC`, `CLOCK_BOOTTIME`) are ahead of the host's, or
    /// behind it, though never before boot; nil shares the host's.
    ///
    /// It takes a kernel with time namespaces that execve(2) enters; on another the node does not start and says so.
    /// The wall clock is the machine's: no two nodes can differ in that.
    public var clockOffset: Duration?

    /// How much of a host a node is.
    public enum Isolation: Hashable, Sendable {
        /// Network, mounts, processes, hostname and System V IPC of its own, and a first process that reaps.
        case full
        /// A network alone, many of them in little time: for traffic, captures and closures; no program can run in it.
        case network
    }

    /// What a node has for itself unless it says otherwise: where programs keep their state and their logs, and where
    /// keepalived is configured.
    public static let standardPrivateDirectories = ["/run", "/tmp", "/var/log", "/etc/keepalived"]

    /// Describes a host; a name and interfaces are enough for most, and the defaults are a full node with nothing
    /// added.
    public init(
        _ name: String, _ interfaces: [InterfaceDescription], loopbackAddresses: [String] = [],
        settings: [String: String] = [:],
        privateDirectories: [String] = Self.standardPrivateDirectories, exposedPaths: [String] = [],
        mounts: [MountDescription] = [], files: [FileDescription] = [], routes: [RouteDescription] = [],
        environment: [String: String] = [:], isolation: Isolation = .full,
        clockOffset: Duration? = nil
    ) {
        self.name = name
        self.interfaces = interfaces
        self.loopbackAddresses = loopbackAddresses
        self.settings = settings
        self.privateDirectories = privateDirectories
        self.exposedPaths = exposedPaths
        self.mounts = mounts
        self.files = files
        self.routes = routes
        self.environment = environment
        self.isolation = isolation
        self.clockOffset = clockOffset
    }

    /// A node that passes on what is not for it, in both families.
    ///
    /// `net.ipv4.ip_forward` and `net.ipv6.conf.all.forwarding` are on, unless `settings` say otherwise.
    public static func router(
        _ name: String, _ interfaces: [InterfaceDescription], loopbackAddresses: [String] = [],
        routes: [RouteDescription] = [], settings: [String: String] = [:]
    ) -> Self {
        Self(
            name, interfaces, loopbackAddresses: loopbackAddresses,
            settings: forwardingSettings.merging(settings) { $1 }, routes: routes)
    }

    private static let forwardingSettings = ["net.ipv4.ip_forward": "1", "net.ipv6.conf.all.forwarding": "1"]

    /// Whether the node passes on what is not for it, in at least one family.
    public var isRouter: Bool { Self.forwardingSettings.keys.contains { settings[$0] == "1" } }

    /// The addresses of `lo` that can be read as such; one without a length is a single host.
    public var loopbackPrefixes: [IPPrefix] { loopbackAddresses.compactMap { IPPrefix($0) } }
}
