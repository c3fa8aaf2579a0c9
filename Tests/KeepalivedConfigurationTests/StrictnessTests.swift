import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// `vrrp_strict`, virtual interfaces, and the words that are vrrpd's own.
@Suite struct StrictnessTests {
    private func strict(_ lines: String, addresses: String = "192.0.2.100/24") -> ConfigurationResult {
        load(
            "global_defs {\nvrrp_strict\n}\nvrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n"
                + "virtual_ipaddress { \(addresses) }\n\(lines)\n}\n")
    }

    @Test("Strictness takes every addition of keepalived's back, with a word about each")
    func consequences() throws {
        let result = strict(
            "state MASTER\npriority 150\nlower_prio_no_advert false\nhigher_prio_send_advert\ndown_timer_adverts 5\n"
                + "garp_lower_prio_repeat 2\nuse_vmac 00:00:5e:00:01:07\n"
                + "authentication {\nauth_type PASS\nauth_pass x\n}"
        )
        let messages = Set(result.complaints.map { $0.split(separator: ": ", maxSplits: 1)[1] })
        #expect(
            messages == [
                "(A) State MASTER must match being address owner",
                "(A) lower_prio_no_advert must be true in strict mode - resetting",
                "(A) higher_prio_send_advert must be false in strict mode - resetting",
                "(A) down_timer_adverts must be 3 in strict mode - resetting",
                "(A) garp_lower_prio_* is not supported in strict mode - resetting",
                "(A) the MAC address of use_vmac cannot be chosen in strict mode - resetting",
                "(A) Strict mode does not support authentication. Ignoring.",
            ])
        let router = try #require(result.routers.first)
        #expect(router.isStrict)
        #expect(!router.startsAsMaster)
        #expect(!router.accepts)
        #expect(!router.answersLowerPriority)
        #expect(!router.sendsLastAdvertisement)
        #expect(router.downTimerAdvertisements == 3)
        #expect(router.announcement == AnnouncementPolicy())
        #expect(router.virtualInterface == VirtualInterface("vrrp.1"))
        #expect(router.authentication == .none)
    }

    @Test(
        "What the RFC does not allow at all is fatal in strict mode",
        arguments: [
            ("unicast_peer { 192.0.2.9 }", "192.0.2.100/24"), ("", "2001:db8::1/64"), ("", ""),
        ])
    func fatal(_ lines: String, _ addresses: String) {
        let result = strict(lines, addresses: addresses)
        #expect(result.routers == [])
        #expect(!result.isUsable)
    }

    @Test("An owner accepts what is sent to its addresses even in strict mode")
    func owner() throws {
        let result = strict("priority 255")
        #expect(result.complaints == [])
        #expect(try #require(result.routers.first).accepts)
        #expect(try #require(result.routers.first).startsAsMaster)
    }

    @Test("Addresses without dev live on the virtual interface, whose name may be chosen")
    func virtualInterface() throws {
        let lines = "use_vmac vm0\nvirtual_ipaddress_excluded {\n198.51.100.1/24 dev eth1\n198.51.100.2/24 dev eth0\n}"
        let router = try #require(instance(lines).routers.first)
        #expect(instance(lines).complaints == [])
        #expect(router.virtualInterface == VirtualInterface("vm0"))
        #expect(router.addresses.map(\.interface) == ["vm0"])
        #expect(router.excludedAddresses.map(\.interface) == ["eth1", "eth0"])
        let unicast = instance("use_vmac\nunicast_peer { 192.0.2.9 }")
        #expect(
            unicast.complaints == ["5:1 warning: (VI_1) unicast with use_vmac requires vmac_xmit_base - setting"])
        #expect(try #require(unicast.routers.first).virtualInterface?.transmitsOnBase == true)
    }

    @Test("An ipvlan with an address of its own speaks from it, and one of the other family is refused")
    func ipvlan() throws {
        let router = try #require(instance("use_ipvlan 192.0.2.9/24").routers.first)
        #expect(router.virtualInterface == VirtualInterface("vrrp.51", kind: .ipvlan(IPPrefix("192.0.2.9/24"))))
        #expect(router.sourceAddress == IPAddress("192.0.2.9"))
        let other = try #require(instance("use_ipvlan 192.0.2.9/24\nmcast_src_ip 192.0.2.8").routers.first)
        #expect(other.sourceAddress == IPAddress("192.0.2.8"))
        let mixed = instance("use_ipvlan fe80::9/64")
        #expect(
            mixed.complaints == [
                "5:1 error: (VI_1) address family must match VRRP instance [fe80::9/64] - ignoring"
            ])
        #expect(mixed.routers.first?.virtualInterface?.kind == .ipvlan(nil))
    }

    @Test("Two routers never share a virtual interface")
    func sameName() {
        let body = "virtual_ipaddress { 192.0.2.1/24 }\nvirtual_router_id 7\n"
        let result = load(
            "vrrp_instance A {\ninterface eth0\nuse_vmac vm\n\(body)}\n"
                + "vrrp_instance B {\ninterface eth1\nuse_vmac vm\n\(body)}"
        )
        #expect(result.complaints == ["9:10 error: (B) VRRP instance A is already using vm - ignoring name"])
        #expect(result.routers.map { $0.virtualInterface?.name } == ["vm", "vm.1"])
        #expect(result.routers.map { $0.addresses[0].interface } == ["vm", "vm.1"])
    }

    @Test("A lease and a cap of the learned interval are set for all or for one, and the cap can be taken off")
    func ownWords() throws {
        let plain = try #require(instance("").routers.first)
        #expect(plain.addressLease == nil)
        #expect(plain.learnedIntervalCap == 4)
        #expect(plain.sendsLastAdvertisement)
        let own = try #require(
            instance("vip_lease 30\nlearned_interval_cap off\nhigher_prio_send_advert false").routers.first)
        #expect(own.addressLease == .seconds(30))
        #expect(own.learnedIntervalCap == nil)
        #expect(!own.sendsLastAdvertisement)
        let global = load(
            "global_defs {\nvrrp_vip_lease 60\nvrrp_learned_interval_cap 2\nvrrp_lower_prio_no_advert\n}\n"
                + "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress { 192.0.2.1/24 }\n}")
        #expect(global.complaints == [])
        let router = try #require(global.routers.first)
        #expect(router.addressLease == .seconds(60))
        #expect(router.learnedIntervalCap == 2)
        #expect(!router.answersLowerPriority)
    }

    @Test("AH takes a key of eight octets, and starts as a backup")
    func authenticationHeader() throws {
        let lines = "state MASTER\npriority 150\nauthentication {\nauth_type AH\nauth_pass abc\n}"
        let result = instance(lines)
        #expect(
            result.complaints == [
                "5:7 warning: (VI_1) Initial state master is incompatible with AH authentication - clearing"
            ])
        let router = try #require(result.routers.first)
        #expect(router.authentication == .header(key: [97, 98, 99, 0, 0, 0, 0, 0]))
        #expect(!router.startsAsMaster)
    }
}
