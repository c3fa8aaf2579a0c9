import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// The lab's files as a learner types them, each with everything that is said about it.
@Suite struct LabTests {
    private func address(_ text: String, on interface: String, label: String) throws -> VirtualAddress {
        VirtualAddress(try #require(IPPrefix(text)), interface: interface, label: label)
    }

    @Test("The first node's file gives the diagnostics that its mistakes deserve and no others")
    func masterDiagnostics() {
        let result = load(LabFixtures.master)
        let advice = "keepalived does not run this without quotes: write"
        #expect(
            result.diagnostics.map(\.short) == [
                "29:19 warning: (VI_1) Warning - preempt delay will not work with initial state MASTER - clearing",
                "32:19 warning: Truncating auth_pass to 8 characters",
                #"41:45 warning: \#(advice) notify_master "/etc/keepalived/notify.sh MASTER""#,
                #"42:45 warning: \#(advice) notify_backup "/etc/keepalived/notify.sh BACKUP""#,
                #"43:44 warning: \#(advice) notify_fault "/etc/keepalived/notify.sh FAULT""#,
            ])
        #expect(result.isUsable)
        #expect(result.testExitCode == 5)
    }

    @Test("The first node's file becomes the router that it describes")
    func masterConfiguration() throws {
        let configuration = load(LabFixtures.master).configuration
        let priority = try #require(Priority(150))
        var router = VirtualRouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 51, priority: priority)
        router.startsAsMaster = true
        router.authentication = .password([0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x31, 0x32])
        router.addresses = [try address("192.168.1.100/24", on: "eth0", label: "eth0:vip")]
        router.trackedScripts = [TrackedItem("chk_haproxy", weight: -20), TrackedItem("chk_http", weight: -30)]
        #expect(configuration.router.virtualRouters == [router])
        var process = ScriptConfiguration(name: "chk_haproxy")
        process.interval = .seconds(2)
        process.rise = 2
        process.fall = 2
        var page = ScriptConfiguration(name: "chk_http")
        page.interval = .seconds(5)
        #expect(configuration.router.scripts == [process, page])
    }

    @Test("The first node's scripts run as root, with the words of the file as arguments")
    func masterScripts() {
        let configuration = load(LabFixtures.master).configuration
        #expect(configuration.routerID == "LVS_MASTER")
        #expect(configuration.scriptUser == "root")
        #expect(configuration.scriptGroup == nil)
        #expect(configuration.scriptSecurityEnabled)
        #expect(
            configuration.scripts == [
                TrackScript(
                    name: "chk_haproxy", command: ScriptCommand(["/usr/bin/killall", "-0", "haproxy"]),
                    interval: .seconds(2)),
                TrackScript(
                    name: "chk_http",
                    command: ScriptCommand(["/bin/bash", "-c", "curl -sf http://127.0.0.1/health"]),
                    interval: .seconds(5), timeout: .seconds(3)),
            ])
        var notify = NotifyScripts()
        notify.master = ScriptCommand(["/etc/keepalived/notify.sh", "MASTER"])
        notify.backup = ScriptCommand(["/etc/keepalived/notify.sh", "BACKUP"])
        notify.fault = ScriptCommand(["/etc/keepalived/notify.sh", "FAULT"])
        #expect(configuration.notifications == ["VI_1": notify])
    }

    @Test("The second node's file leaves a lower-priority master alone")
    func backup() throws {
        let result = load(LabFixtures.backup)
        let advice = "keepalived does not run this without quotes: write"
        #expect(
            result.diagnostics.map(\.short) == [
                "24:19 warning: Truncating auth_pass to 8 characters",
                #"32:45 warning: \#(advice) notify_master "/etc/keepalived/notify.sh MASTER""#,
                #"33:45 warning: \#(advice) notify_backup "/etc/keepalived/notify.sh BACKUP""#,
                #"34:44 warning: \#(advice) notify_fault "/etc/keepalived/notify.sh FAULT""#,
            ])
        let router = try #require(result.routers.first)
        #expect(router.priority.rawValue == 100)
        #expect(!router.preempts)
        #expect(!router.startsAsMaster)
        #expect(router.trackedScripts == [TrackedItem("chk_haproxy", weight: -20)])
    }

    @Test("The capstone's file loses what keepalived drops, and runs both routers")
    func capstoneDiagnostics() {
        let result = load(LabFixtures.capstone)
        let ipv6 = "2001:db8::100/64"
        #expect(
            result.diagnostics.map(\.short) == [
                "45:19 warning: (VI_HTTP) Warning - preempt delay will not work with initial state MASTER - clearing",
                "48:19 warning: Truncating auth_pass to 8 characters",
                "54:9 error: (VI_HTTP) address family must match VRRP instance [\(ipv6)] - ignoring",
                "54:42 warning: Cannot specify label for IPv6 addresses (\(ipv6)) - ignoring label",
                "62:9 warning: (VI_HTTP) Ignoring track_interface bond0 since own interface",
            ])
        #expect(result.isUsable)
        #expect(result.testExitCode == 5)
    }

    @Test("The capstone's routers talk to one peer, and a dollar sign in a password is just that")
    func capstoneConfiguration() throws {
        let result = load(LabFixtures.capstone)
        try #require(result.routers.count == 2)
        let (web, database) = (result.routers[0], result.routers[1])
        #expect(web.sourceAddress == .v4(IPv4Address(10, 0, 1, 11)))
        #expect(web.unicastPeers == [.v4(IPv4Address(10, 0, 1, 12))])
        #expect(web.authentication == .password(Array("Pr0d$ecr".utf8)))
        #expect(web.addresses == [try address("10.0.1.100/24", on: "bond0", label: "bond0:http")])
        #expect(web.trackedScripts.map(\.weight) == [-20, -30, -10])
        #expect(web.trackedInterfaces == [])
        #expect(web.preemptDelay == .zero)
        #expect(database.virtualRouterID == 52)
        #expect(database.authentication == .password(Array("Db$ecr3t".utf8)))
        #expect(!database.preempts)
        var notify = NotifyScripts()
        notify.generic = ScriptCommand(["/etc/keepalived/notify-webhook.sh"])
        #expect(result.configuration.notifications == ["VI_HTTP": notify])
    }
}
