import LinuxSystem
import Netlink
import Wire

/// Everything that belongs to one lab while it lives, each thing by an identity that nothing else can ever have.
struct LabCensus: Sendable {
    /// A network namespace: the inode finds it, the cookie proves that it is the one.
    struct Network: Hashable, Sendable {
        var owner: String
        /// As links to it read, such as `net:[4026532000]`.
        var link: String
        var cookie: UInt64
    }

    /// A part of the lab that holds descriptors until nobody refers to it any more.
    struct Part: Sendable {
        var name: String
        weak let object: (any AnyObject & Sendable)?

        init(_ name: String, _ object: any AnyObject & Sendable) {
            self.name = name
            self.object = object
        }
    }

    var networks: [Network] = []
    /// Nodes by their PID namespaces, whose inodes are as short-lived as they.
    var processNamespaces: [String: String] = [:]
    var processes: [ProcessIdentity: String] = [:]
    var macAddresses: Set<MACAddress> = []
    var mountPoints: Set<String> = []
    /// Paths below the roots of control groups that only processes of the lab are in.
    var controlGroups: Set<String> = []
    var parts: [Part] = []

    init(_ lab: Lab) {
        let wiring = lab.fabrics.kernel
        parts = [Part("the lab itself", lab), Part("the wiring", wiring), Part("the capture", wiring.capture)]
        parts += lab.fabrics.userSpace.map { [Part("the switch", $0)] } ?? []
        note("the wiring", wiring.namespace, try? wiring.links())
        for node in lab.nodes.values {
            parts.append(Part("node \(node.name)", node))
            note("node \(node.name)", node.namespace, try? node.links())
            mountPoints.formUnion(node.mountPoints)
            if let pid = node.firstPID, let link = FileSystem.target(ofLink: "/proc/\(pid)/ns/pid") {
                processNamespaces[link] = node.name
            }
        }
        noteProcesses()
    }

    private mutating func note(_ owner: String, _ namespace: borrowing NamespaceDescriptor, _ links: [LinkRecord]?) {
        macAddresses.formUnion((links ?? []).filter { !$0.isLoopback }.compactMap(\.macAddress))
        guard let link = FileSystem.target(ofLink: "/proc/self/fd/\(namespace.number)"),
            let cookie = try? namespace.cookie()
        else { return }
        networks.append(Network(owner: owner, link: link, cookie: cookie))
    }

    /// Finds every process of the nodes, also those whose parents have died.
    private mutating func noteProcesses() {
        let own = Self.controlGroups(of: ThisProcess.pid)
        for pid in ProcessIdentity.allNumbers {
            guard let link = FileSystem.target(ofLink: "/proc/\(pid)/ns/pid"), let node = processNamespaces[link],
                let process = ProcessIdentity(pid)
            else { continue }
            processes[process] = node
            controlGroups.formUnion(Self.controlGroups(of: pid).subtracting(own))
        }
    }

    private static func controlGroups(of pid: Int32) -> Set<String> {
        Set(
            FileSystem.systemLines(of: "/proc/\(pid)/cgroup").compactMap { line in
                line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init)
            })
    }
}
