import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("Dumps")
struct DumpTests {
    private func configuration() -> RouterConfiguration {
        var router = VirtualRouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 51, priority: Priority(150)!)
        router.authentication = .password(Array("secret12".utf8))
        router.addresses = [
            VirtualAddress(IPPrefix("10.9.0.100/24")!, interface: "eth0", label: "eth0:1"),
            VirtualAddress(IPPrefix("10.9.0.101/24")!, interface: "eth0", scope: .link),
        ]
        return RouterConfiguration(virtualRouters: [router])
    }

    /// Master since 3.414062 s, with two advertisements sent.
    private func master() -> Router {
        let up = InterfaceState(isUp: true, primaryIPv4: IPv4Address("10.9.0.1"))
        var router = Router(configuration())
        _ = router.handle(.interface("eth0", up), at: .zero)
        _ = router.handle(.start, at: .zero)
        _ = router.handle(.deadline, at: Instant(nanoseconds: 3_414_062_500))
        _ = router.handle(.deadline, at: Instant(nanoseconds: 4_414_062_500))
        return router
    }

    @Test("Statistics are written as keepalived writes them")
    func statistics() {
        #expect(
            StatisticsDump.text(of: master().virtualRouters) == """
                VRRP Instance: VI_1
                  Advertisements:
                    Received: 0
                    Sent: 2
                  Became master: 1
                  Released master: 0
                  Packet Errors:
                    Length: 0
                    TTL: 0
                    Invalid Type: 0
                    Advertisement Interval: 0
                    Address List: 0
                  Authentication Errors:
                    Invalid Type: 0
                    Type Mismatch: 0
                    Failure: 0
                  Priority Zero:
                    Received: 0
                    Sent: 0

                """)
    }

    private func stateDump() -> StateDump {
        var daemon = DaemonConfiguration()
        daemon.router = configuration()
        daemon.routerID = "n1"
        return StateDump(
            configuration: daemon, scripts: [],
            notifications: [
                "VI_1": Notifications(
                    specific: [
                        .master: PreparedScript(arguments: ["/etc/up", "a b"], account: .init(user: 0, group: 7))
                    ])
            ],
            routers: master().virtualRouters,
            interfaces: ["eth0": Interface(index: 3, isUp: true, addresses: [IPAddress("10.9.0.1")!])],
            installed: Set(configuration().virtualRouters[0].addresses.prefix(1)), clockOffset: 0)
    }

    @Test(
        "The state says what keepalived's says, in its words",
        arguments: [
            "------< Global definitions >------\n Router ID = n1\n FIFO write",
            "\n Script security disabled\n VRRP packets lost = 0\n",
            "------< VRRP Topology >------\n VRRP Instance = VI_1\n   VRRP Version = 2\n   State = MASTER\n",
            "\n   State = MASTER\n   Flags: none\n   Wantstate = MASTER\n",
            "\n   Master down timer = 3414062 usecs\n   Interface = eth0\n   Using src_ip = 10.9.0.1\n",
            "\n   Multicast address 224.0.0.18\n   Gratuitous ARP delay = 5\n   Gratuitous ARP repeat = 5\n",
            "\n   Virtual Router ID = 51\n   Priority = 150\n   Effective priority = 150\n   Total priority = 150\n",
            "\n   Advert interval = 1 sec\n   Accept = enabled\n   Preempt = enabled\n   Promote_secondaries",
            "\n   Virtual IP (2):\n     10.9.0.100/24 dev eth0 scope global label eth0:1 set\n"
                + "     10.9.0.101/24 dev eth0 scope link\n",
            "\n   Master state transition script = '/etc/up' 'a b', uid:gid 0:7\n",
            "------< Interfaces >------\n Name = eth0\n   index = 3\n   IPv4 address = 10.9.0.1\n",
        ])
    func state(excerpt: String) {
        #expect(stateDump().text.contains(excerpt))
    }

    @Test("The password is in no dump")
    func password() {
        #expect(stateDump().text.contains("\n   Authentication type = SIMPLE_PASSWORD\n   Password = ********\n"))
        #expect(!stateDump().text.contains("secret12"))
    }
}
