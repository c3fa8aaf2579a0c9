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

    /// Settings that every node starts with: no waiting for duplicate addresses, no strict reverse path.
    private static let standardSettings = [
        "net/ipv6/conf/all/accept_dad", "net/ipv6/conf/default/accept_dad", "net/ipv6/conf/all/dad_transmits",
        "net/ipv6/conf/default/dad_transmits", "net/ipv4/conf/all/rp_filter", "net/ipv4/conf/default/rp_filter",
    ]

    /// Before the first interface comes, which takes its own from the default.
    private static func applyStandardSettings() throws(SystemError) {
        for setting in standardSettings {
            do {
                let file = try OwnedDescriptor.open("/proc/sys/\(setting)", O_RDWR)
                // Most have the value already, and to read is cheaper than to write.
                if try file.read(atMost: 2)?.first != UInt8(ascii: "0") { try file.write([UInt8(ascii: "0")]) }
            } catch let error where error.code == ENOENT {
                // A setting that this kernel does not have is none that could be wrong.
            }
        }
    }
}
