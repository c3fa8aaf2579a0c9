import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@testable import netnsbench

@Suite(.requiresNamespaces) struct NetworkNodeTests {
    private static func network(_ count: Int, _ isolation: NodeDescription.Isolation = .network) -> Topology {
        Topology(
            (1...count).map { number in
                NodeDescription(
                    "node\(number)",
                    [InterfaceDescription("eth0", on: "lan", ["10.0.\(number / 200).\(number % 200 + 1)/16"])],
                    isolation: isolation)
            })
    }

    @Test("Fifty network-only nodes take at most five times as long as the kernel's limit, the best of three attempts")
    func fifty() async throws {
        var (limits, labs): ([Duration], [Duration]) = ([], [])
        for _ in 0..<3 {
            limits.append(try await RawLimit().round(of: 50).up)
            labs.append(try await OwnLab(isolation: .network).round(of: 50).up)
        }
        let (limit, lab) = (try #require(limits.min()), try #require(labs.min()))
        #expect(lab < limit * 5, "the limit took \(limits), labs took \(labs)")
    }

    @Test("Each of fifty network-only nodes has its address, and a cable that carries frames when the lab begins")
    func readiness() async throws {
        let topology = Self.network(50)
        try await Lab.run(topology) { lab in
            for node in topology.nodes {
                let addresses = try lab[node.name].addresses().filter { $0.interface == "eth0" }.map(\.prefix)
                #expect(addresses.contains { [$0] == node.interfaces[0].prefixes })
            }
            let start = MonotonicClock.now
            try lab["node50"].ping(IPv4Address(10, 0, 0, 2), over: "eth0")
            try await lab.expect("node1 answers", within: .seconds(5), since: start) { event in
                event.node == "node50" && event.isEchoReply
            }
        }
    }

    @Test("Probes, faults and link events work in nodes that are a network alone")
    func facilities() async throws {
        let end = LinkEnd("node1", "eth0")
        try await Lab.run(Self.network(2)) { lab in
            var start = MonotonicClock.now
            let probe = try lab["node2"].probe(IPv4Address(10, 0, 0, 2), over: "eth0")
            try await lab.expect("node1 answers", within: .seconds(5), since: start) { event in
                event.node == "node2" && event.isEchoReply
            }
            start = try lab.inject(.carrierLoss(end)).began
            try await lab.expect("its carrier goes", within: .seconds(5), since: start) { event in
                event.node == "node1" && event.kind == .link(interface: "eth0", isUp: false)
            }
            try lab.heal(.carrierLoss(end))
            start = try lab.inject(.removal(end)).inForce
            try await lab.expectNever("it answers", for: .milliseconds(100), since: start) { event in
                event.node == "node2" && event.isEchoReply
            }
            start = try lab.heal(.removal(end)).began
            try await lab.expect("another cable carries frames", within: .seconds(10), since: start) { event in
                event.node == "node1" && event.kind == .link(interface: "eth0", isUp: true)
            }
            probe.stop()
        }
    }

    @Test("A node that is a network alone refuses programs and files, and says what to do")
    func networkOnly() async throws {
        try await Lab.run(Self.network(1)) { lab in
            let error = LabError.networkOnly(node: "node1")
            #expect(throws: error) { try lab["node1"].start("/bin/true") }
            #expect(throws: error) { try lab["node1"].write("x", to: "/run/x") }
            #expect(throws: error) { _ = try lab["node1"].read("/etc/hostname") }
            await #expect(throws: error) { _ = try await lab["node1"].run("/bin/true") }
            #expect("\(error)".hasPrefix("node1 is a network alone (isolation: .network): programs and files need"))
        }
    }
}

extension TimelineEvent {
    fileprivate var isEchoReply: Bool {
        if case .icmp(let message, _) = frame?.content { message.kind == .echoReply } else { false }
    }
}
