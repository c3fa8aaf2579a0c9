import LabCourse
import LinuxSystem
import NetnsKit
import Wire

/// The network that the lab's text draws: two routers and a client on one segment, and the address that moves.
enum LabNetwork {
    static let segment = "lan"
    /// What the text's files say. A run asks the files that it runs: see `ScenarioRun`.
    static let vip = IPv4Address(192, 168, 1, 100)
    static let virtualAddress = IPAddress.v4(vip)
    static let times = ProtocolTimes()
    static let masterPriority = 150
    static let backupPriority = 100
    static let node1 = LinkEnd("node1", "eth0")
    static let node2 = LinkEnd("node2", "eth0")

    static let pair = Topology([node("node1", 11), node("node2", 12), node("client", 50)])
    static let single = Topology([node("node1", 11), node("client", 50)])

    static let pairPicture = """
        node1 .11  priority 150 --+-- lan 192.168.1.0/24 --+-- node2 .12  priority 100
                                  |
                             client .50          virtual address 192.168.1.100
        """
    static let singlePicture = """
        node1 .11  priority 150 --+-- lan 192.168.1.0/24 --+-- client .50

                     virtual address 192.168.1.100
        """

    /// node1 with the programs of a bare Ubuntu and no others: what the text's packages do not bring is not there.
    static let bare: Topology = {
        var topology = single
        topology.nodes[0].privateDirectories.append("/usr/bin")
        topology.nodes[0].exposedPaths = basicPrograms.map { "/usr/bin/\($0)" }.filter(RunningProgram.isExecutable)
        return topology
    }()

    private static let basicPrograms = [
        "bash", "sh", "cat", "date", "echo", "hostname", "logger", "mkfifo", "pgrep", "sed", "grep",
    ]

    private static func node(_ name: String, _ host: Int) -> NodeDescription {
        NodeDescription(name, [InterfaceDescription("eth0", on: segment, ["192.168.1.\(host)/24"])])
    }
}

/// The files that the lab's text has its reader write.
enum LabFile {
    static let master = "/etc/keepalived/keepalived.conf"
    static let backup = "/etc/keepalived/keepalived-backup.conf"
    static let notify = "/etc/keepalived/notify.sh"
    static let notifyLog = "/var/log/keepalived-state.log"
    static let service = "/run/haproxy"

    /// A configuration that was embedded as octets.
    static func configuration(_ octets: [UInt8], at path: String, on node: String) -> NodeFile {
        NodeFile(path, on: node, String(decoding: octets, as: UTF8.self))
    }

    /// Writes each state that the daemon reports into the node's log.
    static func notifyScript(on node: String) -> NodeFile {
        NodeFile(notify, on: node, "#!/bin/sh\necho \"$1\" >> \(notifyLog)\n", mode: 0o700)
    }

    /// A process that is called haproxy and waits for ever: what the lab's check looks for, without a load balancer.
    static func serviceStandIn(on node: String) -> NodeFile {
        NodeFile(
            service, on: node,
            "#!/bin/sh\n[ -p /run/haproxy.idle ] || mkfifo /run/haproxy.idle\n"
                + "read -r line < /run/haproxy.idle\n", mode: 0o755)
    }
}
