import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

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

    @Test("Fifty network-only nodes are up within a second, each with its address and a cable that carries frames")
    func fifty() async throws {
        let topology = Self.network(50)
        try await Lab.run(topology) { lab in
            #expect(lab.constructionTime < .seconds(1))
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
        guard case .ip(let packet) = frame?.content else { return false }
        return packet.protocolNumber == ICMPEcho.protocolNumber && packet.payload.first == 0
    }
}
