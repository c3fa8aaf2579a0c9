import NetnsKit
import Testing
import VRRPCore
import Wire

@testable import LabCourse

@Suite("Why something will follow from a fault") struct FaultReasonTests {
    /// node1 with priority 150 is the master, node2 has 100.
    private static func reason(
        masters: Set<String> = ["node1"], weight: Int? = nil, interval: Duration = .seconds(1)
    ) -> FaultReason {
        var routers: [String: [VirtualRouterConfiguration]] = [:]
        for (node, priority) in [("node1", 150), ("node2", 100)] {
            let file = SourceFile(
                "/etc/keepalived/keepalived.conf",
                """
                vrrp_script chk { script "/bin/true"
                    interval 2
                    fall 2 }
                vrrp_instance VI_1 { interface eth0
                    virtual_router_id 51
                    priority \(priority)
                    advert_int \(Int(interval.inSeconds))
                    \(weight.map { "track_script { chk weight \($0) }" } ?? "")
                    virtual_ipaddress { 192.168.1.100/24 } }
                """)
            let reading = ConfigurationReading(file)
            routers[node] = reading.routers
        }
        var check = ScriptConfiguration(name: "chk")
        (check.interval, check.fall) = (.seconds(2), 2)
        return FaultReason(
            routers: routers, checks: ["node1": [check], "node2": [check]],
            daemons: ["node1": "vrrpd", "node2": "vrrpd"], masters: masters)
    }

    private static let silence: String =
        "node2 must hear nothing for 3 x 1 s + 0.609 s skew = 3.609 s before it takes over"
    private static let skew: String = "node2 waits only its skew, (256 - 100) / 256 of 1 s = 0.609 s"
    private static let master: ProcessName = ProcessName("vrrpd", on: "node1")
    private static let end: LinkEnd = LinkEnd("node1", "eth0")

    @Test(
        "Each way to lose the master has its own time, and its own reason",
        arguments: [
            (Fault.kill(master, .tree), "no goodbye: \(silence); the dead node's kernel keeps the address"),
            (
                .kill(master, .children),
                "the parent starts a new child, which waits 3.414 s as after any start; \(silence)"
            ),
            (
                .kill(master, .parent),
                "a child that loses its parent resigns: \(skew). A daemon of one process is just dead, and \(silence)"
            ),
            (.terminate(master), "it resigns with priority 0 and removes the address: \(skew)"),
            (.pause(master), "it is silent and keeps the address: \(silence), and then two have it"),
            (.linkDown(end), "node1 sees it, gives the address up, and has no way to say so: \(silence)"),
            (
                .silence(end),
                "no link is down, so nobody notices: \(silence), and both are masters until they hear each other"
            ),
            (.mute(end, ipProtocol: 112), "node1 goes on and does not know: \(silence), and then two have the address"),
            (
                .partition(segment: "lan", [["node1"], ["node2"]]),
                "no link is down, so nobody notices: \(silence), and both are masters until they hear each other"
            ),
            (.deaf(LinkEnd("node2", "eth0")), "\(silence), although node1 is alive: it has 1 s between adverts"),
        ] as [(Fault, String)])
    func losses(_ fault: Fault, _ text: String) {
        #expect(Self.reason().text(of: fault) == text)
    }

    @Test("The numbers are those of the configuration")
    func numbers() {
        let text = Self.reason(interval: .seconds(2)).text(of: .kill(Self.master, .tree)) ?? ""
        #expect(text.contains("nothing for 3 x 2 s + 0.609 s skew = 6.609 s"))
    }

    @Test("What befalls a backup moves nothing")
    func backup() {
        let fault = Fault.kill(ProcessName("vrrpd", on: "node2"), .tree)
        #expect(Self.reason().text(of: fault) == "node2 is not the master: the address stays where it is")
    }

    @Test(
        "A dead service counts as its check does: without a weight as a fault, with one by the distance of priorities",
        arguments: [
            (0, "; it has no weight, so node1 goes to FAULT and resigns"),
            (-20, ": priority 150 - 20 = 130, not below node2's 100: nothing moves"),
            (-60, ": priority 150 - 60 = 90, below node2's 100: it takes over"),
        ])
    func service(_ weight: Int, _ end: String) {
        let text = Self.reason(weight: weight).text(of: .kill(ProcessName("haproxy", on: "node1"), .tree))
        #expect(text == "chk fails after 2 x 2 s, within about 4 s" + end)
    }
}
