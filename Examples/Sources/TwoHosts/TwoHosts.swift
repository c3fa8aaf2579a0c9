import NetnsKit
import Timeline

/// Two hosts on a switch; one loses its cable, and the drawing says what it saw.
@main
struct TwoHosts {
    static func main() async throws {
        let lan = Topology([
            NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
            NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
        ])
        try await Lab.run(lan) { lab in
            let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
            try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
                $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
            }
            print(lab.diagram)
        }
    }
}
