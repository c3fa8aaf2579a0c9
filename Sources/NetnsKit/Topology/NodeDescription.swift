import Wire

/// A host to be made: its interfaces, and what its file system shows.
public struct NodeDescription: Hashable, Sendable {
    /// 1 to 63 letters, digits, `-` or `_`; also its hostname.
    public var name: String
    public var interfaces: [InterfaceDescription]
    /// Settings of the network by name, such as `net.ipv4.ip_forward`, written when the interfaces are there.
    public var settings: [String: String]
    /// Directories that the node has for itself, empty at first.
    public var privateDirectories: [String]
    /// Paths of the host that stay visible although a private directory covers them.
    public var exposedPaths: [String]
    public var mounts: [MountDescription]
    public var files: [FileDescription]
    public var routes: [RouteDescription]
    /// What its programs find in their environment, beside a standard PATH; nothing of the harness's own.
    public var environment: [String: String]
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

    public static let standardPrivateDirectories = ["/run", "/tmp", "/var/log", "/etc/keepalived"]

    public init(
        _ name: String, _ interfaces: [InterfaceDescription], settings: [String: String] = [:],
        privateDirectories: [String] = Self.standardPrivateDirectories, exposedPaths: [String] = [],
        mounts: [MountDescription] = [], files: [FileDescription] = [], routes: [RouteDescription] = [],
        environment: [String: String] = [:], isolation: Isolation = .full,
        clockOffset: Duration? = nil
    ) {
        self.name = name
        self.interfaces = interfaces
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

    func validate() throws(TopologyError) {
        let isAllowed = { (octet: UInt8) in
            octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_") || Character(UnicodeScalar(octet)).isASCIIWord
        }
        guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed) else { throw .badNodeName(name) }
        if let other = settings.keys.first(where: { !$0.hasPrefix("net.") && !$0.hasPrefix("net/") }) {
            throw .badSetting(other, node: name)
        }
        var names: Set<String> = ["lo"]
        for interface in interfaces {
            guard (1...15).contains(interface.name.utf8.count),
                !interface.name.contains(where: { $0 == "/" || $0 == " " })
            else { throw .badInterfaceName(interface.name, node: name) }
            if let text = interface.addresses.first(where: { IPPrefix($0) == nil || !$0.contains("/") }) {
                throw .badAddress(text, interface: interface.name, node: name)
            }
            guard names.insert(interface.name).inserted else {
                throw .duplicateInterface(interface.name, node: name)
            }
        }
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}
