import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// Addresses, peers and what an instance tracks.
@Suite struct AddressTests {
    /// An instance whose addresses are the lines given, from line 5 on.
    private func addresses(_ lines: String, more: String = "") -> ConfigurationResult {
        load(
            "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n\(lines)\n}\n\(more)\n}\n"
        )
    }

    private func address(
        _ text: String, on interface: String = "eth0", label: String? = nil, scope: AddressScope = .global
    ) throws -> VirtualAddress {
        VirtualAddress(try #require(IPPrefix(text)), interface: interface, label: label, scope: scope)
    }

    @Test("An address takes its length, interface, label and scope from its line")
    func options() throws {
        let result = addresses(
            """
            192.0.2.1
            192.0.2.2/24 brd 192.0.2.255 dev eth1 label eth1:vip scope link
            192.0.2.3/24 scope 200 home no_track
            192.0.2.4/24 label eth0:abcdefghij
            """)
        #expect(result.complaints == [])
        var second = try address("192.0.2.2/24", on: "eth1", label: "eth1:vip", scope: .link)
        second.broadcast = IPv4Address(192, 0, 2, 255)
        var third = try address("192.0.2.3/24", scope: .site)
        third.options = .home
        third.isTracked = false
        #expect(
            try #require(result.routers.first).addresses == [
                try address("192.0.2.1/32"), second, third,
                try address("192.0.2.4/24", label: "eth0:abcdefghij"),
            ])
        #expect(
            result.notes == ["5:1 note: 192.0.2.1 has no prefix length and gets /32; others like it are not listed"])
    }

    @Test(
        "A bad line costs as little as keepalived makes it cost",
        arguments: [
            ("192.0.2.300/24", ["5:1 error: VRRP parsed invalid IP 192.0.2.300/24. skipping IP..."], nil),
            ("eth0", ["5:1 error: VRRP parsed invalid IP eth0. skipping IP..."], nil),
            (
                "192.0.2.1/33", ["5:1 error: Invalid address prefix len 33 for address 192.0.2.1/33 - using 32"],
                "192.0.2.1/32"
            ),
            (
                "192.0.2.1/x", ["5:1 error: Invalid address prefix len x for address 192.0.2.1/x - using 32"],
                "192.0.2.1/32"
            ),
            (
                "192.0.2.1 192.0.2.2/24",
                [
                    "5:11 error: Unknown configuration entry '192.0.2.2/24' for ip address - ignoring; "
                        + "write each address on a line of its own"
                ], "192.0.2.1/32"
            ),
            (
                "192.0.2.1 gateway", ["5:11 error: Unknown configuration entry 'gateway' for ip address - ignoring"],
                "192.0.2.1/32"
            ),
            (
                "192.0.2.1 label eth0:abcdefghijk",
                ["5:17 error: Address label eth0:abcdefghijk is longer than maximum length 15 - removing address"], nil
            ),
            (
                "192.0.2.1 scope moon", ["5:17 error: Invalid scope 'moon' for address 192.0.2.1 - using global"],
                "192.0.2.1/32"
            ),
            ("192.0.2.1 dev", ["5:11 error: address 192.0.2.1 is missing a parameter after 'dev'"], "192.0.2.1/32"),
        ] as [(String, [String], String?)])
    func badLines(_ line: String, _ complaints: [String], _ kept: String?) throws {
        let result = addresses(line)
        let said = result.complaints.filter { !$0.contains("No VIP specified") }
        #expect(said == complaints)
        #expect(try #require(result.routers.first).addresses.map { "\($0.prefix)" } == (kept.map { [$0] } ?? []))
    }

    @Test("The first address decides the family; others are dropped, except among the excluded")
    func family() throws {
        let mixed = addresses("192.0.2.1\n2001:db8::1", more: "virtual_ipaddress_excluded {\n2001:db8::2/64\n}")
        #expect(
            mixed.complaints == ["6:1 error: (VI_1) address family must match VRRP instance [2001:db8::1] - ignoring"])
        let router = try #require(mixed.routers.first)
        #expect(router.family == .ipv4)
        #expect(router.excludedAddresses == [try address("2001:db8::2/64")])
        let other = addresses("2001:db8::1/64\n192.0.2.1/24")
        #expect(
            other.complaints == ["6:1 error: (VI_1) address family must match VRRP instance [192.0.2.1/24] - ignoring"])
        #expect(try #require(other.routers.first).family == .ipv6)
    }

    @Test("IPv6 means version 3, whatever the global version is, unless the instance says 2")
    func ipv6Version() throws {
        let text = "global_defs {\nvrrp_version 2\n}\nvrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n"
        let result = load(text + "virtual_ipaddress { fe80::1 }\n}\n")
        #expect(result.complaints == [])
        #expect(try #require(result.routers.first).version == .v3)
        var only = try address("fe80::1/128")
        only.preferredLifetime = .zero
        #expect(try #require(result.routers.first).addresses == [only])
        let second = load(text + "version 2\nvirtual_ipaddress { fe80::1 }\n}\n")
        #expect(try #require(second.routers.first).version == .v2)
    }

    @Test("An IPv6 address keeps its place and loses its label")
    func ipv6Label() throws {
        let result = addresses("2001:db8::1/64 label eth0:x")
        #expect(
            result.complaints == [
                "5:22 warning: Cannot specify label for IPv6 addresses (2001:db8::1/64) - ignoring label"
            ])
        #expect(try #require(result.routers.first).addresses == [try address("2001:db8::1/64")])
    }

    @Test("An address that is listed twice is taken once")
    func duplicates() throws {
        let result = addresses("192.0.2.1/24\n192.0.2.1/24", more: "virtual_ipaddress_excluded {\n192.0.2.1\n}")
        #expect(
            result.complaints == [
                "6:1 warning: (VI_1) address 192.0.2.1/24 is listed twice - ignoring",
                "9:1 warning: (VI_1) address 192.0.2.1 is listed twice - ignoring",
            ])
        #expect(try #require(result.routers.first).allAddresses == [try address("192.0.2.1/24")])
    }

    @Test("A packet counts 255 addresses; the rest is installed without being advertised")
    func excess() throws {
        let result = addresses((0..<300).map { "10.0.\($0 / 256).\($0 % 256)" }.joined(separator: "\n"))
        let router = try #require(result.routers.first)
        #expect(router.addresses.count == 255)
        #expect(router.excludedAddresses.count == 45)
        #expect(
            result.complaints == [
                "1:15 warning: (VI_1) Number of VIPs (300) exceeds maximum/space available in packet "
                    + "(max 255 addresses) - excess moved to eVIPs"
            ])
    }

    @Test("Peers of the other family, malformed and repeated ones are dropped one by one")
    func peers() throws {
        let result = instance(
            "unicast_src_ip 10.0.0.1\nunicast_peer {\n10.0.0.2\nfe80::2\n10.0.0\n10.0.0.2\n10.0.0.3 10.0.0.4\n}")
        #expect(
            result.complaints == [
                "8:1 error: (VI_1) address family must match VRRP instance [fe80::2] - ignoring",
                "9:1 error: VRRP instance[VI_1] malformed unicast peer address[10.0.0]. Skipping...",
                "10:1 warning: (VI_1) peer 10.0.0.2 is listed twice - ignoring",
                "11:10 error: unknown unicast_peer option '10.0.0.4' - ignoring; write each peer on a line of its own",
            ])
        let router = try #require(result.routers.first)
        #expect(router.unicastPeers == [.v4(IPv4Address(10, 0, 0, 2)), .v4(IPv4Address(10, 0, 0, 3))])
        #expect(router.sourceAddress == .v4(IPv4Address(10, 0, 0, 1)))
    }

    @Test(
        "A unicast word without peers falls back to multicast, and says so",
        arguments: ["unicast_src_ip 10.0.0.1", "unicast_peer {\n}"])
    func noPeers(_ line: String) throws {
        let result = instance(line)
        #expect(
            result.complaints == [
                "5:1 warning: (VI_1) A unicast keyword has been specified without any unicast peers. "
                    + "Defaulting to multicast. This usage is deprecated"
            ])
        #expect(try #require(result.routers.first).unicastPeers == [])
        #expect(instance("mcast_src_ip 10.0.0.1").complaints == [])
    }

    @Test("A source address of the other family is dropped")
    func sourceFamily() throws {
        let result = instance("mcast_src_ip fe80::1")
        #expect(
            result.complaints == ["5:14 error: (VI_1) address family must match VRRP instance [fe80::1] - ignoring"])
        #expect(try #require(result.routers.first).sourceAddress == nil)
    }

    @Test("Interfaces are tracked with their weights, except the instance's own")
    func trackedInterfaces() throws {
        let result = instance(
            "track_interface {\neth1\neth2 weight -10\neth3 weight 5 reverse\neth0 weight -50\neth1\neth4 weight 300\n}"
        )
        #expect(
            result.complaints == [
                "9:1 warning: (VI_1) Ignoring track_interface eth0 since own interface",
                "10:1 warning: (VI_1) interface eth1 is tracked twice - ignoring",
                "11:13 error: (VI_1) weight of 'eth4' not valid! number '300' outside range [-253, 253] - ignoring",
            ])
        #expect(
            try #require(result.routers.first).trackedInterfaces == [
                TrackedItem("eth1"), TrackedItem("eth2", weight: -10), TrackedItem("eth3", weight: 5, isReversed: true),
                TrackedItem("eth4"),
            ])
    }
}
