import NetnsKit
import Testing
import Wire

@Suite("A topology")
struct TopologyTests {
    private static let pair = Topology.star("lan", ["n1", "n2"], networks: "10.0.0.0/24")

    @Test("has no mistakes when it can be built")
    func soundTopology() throws {
        #expect(Self.pair.mistakes.isEmpty)
        try RoutingTests.chain.validate()
        #expect(RoutingTests.chain.mistakes.isEmpty)
    }

    @Test("with several mistakes is refused with all of them, one to a line")
    func severalMistakes() {
        var topology = Self.pair
        topology.nodes[0].interfaces[0].mtu = 67
        topology.nodes[1].interfaces[0].addresses = ["10.0.0.1/24"]
        let error = #expect(throws: TopologyError.self) { try topology.validate() }
        #expect(
            error.map { "\($0)" } == """
                2 mistakes in the topology:
                - the MTU of eth0 of n1 cannot be 67: take one of 68 to 65535 octets
                - n1 and n2 both have 10.0.0.1 on 'lan': give one of them another address
                """)
        #expect(error == .several(topology.mistakes))
    }

    @Test("numbers the hosts of a star in every network, and says which network is too small")
    func star() {
        let star = Topology.star("lan", ["r1", "r2", "client"], networks: "10.0.0.0/24", "fd00::/64")
        #expect(star.nodes.map(\.name) == ["r1", "r2", "client"])
        #expect(star.nodes.map { $0.interfaces.map(\.name) } == [["eth0"], ["eth0"], ["eth0"]])
        #expect(star.nodes[2].interfaces[0].addresses == ["10.0.0.3/24", "fd00::3/64"])
        #expect(star.mistakes.isEmpty)
        let small = Topology.star("lan", ["a", "b", "c"], networks: "10.0.0.4/30")
        #expect(small.nodes[0].interfaces[0].addresses == ["10.0.0.5/30"])
        #expect(small.mistakes == [.badAddress("host 3 of 10.0.0.4/30", interface: "eth0", node: "c")])
        #expect(Topology.star("lan", ["a"], networks: "10.0.0.0").mistakes.count == 1)
        let wide = Topology.star("lan", (1...300).map { "n\($0)" }, networks: "10.0.0.0/16")
        #expect(wide.nodes[299].interfaces[0].addresses == ["10.0.1.44/16"])
    }

    @Test("links two nodes by a cable that is no switch")
    func link() {
        let link = Topology.link("left", "right", networks: "10.0.0.0/31")
        #expect(link.segments == [SegmentDescription("left-right", kind: .pointToPoint)])
        #expect(link.ends(of: "left-right") == [LinkEnd("left", "eth0"), LinkEnd("right", "eth0")])
        // Of a /31 both addresses are hosts, and the first is numbered 0.
        #expect(link.mistakes == [.badAddress("host 2 of 10.0.0.0/31", interface: "eth0", node: "right")])
        #expect(Topology.link("left", "right", networks: "10.0.0.0/30", "fd00::/126").mistakes.isEmpty)
    }

    /// A change to `pair`, and the only mistake that it makes, in words.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var sentence: String
        var change: @Sendable (inout Topology) -> Void

        init(_ sentence: String, _ change: @escaping @Sendable (inout Topology) -> Void) {
            self.sentence = sentence
            self.change = change
        }

        var testDescription: String { sentence }
    }

    @Test("names each mistake, and what to do about it", arguments: names + links + segments + hosts + routes)
    func mistakes(mistake: Mistake) {
        var topology = Self.pair
        mistake.change(&topology)
        #expect(topology.mistakes.map { "\($0)" } == [mistake.sentence])
        #expect(throws: TopologyError.self) { try topology.validate() }
    }

    static let names = [
        Mistake("two nodes are called 'n1': give each node a name of its own") { $0.nodes[1].name = "n1" },
        Mistake("'n 1' cannot be a node's name: use 1 to 63 letters, digits, '-' or '_'") { $0.nodes[0].name = "n 1" },
        Mistake("n1 has two interfaces called 'eth0': give each a name of its own") {
            $0.nodes[0].interfaces.append(InterfaceDescription("eth0", on: "lan"))
        },
        Mistake("n1 has an interface called 'lo' from the start: name its addresses in loopbackAddresses") {
            $0.nodes[0].interfaces.append(InterfaceDescription("lo", on: "lan"))
        },
    ]

    static let links = [
        Mistake("the MTU of eth0 of n1 cannot be 65536: take one of 68 to 65535 octets") {
            $0.nodes[0].interfaces[0].mtu = 65536
        },
        Mistake("eth0 of n1 has an IPv6 address and an MTU of 1279: IPv6 needs at least 1280 octets") {
            $0.nodes[0].interfaces[0].mtu = 1279
            $0.nodes[0].interfaces[0].addresses = ["fd00::1/64"]
        },
        Mistake(
            "01:00:5e:00:00:12 cannot be the Ethernet address of eth0 of n1: take one of a single station, "
                + "such as 02:00:00:00:00:01"
        ) { $0.nodes[0].interfaces[0].macAddress = MACAddress("01:00:5e:00:00:12") },
        Mistake(
            "00:00:00:00:00:00 cannot be the Ethernet address of eth0 of n1: take one of a single station, "
                + "such as 02:00:00:00:00:01"
        ) { $0.nodes[0].interfaces[0].macAddress = .zero },
        Mistake(
            "n1/eth0 and n2/eth0 both have 02:00:00:00:00:01 on 'lan': give one of them another Ethernet address"
        ) { topology in
            for index in 0...1 { topology.nodes[index].interfaces[0].macAddress = MACAddress("02:00:00:00:00:01") }
        },
        Mistake("'10.0.0.1' on eth0 of n1 is not an address: write one such as 192.168.1.11/24") {
            $0.nodes[0].interfaces[0].addresses = ["10.0.0.1"]
        },
        Mistake("'10.255.0' on lo of n1 is not an address: write one such as 10.255.0.1") {
            $0.nodes[0].loopbackAddresses = ["10.255.0"]
        },
        Mistake("n1 and n2 both have 10.0.0.2 on 'lan': give one of them another address") {
            $0.nodes[0].interfaces[0].addresses = ["10.0.0.2/16"]
        },
        Mistake("n1 has 10.0.0.9 twice on 'lan': leave one out") {
            $0.nodes[0].interfaces[0].addresses = ["10.0.0.9/24", "10.0.0.9/16"]
        },
    ]

    static let segments = [
        Mistake("'' cannot be a segment's name: use some characters, and none that controls a terminal") { topology in
            for index in 0...1 { topology.nodes[index].interfaces[0].segment = "" }
        },
        Mistake("segment 'lan' is described twice: leave one description out") {
            $0.segments = [SegmentDescription("lan"), SegmentDescription("lan")]
        },
        Mistake(
            "segment 'wan' is described, but no interface is on it: plug one in, or leave the description out"
        ) { $0.segments.append(SegmentDescription("wan")) },
        Mistake("'lan' is a point-to-point link with 3 ends: plug in two interfaces, or make it a bridge") {
            $0.segments = [SegmentDescription("lan", kind: .pointToPoint)]
            $0.nodes[0].interfaces.append(InterfaceDescription("eth1", on: "lan"))
        },
        Mistake("'lan' is a point-to-point link with 1 end: plug in two interfaces, or make it a bridge") {
            $0.segments = [SegmentDescription("lan", kind: .pointToPoint)]
            $0.nodes[1].interfaces = []
        },
    ]

    static let hosts = [
        Mistake("'kernel.hostname' of n1 is no setting of a network: they begin with 'net.', others belong to the host")
        {
            $0.nodes[0].settings = ["kernel.hostname": "x"]
        },
        Mistake("'net/../vm/x' of n1 is no setting of a network: they begin with 'net.', others belong to the host") {
            $0.nodes[0].settings = ["net/../vm/x": "1"]
        },
        Mistake(
            "'A=B' of n1 cannot be in an environment: a name is not empty and has no '=', and no NUL is anywhere"
        ) { $0.nodes[0].environment = ["A=B": ""] },
        Mistake("n1 is a network alone and cannot have files: leave it out, or make the node's isolation .full") {
            $0.nodes[0].isolation = .network
            $0.nodes[0].files = [FileDescription("/run/x", "")]
        },
        Mistake(
            "'run/x' of n1 cannot be a path here: write it from the root on, without '.', '..' and a '/' at its end"
        ) { $0.nodes[0].mounts = [MountDescription("/srv", at: "run/x")] },
        Mistake("n1 has two files /run/x: leave one out") {
            $0.nodes[0].files = [FileDescription("/run/x", "a"), FileDescription("/run/x", "b")]
        },
        Mistake(
            "/opt/x would be the host's, not n1's own: put the file into a private directory and outside of mounts, "
                + "or name its directory in privateDirectories"
        ) { $0.nodes[0].files = [FileDescription("/opt/x", "")] },
        Mistake(
            "/run/srv/x would be the host's, not n1's own: put the file into a private directory "
                + "and outside of mounts, or name its directory in privateDirectories"
        ) {
            $0.nodes[0].mounts = [MountDescription("/srv", at: "/run/srv", isWritable: true)]
            $0.nodes[0].files = [FileDescription("/run/srv/x", "")]
        },
        Mistake("0o10644 cannot be the mode of /run/x of n1: use permission bits such as 0o644") {
            $0.nodes[0].files = [FileDescription("/run/x", "", mode: 0o10644)]
        },
        Mistake("two things are to be mounted on /run/x of n1: leave one out") {
            $0.nodes[0].mounts = ["/srv", "/opt"].map { MountDescription($0, at: "/run/x") }
        },
    ]

    static let routes = [
        route(
            "10.1.0", via: "10.0.0.2",
            "has no destination that can be read: write a network such as 10.1.0.0/16, or default"),
        route("default", over: "eth0", "has no family: give it a gateway, or write 0.0.0.0/0 or ::/0"),
        route("10.1.2.3/16", via: "10.0.0.2", "names a host and the length of a network: write 10.1.0.0/16"),
        route("10.1.0.0/16", via: "10.0.0", "has a gateway that is not an address: write one such as 10.0.0.254"),
        route("fd01::/64", via: "10.0.0.2", "leads from IPv6 to an IPv4 gateway: name an IPv6 address of that router"),
        route("default", via: "10.0.0.1", "has the node itself as its gateway: name the next router"),
        route(
            "default", via: "10.0.1.1",
            "has a gateway on no network of the node's interfaces: name an address that the node reaches directly"),
        route(
            "default", via: "fe80::1",
            "has a link-local gateway, and every link has such addresses: say over which interface"),
        route("10.1.0.0/16", "leads nowhere: say via which gateway, or over which interface"),
        route(
            "10.1.0.0/16", over: "eth7", "leads over 'eth7', which the node does not have: name one of its interfaces"),
        Mistake("the route to default via 10.0.0.3 of n1 is there twice: leave one out") {
            $0.nodes[0].routes = [.default(via: "10.0.0.2"), .default(via: "10.0.0.3")]
        },
    ]

    private static func route(
        _ destination: String, via gateway: String? = nil, over interface: String? = nil, _ mistake: String
    ) -> Mistake {
        let route = RouteDescription(destination, via: gateway, over: interface)
        return Mistake("the route to \(route) of n1 \(mistake)") { $0.nodes[0].routes = [route] }
    }

    @Test("takes as an interface's name what the kernel takes, and nothing else")
    func interfaceNames() {
        for name in ["e", "eth0.100", "bond0", "mgmt-0_x!", "123456789012345"] {
            #expect(Self.renamed(name).mistakes.isEmpty, "\(name)")
        }
        for name in ["", "1234567890123456", ".", "..", "a/b", "a b", "a:b", "eth%d", "a\tb", "à", "all", "default"] {
            #expect(Self.renamed(name).mistakes == [.badInterfaceName(name, node: "n1")], "\(name)")
        }
    }

    private static func renamed(_ name: String) -> Topology {
        var topology = pair
        topology.nodes[0].interfaces[0].name = name
        return topology
    }

    @Test("takes no address that stands for a whole network, for a group or for nobody")
    func notHosts() {
        for text in ["10.0.0.0/24", "10.0.0.255/24", "224.0.0.18/24", "0.0.0.0/0", "ff02::1/64", "::/64"] {
            var topology = Self.pair
            topology.nodes[0].interfaces[0].addresses = [text]
            let mistake = topology.mistakes.first.map { "\($0)" }
            #expect(
                mistake
                    == "\(text) on eth0 of n1 is no host's address but the network's own, its broadcast or a group: "
                    + "take another of the network")
        }
        for text in ["10.0.0.0/31", "10.0.0.255/32", "10.0.0.255/16", "fd00::/64"] {
            var topology = Self.pair
            topology.nodes[0].interfaces[0].addresses = [text]
            #expect(topology.mistakes.isEmpty, "\(text)")
        }
    }

    @Test("has routers in it that an on-link route may lead to")
    func onLinkRoutes() {
        var topology = Self.pair
        topology.nodes[0].interfaces[0].addresses = ["10.9.0.1/32"]
        topology.nodes[0].routes = [
            .default(via: "192.0.2.1", over: "eth0"), RouteDescription("192.0.2.1/32", over: "eth0"),
            .default(via: "fe80::1", over: "eth0"),
        ]
        #expect(topology.mistakes.isEmpty)
        #expect(topology.nodes[0].routes[1].description == "192.0.2.1/32 over eth0")
    }
}
