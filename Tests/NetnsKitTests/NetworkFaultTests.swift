import LinuxSystem
import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A fault of the network", .requiresNamespaces)
struct NetworkFaultTests {
    private static let lan = Topology(
        (1...3).map { number in
            NodeDescription(
                "node\(number)",
                [InterfaceDescription("eth0", on: "lan", ["192.168.1.1\(number)/24", "fd00::\(number)/64"])])
        })
    private static let end = LinkEnd("node1", "eth0")

    private static func address(_ number: UInt8) -> IPv4Address { IPv4Address(192, 168, 1, 10 + number) }

    /// Whether one node's echo request gets to another.
    private static func reaches(_ lab: Lab, _ from: UInt8, _ to: UInt8, within limit: Duration) async throws -> Bool {
        let begin = lab.step("ping")
        try lab["node\(from)"].ping(address(to), over: "eth0", sequence: UInt16(from) << 8 | UInt16(to))
        do {
            try await lab.expect("an answer", within: limit, since: begin) {
                $0.node == "node\(from)" && !$0.isSent && $0.isICMP
            }
            return true
        } catch is ExpectationFailure {
            return false
        }
    }

    @Test("one way keeps a node's frames from another and from nobody else, and lets the way back be")
    func oneWay() async throws {
        try await Lab.run(Self.lan) { lab in
            let fault = Fault.oneWay(segment: "lan", from: ["node1"], to: ["node2"])
            let start = try lab.inject(fault).inForce
            #expect(try await Self.reaches(lab, 1, 3, within: .seconds(3)))
            // Who has 192.168.1.12 is asked of everyone, and heard by node3 alone.
            try lab["node1"].ping(Self.address(2), over: "eth0")
            try await lab.expect("node3 hears the question", within: .seconds(3), since: start) {
                $0.node == "node3" && $0.isQuestion(for: Self.address(2))
            }
            try await lab.expectNever("node2 hears it", for: .milliseconds(100), since: start) {
                $0.node == "node2" && $0.isQuestion(for: Self.address(2))
            }
            let back = lab.step("the way back")
            try lab["node2"].ping(Self.address(1), over: "eth0")
            try await lab.expect("node1 hears node2", within: .seconds(3), since: back) {
                $0.node == "node1" && $0.isQuestion(for: Self.address(1))
            }
            try lab.heal(fault)
            #expect(try await Self.reaches(lab, 1, 2, within: .seconds(5)))
        }
    }

    @Test("a flapping link goes down and up at its pace until healed, and is up then")
    func flap() async throws {
        try await Lab.run(Self.lan) { lab in
            let fault = Fault.flap(Self.end, down: .milliseconds(30), up: .milliseconds(70))
            let start = try lab.inject(fault).began
            try await lab.expect("three times down", within: .seconds(5), since: start) { timeline, start in
                let downs = timeline[start...].filter { $0.kind == .link(interface: "eth0", isUp: false) }
                return downs.count >= 3 ? downs.last : nil
            }
            let healed = try lab.heal(fault)
            try await lab.expect("the link is up at last", within: .seconds(2), since: start) { timeline, _ in
                let last = timeline.last(before: .init(nanoseconds: .max)) { $0.isLink }
                return last?.kind == .link(interface: "eth0", isUp: true) ? last : nil
            }
            try await lab.expectNever(
                "it goes down again", for: .milliseconds(150), since: healed.inForce + .milliseconds(5)
            ) {
                $0.kind == .link(interface: "eth0", isUp: false)
            }
            let downs = lab.timeline.filter { $0.kind == .link(interface: "eth0", isUp: false) }
            // Stalls only make the gaps longer.
            #expect(downs.last.map { $0.time - start > .milliseconds(170) } == true)
        }
    }

    @Test("a link that was set down comes back with its addresses and routes")
    func linkDown() async throws {
        try await Lab.run(Self.lan) { lab in
            let node = lab["node1"]
            let destination = try #require(IPPrefix("10.0.0.0/8"))
            try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                try routes.addRoute(RouteRecord(to: destination, via: .v4(Self.address(2))))
            }
            let (addresses, routes) = try Self.state(of: node)
            try lab.inject(.linkDown(Self.end))
            #expect(try Self.state(of: node).routes.filter { $0.destination == destination } == [])
            try lab.heal(.linkDown(Self.end))
            #expect(try Self.state(of: node).addresses == addresses)
            #expect(try Self.state(of: node).routes == routes)
        }
    }

    /// Without what the kernel makes of the link's own Ethernet address in its own time.
    private static func state(of node: Node) throws -> (addresses: Set<NodeAddress>, routes: Set<RouteRecord>) {
        let isOwn = { (prefix: IPPrefix) in "\(prefix)".hasPrefix("fe80") || "\(prefix)".hasPrefix("ff00") }
        let addresses = try node.addresses().filter { !isOwn($0.prefix) }
        let routes = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in try routes.routes() }
        return (Set(addresses), Set(routes.filter { !isOwn($0.destination) }))
    }

    @Test("an address that is removed takes its secondaries along, and all come back", arguments: ["ip", "ipv6"])
    func addressRemoval(family: String) async throws {
        try await Lab.run(Self.lan) { lab in
            let node = lab["node1"]
            let text = family == "ip" ? "192.168.1.11/24" : "fd00::1/64"
            let index = try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                let index = try routes.link(named: "eth0").index
                let secondary = IPPrefix("192.168.1.100/24").map {
                    AddressRecord($0, interfaceIndex: index, label: "eth0:vip")
                }
                if let secondary { try routes.addAddress(secondary) }
                return index
            }
            #expect(index > 0)
            let before = try Self.state(of: node)
            let fault = Fault.addressRemoval(text, Self.end)
            let start = try lab.inject(fault).began
            let prefix = try #require(IPPrefix(text))
            try await lab.expect("it goes", within: .seconds(2), since: start) {
                $0.kind == .addressRemoved(prefix, interface: "eth0")
            }
            #expect(try node.addresses().contains { $0.prefix == prefix } == false)
            try lab.heal(fault)
            #expect(try Self.state(of: node).addresses == before.addresses)
            #expect(try Self.state(of: node).routes == before.routes)
            #expect(throws: LabError.self) { try lab.inject(.addressRemoval("192.168.1.99/24", Self.end)) }
            #expect(throws: LabError.self) { try lab.inject(.addressRemoval("192.168.1.99", Self.end)) }
        }
    }

    @Test("a duplicate address is on both nodes until healed")
    func duplicateAddress() async throws {
        try await Lab.run(Self.lan) { lab in
            let prefix = try #require(IPPrefix("192.168.1.12/24"))
            let fault = Fault.duplicateAddress("192.168.1.12/24", Self.end)
            let owners = { try ["node1", "node2"].filter { try lab[$0].addresses().contains { $0.prefix == prefix } } }
            try lab.inject(fault)
            #expect(try owners() == ["node1", "node2"])
            try lab.heal(fault)
            #expect(try owners() == ["node2"])
        }
    }

    @Test("a stale neighbor gets frames that nobody takes, until healed", arguments: [false, true])
    func staleNeighbor(isPermanent: Bool) async throws {
        try await Lab.run(Self.lan) { lab in
            let fault = Fault.staleNeighbor(
                "192.168.1.12", macAddress: "02:00:00:00:00:99", Self.end, isPermanent: isPermanent)
            let start = try lab.inject(fault).inForce
            let wrong = try #require(MACAddress("02:00:00:00:00:99"))
            try lab["node1"].ping(Self.address(2), over: "eth0")
            try await lab.expect("it goes to the wrong one", within: .seconds(2), since: start) {
                $0.node == "node1" && $0.isSent && $0.isICMP && $0.frame?.ethernet.destination == wrong
            }
            try lab.heal(fault)
            #expect(try await Self.reaches(lab, 1, 2, within: .seconds(3)))
            let flush = try lab.inject(.neighborFlush(Self.end)).inForce
            #expect(try await Self.reaches(lab, 1, 2, within: .seconds(3)))
            #expect(lab.timeline[flush...].contains { $0.node == "node1" && $0.isQuestion(for: Self.address(2)) })
        }
    }

    @Test("a route that is removed comes back with its gateway")
    func routeRemoval() async throws {
        try await Lab.run(Self.lan) { lab in
            let node = lab["node1"]
            try node.withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                try routes.addRoute(
                    RouteRecord(to: IPPrefix("0.0.0.0/0") ?? IPPrefix(host: .v4(.any)), via: .v4(Self.address(2))))
            }
            let before = try Self.state(of: node).routes
            let fault = Fault.routeRemoval("0.0.0.0/0", node: "node1")
            try lab.inject(fault)
            #expect(try Self.state(of: node).routes.count == before.count - 1)
            #expect(throws: LabError.self) { try lab.inject(.routeRemoval("10.9.0.0/16", node: "node1")) }
            try lab.heal(fault)
            #expect(try Self.state(of: node).routes == before)
        }
    }

    @Test("a full directory takes nothing more from a running program until healed", arguments: ["/run", "/var/log"])
    func full(directory: String) async throws {
        try await Lab.run(Self.lan) { lab in
            let write = "cat /bin/ls > \(directory)/big && echo big; echo x > \(directory)/small && echo small"
            let fault = Fault.full(directory: directory, node: "node1")
            try lab.inject(fault)
            let refused = try await lab["node1"].run("/bin/sh", ["-c", write])
            #expect(refused?.lines.filter { $0 == "big" || $0 == "small" } == [])
            #expect(refused?.lines.contains { $0.contains("No space left on device") } == true)
            let other = try await lab["node2"].run("/bin/sh", ["-c", write])
            #expect(other?.lines == ["big", "small"])
            try lab.heal(fault)
            let listing = try await lab["node1"].run("/bin/ls", ["-A", directory])
            #expect(listing?.lines == [])
            let accepted = try await lab["node1"].run("/bin/sh", ["-c", write])
            #expect(accepted?.lines == ["big", "small"])
            #expect(throws: LabError.notPrivate(path: "/usr", node: "node1")) {
                try lab.inject(.full(directory: "/usr", node: "node1"))
            }
        }
    }

    @Test("a read-only directory refuses every change until healed")
    func readOnly() async throws {
        try await Lab.run(Self.lan) { lab in
            let fault = Fault.readOnly(directory: "/run", node: "node1")
            try lab.inject(fault)
            let refused = try await lab["node1"].run("/bin/sh", ["-c", "echo x > /run/file"])
            #expect(refused?.succeeded == false)
            try lab.heal(fault)
            let accepted = try await lab["node1"].run("/bin/sh", ["-c", "echo x > /run/file"])
            #expect(accepted?.succeeded == true)
        }
    }
}

extension TimelineEvent {
    fileprivate var isICMP: Bool {
        guard let ethernet = frame?.ethernet, ethernet.etherType == EthernetFrame.EtherType.ipv4 else { return false }
        return ethernet.payload.count > 9 && ethernet.payload[9] == ICMPEcho.protocolNumber
    }

    fileprivate var isLink: Bool {
        if case .link = kind { return true }
        return false
    }

    /// ARP for an address.
    fileprivate func isQuestion(for address: IPv4Address) -> Bool {
        guard case .arp(let packet) = frame?.content else { return false }
        return packet.targetAddress == address
    }
}
