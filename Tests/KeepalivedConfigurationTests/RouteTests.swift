import KeepalivedConfiguration
import Testing
import VRRPCore
import Wire

/// `virtual_routes`, `virtual_rules` and their static relatives.
@Suite struct RouteTests {
    private func routes(_ line: String) -> (routes: [VirtualRoute], complaints: [String]) {
        let result = instance("virtual_routes {\n\(line)\n}")
        return (result.routers.first?.routes ?? [], result.complaints)
    }

    private func rules(_ line: String) -> (rules: [VirtualRule], complaints: [String]) {
        let result = instance("virtual_rules {\n\(line)\n}")
        return (result.routers.first?.rules ?? [], result.complaints)
    }

    @Test("A default route takes the family of its gateway")
    func defaultRoute() throws {
        let four = routes("default via 192.0.2.1 dev eth0 metric 5")
        #expect(four.complaints == [])
        let route = try #require(four.routes.first)
        #expect(route.destination.description == "0.0.0.0/0")
        #expect(route.nextHops == [.init(gateway: .v4(IPv4Address(192, 0, 2, 1)), interface: "eth0")])
        #expect(route.priority == 5)
        #expect(route.table == 254)
        #expect(route.isTracked)
        #expect(try #require(routes("default via fe80::1 dev eth0").routes.first).destination.description == "::/0")
    }

    @Test("A route with all its words")
    func fullRoute() throws {
        let result = routes(
            "src 192.0.2.9 to 198.51.100.0/24 via 192.0.2.1 dev eth1 table 100 preference 7 scope link tos 0x10 "
                + "mtu lock 1400 advmss 1360 rtt 10ms initcwnd 20 features ecn congctl cubic onlink no_track")
        #expect(result.complaints == [])
        let route = try #require(result.routes.first)
        #expect(route.preferredSource == .v4(IPv4Address(192, 0, 2, 9)))
        #expect(route.destination.description == "198.51.100.0/24")
        #expect(route.nextHops.map(\.isOnLink) == [true])
        #expect(route.table == 100)
        #expect(route.priority == 7)
        #expect(route.scope == .link)
        #expect(route.typeOfService == 16)
        let metrics = Dictionary(uniqueKeysWithValues: route.metrics.map { ($0.key.rawValue, $0.value) })
        #expect(metrics == [2: 1400, 4: 80, 8: 1360, 11: 20, 12: 1])
        #expect(route.lockedMetrics == 4)
        #expect(route.congestionControl == "cubic")
        #expect(!route.isTracked)
    }

    @Test("A route over several ways, and one into nothing")
    func kinds() throws {
        let several = routes("198.51.100.0/24 nexthop via 192.0.2.1 dev eth0 weight 3 nexthop via 192.0.2.2 dev eth1")
        #expect(several.complaints == [])
        let hops = try #require(several.routes.first).nextHops
        #expect(hops.map(\.interface) == ["eth0", "eth1"])
        #expect(hops.map(\.weight) == [3, 1])
        let hole = routes("blackhole 198.51.100.0/24 no_track")
        #expect(hole.complaints == [])
        #expect(try #require(hole.routes.first).kind == .blackhole)
        #expect(try #require(hole.routes.first).nextHops == [])
    }

    @Test(
        "A route that cannot be used is left out, with a reason",
        arguments: [
            ("restore", "6:1 error: unknown route keyword restore - ignoring the route"),
            (
                "10.0.0.0/8",
                "6:1 error: route to 10.0.0.0/8 needs 'via GATEWAY' or 'dev INTERFACE' - ignoring the route"
            ),
            ("10.0.0.0/8 via x", "6:16 error: via: 'x' is not an address - ignoring the route"),
            (
                "10.0.0.0/8 via fe80::1 dev a",
                "6:1 error: route to 10.0.0.0/8 mixes address families - ignoring the route"
            ),
            ("10.0.0.0/8 via", "6:12 error: 'via' is missing a parameter - ignoring the route"),
            (
                "10.0.0.0/8 dev eth0 table mine",
                "6:27 error: table 'mine' is not known: write its number, or main, local or default - "
                    + "ignoring the route"
            ),
            ("10.0.0.0/8 dev eth0 pref low", "6:21 error: 'pref' is not supported by vrrpd - ignoring the route"),
        ])
    func badRoutes(_ line: String, _ complaint: String) {
        let result = routes(line)
        #expect(result.routes == [])
        #expect(result.complaints == [complaint])
    }

    @Test("A route that nothing ties to an interface is not watched")
    func untracked() throws {
        let result = routes("default via 192.0.2.1")
        #expect(
            result.complaints == [
                "6:1 warning: Warning - cannot track route 0.0.0.0/0 with no interface specified, not tracking"
            ])
        #expect(try #require(result.routes.first).isTracked == false)
    }

    @Test("A rule with all its words")
    func fullRule() throws {
        let result = rules(
            "not from 192.0.2.0/24 to 198.51.100.0/24 iif eth0 oif eth1 fwmark 0x10/0xff tos 8 ipproto tcp "
                + "sport 1000-2000 dport 80 uidrange 1-9 suppress_prefixlength 0 table 100 priority 50 no_track")
        #expect(result.complaints == [])
        let rule = try #require(result.rules.first)
        #expect(rule.family == .ipv4)
        #expect(rule.action == .lookUp(table: 100))
        #expect(rule.priority == 50)
        #expect(rule.isInverted)
        #expect(rule.mark == 16)
        #expect(rule.markMask == 255)
        #expect(rule.ipProtocol == 6)
        #expect(rule.sourcePorts == 1000...2000)
        #expect(rule.destinationPorts == 80...80)
        #expect(rule.users == 1...9)
        #expect(rule.suppressedPrefixLength == 0)
        #expect(!rule.isTracked)
    }

    @Test("Rules without a preference are numbered downwards in each family, with a warning")
    func numbering() {
        let result = rules("from 192.0.2.0/24 table 1\nfrom 2001:db8::/32 table 1\nto 192.0.2.0/24 blackhole")
        #expect(result.rules.map(\.priority) == [16_384, 16_384, 16_383])
        #expect(result.rules.map(\.action) == [.lookUp(table: 1), .lookUp(table: 1), .blackhole])
        #expect(result.complaints.count == 3)
        #expect(
            result.complaints.last
                == "8:1 warning: Rule has no preference specified - setting to 16383. This is probably not what you "
                + "want.")
    }

    @Test(
        "A rule that cannot be used is left out",
        arguments: [
            ("from 192.0.2.0/24", "6:1 error: No action or table specified for the rule - ignoring the rule"),
            (
                "from 192.0.2.0/24 to 2001:db8::/32 table 1",
                "6:19 error: the rule mixes address families - ignoring the rule"
            ),
            ("sport 9-1 table 1", "6:7 error: sport '9-1' is not a range - ignoring the rule"),
        ])
    func badRules(_ line: String, _ complaint: String) {
        let result = rules(line)
        #expect(result.rules == [])
        #expect(result.complaints == [complaint])
    }

    @Test("What is static stands in the daemon's configuration")
    func statics() {
        let result = load(
            """
            static_ipaddress {
              192.0.2.1/24 dev eth1
            }
            static_routes {
              198.51.100.0/24 via 192.0.2.2 dev eth1
            }
            static_rules {
              from 192.0.2.0/24 table 7 preference 3
            }
            """)
        #expect(result.complaints == [])
        #expect(result.configuration.staticAddresses.map(\.interface) == ["eth1"])
        #expect(result.configuration.staticRoutes.map(\.destination.description) == ["198.51.100.0/24"])
        #expect(result.configuration.staticRules.map(\.priority) == [3])
    }
}
