import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

let lan = Topology([
    NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
    NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
    NodeDescription("client", [InterfaceDescription("eth0", on: "lan", ["10.0.0.9/24"])]),
])

struct FailoverTests {
    @Test("r2 takes over when r1 loses its cable", .lab(lan))
    func cable() async throws {
        let lab = try Lab.current
        print("a lab of \(lab.topology.nodes.count) hosts, made in \(lab.constructionTime)")
    }
}
