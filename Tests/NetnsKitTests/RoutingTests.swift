import Glibc
import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("Routes of a lab", .requiresNamespaces)
struct RoutingTests {
    /// client - lan1 - r1 - transit - r2 - lan2 - server, both families; the routers know each other by link-local
    /// addresses in IPv6.
    static let chain = Topology(
        [
            NodeDescription(
                "client", [InterfaceDescription("eth0", on: "lan1", ["10.0.1.10/24", "fd00:1::10/64"])],
                routes: [.default(via: "10.0.1.1"), .default(via: "fd00:1::1")]),
            .router(
                "r1",
                [
                    InterfaceDescription("lan0", on: "lan1", ["10.0.1.1/24", "fd00:1::1/64"]),
                    InterfaceDescription("wan0", on: "transit", ["10.0.12.1/30", "fe80::1/64"]),
                ],
                routes: [
                    RouteDescription("10.0.2.0/24", via: "10.0.12.2"),
                    RouteDescription("10.255.0.2", via: "10.0.12.2"),
                    RouteDescription("fd00:2::/64", via: "fe80::2", over: "wan0"),
                ]),
            .router(
                "r2",
                [
                    InterfaceDescription("lan0", on: "lan2", ["10.0.2.1/24", "fd00:2::1/64"]),
                    InterfaceDescription("wan0", on: "transit", ["10.0.12.2/30", "fe80::2/64"]),
                ], loopbackAddresses: ["10.255.0.2"],
                routes: [
                    RouteDescription("10.0.1.0/24", via: "10.0.12.1"),
                    RouteDescription("fd00:1::/64", via: "fe80::1", over: "wan0"),
                ]),
            NodeDescription(
                "server", [InterfaceDescription("eth0", on: "lan2", ["10.0.2.10/24", "fd00:2::10/64"])],
                routes: [.default(via: "10.0.2.1"), .default(via: "fd00:2::1")]),
        ], segments: [SegmentDescription("transit", kind: .pointToPoint)])

    @Test(
        "A node is a host with the kernel's own defaults, whatever the machine below it is; a router is one by its word"
    )
    func hosts() async throws {
        let names = ["ip_forward", "conf/all/rp_filter", "conf/default/arp_ignore", "conf/eth0/arp_announce"]
        let topology = Topology([
            NodeDescription("host", [InterfaceDescription("eth0", on: "lan")]),
            .router("router", [InterfaceDescription("eth0", on: "lan")]),
        ])
        try await Lab.run(topology) { lab in
            for (node, expected) in [("host", ["0", "0", "0", "0"]), ("router", ["1", "0", "0", "0"])] {
                let found = try await lab[node].run("/bin/cat", names.map { "/proc/sys/net/ipv4/\($0)" })
                #expect(found?.lines == expected, "\(node)")
            }
        }
    }

    @Test("lead through two routers and back, in both families, and to an address of lo")
    func throughRouters() async throws {
        try await Lab.run(Self.chain) { lab in
            try lab["client"].ping(IPv4Address(10, 0, 2, 10), over: "eth0")
            try await Self.expectAnswer("10.0.2.10", hopLimit: 62, in: lab, since: lab.start)
            try lab["client"].ping(try #require(IPv6Address("fd00:2::10")), over: "eth0")
            try await Self.expectAnswer("fd00:2::10", hopLimit: 62, in: lab, since: lab.start)
            try lab["client"].ping(IPv4Address(10, 255, 0, 2), over: "eth0")
            try await Self.expectAnswer("10.255.0.2", hopLimit: 63, in: lab, since: lab.start)
        }
    }

    @Test("are there again, and IPv6 addresses too, when an interface that was down or removed comes back")
    func routesComeBack() async throws {
        try await Lab.run(Self.chain) { lab in
            for fault in [Fault.linkDown(LinkEnd("r1", "wan0")), .removal(LinkEnd("client", "eth0"))] {
                try lab.inject(fault)
                let healed = try lab.heal(fault)
                let (v4, v6) = (IPv4Address(10, 0, 2, 10), try #require(IPv6Address("fd00:2::10")))
                // Asked until it answers: both ends of the cable are looked at anew.
                let probe = try lab["client"].probe(v4, over: "eth0")
                try await Self.expectAnswer("10.0.2.10", hopLimit: 62, in: lab, since: healed.inForce)
                probe.stop()
                try lab["client"].ping(v6, over: "eth0")
                try await Self.expectAnswer("fd00:2::10", hopLimit: 62, in: lab, since: healed.inForce)
            }
        }
    }

    @Test("that the kernel does not take are an error that names the node and the route")
    func refusedRoute() async throws {
        var topology = Topology.star("lan", ["n1", "n2"], networks: "10.0.0.0/24")
        let route = RouteDescription("10.0.0.0/24", over: "eth0")
        topology.nodes[0].routes = [route]
        let error = await #expect(throws: LabError.self) { try await Lab.run(topology) { _ in } }
        guard case .route(route, node: "n1", let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.code == EEXIST)
    }

    private static func expectAnswer(
        _ source: String, hopLimit: UInt8, in lab: Lab, since start: Instant
    ) async throws {
        let source = try #require(IPAddress(source))
        let answer = try await lab.expect("\(source) answers", within: .seconds(5), since: start) { event in
            guard event.node == "client", event.frameDirection == .received, let packet = event.packet else {
                return false
            }
            let replyType: UInt8 = source.family == .ipv4 ? 0 : 129
            return packet.source == source && packet.payload.first == replyType
        }
        #expect(answer.packet?.hopLimit == hopLimit)
    }
}

extension TimelineEvent {
    /// The IP packet in a frame, whatever is in it.
    var packet: IPPacket? {
        frame.flatMap { try? IPPacket(parsing: $0.ethernet.payload) }
    }
}
