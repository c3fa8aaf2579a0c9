import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

let sharedAddress = IPAddress("10.0.0.100")!

let lan = Topology([
    router("r1", "10.0.0.1/24", priority: 150),
    router("r2", "10.0.0.2/24", priority: 100),
    NodeDescription("client", [InterfaceDescription("eth0", on: "lan", ["10.0.0.9/24"])]),
])

func router(_ name: String, _ address: String, priority: Int) -> NodeDescription {
    let configuration = """
        vrrp_instance LAN {
            interface eth0
            virtual_router_id 51
            priority \(priority)
            advert_int 1
            virtual_ipaddress { 10.0.0.100/24 }
        }
        """
    return NodeDescription(
        name, [InterfaceDescription("eth0", on: "lan", [address])],
        files: [FileDescription("/etc/keepalived/keepalived.conf", configuration + "\n")])
}

struct FailoverTests {
    @Test(
        "r2 takes over when r1 loses its cable", .lab(lan),
        .requires(program: "/usr/sbin/keepalived", package: "keepalived"))
    func cable() async throws {
        let lab = try Lab.current
        for name in ["r1", "r2"] {
            try lab[name].start("/usr/sbin/keepalived", ["--dont-fork", "--log-console", "--vrrp"])
        }
        try await lab.expect("r1 becomes the master", within: .seconds(10), since: lab.start) {
            $0.isAddition(of: sharedAddress, to: "r1")
        }

        let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))

        // Three intervals and the skew of priority 100 are 3.61 s, counted from the last advertisement that r2 heard.
        try await lab.expect("r2 has the address", within: .seconds(4), since: cut.began) {
            $0.isAddition(of: sharedAddress, to: "r2")
        }
        try await lab.expect("r2 tells everybody", within: .seconds(4), since: cut.began) {
            $0.isAnnouncement(of: sharedAddress, from: "r2")
        }
    }
}
