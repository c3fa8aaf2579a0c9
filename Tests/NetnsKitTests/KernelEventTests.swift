import Foundation
import Netlink
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("What kernels tell a lab", .requiresNamespaces)
struct KernelEventTests {
    private static let peer = IPv4Address(192, 168, 1, 12)
    private static let moving = MACAddress(rawValue: 0x0000_5e00_0133)

    @Test("A route that comes and goes is two events, each with the message that said so")
    func routes() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let prefix = try #require(IPPrefix("10.77.0.0/16"))
            let record = RouteRecord(to: prefix, via: .v4(Self.peer))
            try lab["node1"].withRoutes { (routes: inout RouteSocket) throws(NetlinkError) in
                try routes.addRoute(record)
                try routes.removeRoute(record)
            }
            let route = NodeRoute(to: prefix, via: .v4(Self.peer), interface: "eth0")
            let added = try await lab.expect("it comes", within: .seconds(2), since: lab.start) {
                $0.node == "node1" && $0.kind == .routeAdded(route)
            }
            let removed = try await lab.expect("it goes", within: .seconds(2), since: lab.start) {
                $0.node == "node1" && $0.kind == .routeRemoved(route)
            }
            for (event, type) in [(added, UInt8(24)), (removed, UInt8(25))] {
                let message = try #require(event.netlink)
                #expect(Int(message[0]) + Int(message[1]) << 8 == message.count)
                #expect(message[4] == type)
            }
        }
    }

    @Test("A neighbor is told when it is found, when it moves and when it fails, and not when it is asked again")
    func neighbors() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let node = lab["node1"]
            let probe = try node.probe(Self.peer, over: "eth0")
            let found = try await lab.expect("node2 is found", within: .seconds(3), since: lab.start) {
                if case .neighbor(.v4(Self.peer), .found(_, nil), "eth0") = $0.kind {
                    $0.node == "node1"
                } else {
                    false
                }
            }
            guard case .neighbor(_, .found(let station, _), _) = found.kind else { return }
            // The kernel holds on to a station for a second, whatever others say.
            try await lab.expectNever("it is told again", for: .milliseconds(1200), since: found.time + .nanoseconds(1))
            {
                if case .neighbor(.v4(Self.peer), _, _) = $0.kind { $0.node == "node1" } else { false }
            }
            probe.stop()
            let arp = ARPPacket.gratuitous(Self.peer, from: Self.moving)
            let frame = EthernetFrame(
                destination: .broadcast, source: Self.moving, etherType: EthernetFrame.EtherType.arp,
                payload: arp.serialized())
            let begin = lab.step("node2 announces another station")
            try lab["node2"].send(frame.serialized(), over: "eth0")
            try await lab.expect("node1 believes it", within: .seconds(2), since: begin) {
                $0.node == "node1"
                    && $0.kind == .neighbor(.v4(Self.peer), .found(Self.moving, before: station), interface: "eth0")
            }
            let absent = IPv4Address(192, 168, 1, 99)
            try node.ping(absent, over: "eth0")
            try await lab.expect("nobody answers", within: .seconds(6), since: begin) {
                $0.node == "node1" && $0.kind == .neighbor(.v4(absent), .failed, interface: "eth0")
            }
        }
    }

    @Test("A station that speaks from another cable is a move of the bridge, and once only")
    func forwarding() async throws {
        try await Lab.run(LabTests.pair) { lab in
            let frame = EthernetFrame(
                destination: .broadcast, source: Self.moving, etherType: 0x88b5, payload: [1])
            let ports = ["node1", "node2"].map { SwitchPort($0, "eth0") }
            try lab["node1"].send(frame.serialized(), over: "eth0")
            try await lab.expect("it is found", within: .seconds(2), since: lab.start) {
                $0.kind == .forwarding(Self.moving, ForwardingChange(now: ports[0]))
            }
            for _ in 0..<3 { try lab["node2"].send(frame.serialized(), over: "eth0") }
            let moved = try await lab.expect("it moves", within: .seconds(2), since: lab.start) {
                $0.kind == .forwarding(Self.moving, ForwardingChange(before: ports[0], now: ports[1]))
            }
            #expect(moved.node == nil)
            #expect(moved.netlink?.count ?? 0 > 16)
            try lab.inject(.silence(LinkEnd("node2", "eth0")))
            try await lab.expect("it is forgotten with its port", within: .seconds(2), since: moved.time) {
                $0.kind == .forwarding(Self.moving, ForwardingChange(before: ports[1]))
            }
            let told = lab.timeline.filter { event in
                if case .forwarding(Self.moving, _) = event.kind { true } else { false }
            }
            #expect(told.count == 3)
        }
    }

    @Test("Everything that was seen can be written to a directory, and read again")
    func report() async throws {
        try await withTemporaryDirectory { directory in
            try await Lab.run(LabTests.pair) { lab in
                let begin = lab.step("node1 asks")
                try lab["node1"].ping(Self.peer, over: "eth0")
                try await lab.expect("node2 answers", within: .seconds(2), since: begin) {
                    if case .icmp(let message, _)? = $0.frame?.content { message.kind == .echoReply } else { false }
                }
                try await lab.expect("node1 knows node2", within: .seconds(2), since: begin) {
                    if case .neighbor(_, .found, _) = $0.kind { $0.node == "node1" } else { false }
                }
                try Evidence(lab, title: "a ping").write(to: directory + "/lab")
                let text = { (name: String) in
                    try String(contentsOfFile: "\(directory)/lab/\(name)", encoding: .utf8)
                }
                let events = try text("timeline.ndjson").split(separator: "\n")
                #expect(events.contains { $0.contains("\"what\":\"neighbor-found\"") })
                #expect(events.contains { $0.contains("ICMP 192.168.1.12 > 192.168.1.11: echo reply, id 1, seq 1") })
                #expect(try text("diagram.txt").contains("== node1 asks"))
                #expect(try text("timeline.svg").contains(">a ping</text>"))
                let capture = try Data(contentsOf: URL(filePath: "\(directory)/lab/lab.pcapng"))
                #expect(capture.prefix(4) == Data([0x0a, 0x0d, 0x0d, 0x0a]))
                #expect(capture.range(of: Data("node1/rtnetlink".utf8)) != nil)
            }
        }
    }

    private func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await body(root)
    }
}
