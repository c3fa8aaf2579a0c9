import NetnsKit
import NetnsTesting
import Testing
import Timeline

/// Two hosts on a switch.
let cableLoss = Topology([
    NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
    NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
])

struct CableLossTests {
    @Test("r1 notices that its cable is gone", .lab(cableLoss))
    func cable() async throws {
        let lab = try Lab.current
        // Start programs here: lab["r1"].start("/usr/sbin/keepalived", ["--dont-fork", "--log-console"]).
        let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
        try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
            $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
        }
    }
}
