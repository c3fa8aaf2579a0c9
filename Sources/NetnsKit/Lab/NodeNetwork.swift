import Glibc
import LinuxSystem
import Netlink

/// A node's network namespace, with the two connections by which the lab asks it for things and hears from it.
struct NodeNetwork: ~Copyable, Sendable {
    let namespace: NamespaceDescriptor
    let routes: RouteSocket
    /// Hears everything from the namespace's first moment on.
    let monitor: RouteMonitor

    /// Makes one of its own, which ends with its descriptors.
    init() throws(LabError) {
        self = try translated { () throws(SystemError) in
            try NamespaceBroker.shared.createNetwork { () throws(SystemError) in try Self.furnish() }
        }
    }

    /// Joins that of a process.
    init(ofProcess pid: Int32) throws(LabError) {
        self = try translated { () throws(SystemError) in
            let namespace = try NamespaceDescriptor(ofProcess: pid)
            return try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try Self.furnish()
            }
        }
    }

    private init(
        _ namespace: consuming NamespaceDescriptor, _ routes: consuming RouteSocket, _ monitor: consuming RouteMonitor
    ) {
        self.namespace = namespace
        self.routes = routes
        self.monitor = monitor
    }

    /// Opens what is needed from inside, on a thread that stands in the namespace.
    private static func furnish() throws(SystemError) -> NodeNetwork {
        try applyStandardSettings()
        let monitor = try open { () throws(NetlinkError) in try RouteMonitor([.links, .addresses, .routes, .neighbors])
        }
        let routes = try open { () throws(NetlinkError) in try RouteSocket() }
        return NodeNetwork(try .current(), routes, monitor)
    }

    private static func open<Socket: ~Copyable>(
        _ body: () throws(NetlinkError) -> Socket
    ) throws(SystemError) -> Socket {
        do {
            return try body()
        } catch {
            throw SystemError(error.request, code: error.code)
        }
    }

    /// Settings that every node starts with, all off: no waiting for duplicate addresses, and nothing of what the
    /// kernel copies from the host's first namespace. On a host that forwards, as one with containers does, every node
    /// would be a router and pass on what is meant for an address that it has given up.
    private static let standardSettings =
        ["ipv4/ip_forward"]
        + ["all", "default"].flatMap { scope in
            ["accept_local", "arp_announce", "arp_filter", "arp_ignore", "arp_notify", "proxy_arp", "rp_filter"]
                .map { "ipv4/conf/\(scope)/\($0)" }
                + ["accept_dad", "dad_transmits"].map { "ipv6/conf/\(scope)/\($0)" }
        }

    /// Before the first interface comes, which takes its own from the default.
    private static func applyStandardSettings() throws(SystemError) {
        for setting in standardSettings {
            do {
                let path = "/proc/sys/net/\(setting)"
                // Most have the value already, and to read is cheaper than to write. A file that was read takes nothing
                // any more: what is written behind its beginning is dropped without a word.
                guard try FileSystem.readSystemFile(path).first != UInt8(ascii: "0") else { continue }
                try OwnedDescriptor.open(path, O_WRONLY).write([UInt8(ascii: "0")])
            } catch let error where error.code == ENOENT {
                // A setting that this kernel does not have is none that could be wrong.
            }
        }
    }
}
