import KeepalivedConfiguration
import LinuxSystem
import Testing
import VRRPCore
import Wire

@testable import VRRPDaemon

@Suite("The dump for programs")
struct JSONDumpTests {
    private func state() -> StateDump {
        var told = VirtualRouterConfiguration(
            name: "VI_1", interface: "eth0", virtualRouterID: 51, priority: Priority(150)!)
        told.addresses = [VirtualAddress(IPPrefix("10.9.0.100/24")!, interface: "eth0", label: "eth0:1")]
        told.trackedInterfaces = [TrackedItem("eth1", weight: 5)]
        told.authentication = .password(Array("secret12".utf8))
        var router = Router(RouterConfiguration(virtualRouters: [told]))
        let up = InterfaceState(isUp: true, primaryIPv4: IPv4Address("10.9.0.1"))
        _ = router.handle(.interface("eth0", up), at: .zero)
        _ = router.handle(.start, at: .zero)
        _ = router.handle(.deadline, at: Instant(nanoseconds: 617_557_692_000))
        let script = PreparedScript(arguments: ["/bin/up", "now"], account: .init(user: 0, group: 0))
        return StateDump(
            configuration: DaemonConfiguration(), scripts: [],
            notifications: ["VI_1": Notifications(specific: [.master: script])], routers: router.virtualRouters,
            interfaces: [:], installed: [told.addresses[0]], clockOffset: 1_795_844_000_000_000_000)
    }

    @Test("A router has the members of keepalived 2.2.7, in its order, with its kinds of value")
    func wholeText() {
        #expect(
            JSONDump(state: state()).text(version: 1)
                == #"[{"data":{"iname":"VI_1","dont_track_primary":0,"skip_check_adv_addr":0,"strict_mode":0,"#
                + #""vmac_ifname":"","ifp_ifname":"eth0","master_priority":0,"last_transition":1795844617.557692,"#
                + #""garp_delay":5,"garp_refresh":0,"garp_rep":5,"garp_refresh_rep":1,"garp_lower_prio_delay":5,"#
                + #""garp_lower_prio_rep":5,"lower_prio_no_advert":0,"higher_prio_send_advert":1,"vrid":51,"#
                + #""base_priority":150,"effective_priority":150,"vipset":true,"promote_secondaries":false,"#
                + #""adver_int":1,"master_adver_int":1,"accept":1,"nopreempt":false,"preempt_delay":0,"state":2,"#
                + #""wantstate":2,"version":2,"smtp_alert":false,"notify_deleted":false,"#
                + #""script_master":"'\/bin\/up' 'now'","#
                + #""vips":["10.9.0.100\/24 dev eth0 scope global label eth0:1 set"],"#
                + #""track_ifp":["eth1"],"auth_type":1,"auth_data":"********"},"#
                + #""stats":{"advert_rcvd":0,"advert_sent":1,"become_master":1,"release_master":0,"#
                + #""packet_len_err":0,"advert_interval_err":0,"ip_ttl_err":0,"invalid_type_rcvd":0,"#
                + #""addr_list_err":0,"invalid_authtype":0,"authtype_mismatch":0,"auth_failure":0,"#
                + #""pri_zero_rcvd":0,"pri_zero_sent":0}}]"# + "\n")
    }

    @Test("Version 2 puts an object around it, and counts processes")
    func version2() throws {
        var state = state()
        state.configuration.processes = [TrackProcess(name: "p", program: "haproxy", match: .exact)]
        state.processCounts = ["p": 3]
        let text = try #require(JSONDump(state: state).text(version: 2))
        #expect(text.hasPrefix(#"{"vrrp":[{"data":{"iname":"VI_1","#))
        #expect(text.hasSuffix(#"],"track_process":[{"name":"p","process":"haproxy","num_cur_proc":3}]}"# + "\n"))
    }

    @Test("Without routers there is nothing to write")
    func empty() {
        var state = state()
        state.routers = []
        #expect(JSONDump(state: state).text(version: 1) == nil)
    }

    @Test("Half a second is half of one, and what JSON cannot hold is escaped")
    func values() {
        #expect(JSONValue.string("a\"\\/\n\t\u{1}é").text == #""a\"\\\/\n\t\u0001é""#)
        #expect(JSONValue.array([]).text == "[]")
        #expect(
            JSONValue.object(["a": .bool(true), "b": .array([.integer(-1), .number("0.5")])]).text
                == #"{"a":true,"b":[-1,0.5]}"#)
        var state = state()
        state.routers =
            Router(
                RouterConfiguration(virtualRouters: [Self.fast])
            ).virtualRouters
        let text = JSONDump(state: state).text(version: 1)
        #expect(text?.contains(#""adver_int":0.25,"master_adver_int":0.25,"#) == true)
        #expect(text?.contains(#""last_transition":0.000000,"#) == true)
        #expect(text?.contains(#""state":0,"wantstate":0,"version":3,"#) == true)
    }

    private static var fast: VirtualRouterConfiguration {
        var told = VirtualRouterConfiguration(name: "F", version: .v3, interface: "eth0", virtualRouterID: 1)
        told.advertisementInterval = .milliseconds(250)
        return told
    }
}
