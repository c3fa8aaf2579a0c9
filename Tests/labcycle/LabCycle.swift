import LinuxSystem
import NetnsKit
import Wire

/// A harness to be killed: it builds a lab with daemons in it, lets it live for a moment, takes it down, and begins
/// again, and says on its standard output which of these it does.
@main
enum LabCycle {
    /// A daemon that forks twice, so that its grandchild has no parent to die with.
    private static let daemon = "(setsid /bin/sleep 1000 &) ; exec /bin/sleep 1000"

    /// On both fabrics, where the machine has TAP devices.
    private static let topology = Topology(
        (1...3).map { number in
            NodeDescription(
                "node\(number)",
                [
                    InterfaceDescription("eth0", on: "lan", ["10.0.0.\(number)/24"]),
                    InterfaceDescription("eth1", on: "side", ["10.0.1.\(number)/24"]),
                ], privateDirectories: NodeDescription.standardPrivateDirectories + ["/etc/labcycle/deep"])
        },
        segments: [
            SegmentDescription("side", fabric: (try? TapDevice.verifyAccess()) == nil ? .kernel : .userSpace)
        ])

    static func main() async throws {
        let output = OwnedDescriptor(owning: 1)
        while true {
            try output.write(Array("bring-up\n".utf8))
            let audit = LeakAudit()
            try await Lab.run(topology) { lab in
                defer { audit.note(lab) }
                for node in topology.nodes {
                    try lab[node.name].write("here", to: "/etc/labcycle/deep/file")
                    try lab[node.name].start("/bin/sh", ["-c", daemon], as: "daemon")
                }
                try output.write(Array("run\n".utf8))
                let fault = Fault.partition(segment: "lan", [["node1"], ["node2", "node3"]])
                try lab.inject(fault)
                try lab["node1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0")
                try lab["node1"].ping(IPv4Address(10, 0, 1, 2), over: "eth1")
                try await lab.watch(for: .milliseconds(20))
                try lab.heal(fault)
                try output.write(Array("teardown\n".utf8))
            }
            // The call has long returned; what the kernel does for it goes on for a while.
            let leaks = await audit.leaks()
            guard leaks.isEmpty else { return try output.write(Array("leaks: \(leaks)\n".utf8)) }
        }
    }
}
