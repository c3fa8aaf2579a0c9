import Timeline
import Wire

@testable import LabCourse

/// A crash that nobody had to make: node1 dies at 4.7 s, and node2 takes over when it should, unless it never does.
struct SampleLab {
    var timeline = Timeline()

    static let shared = IPAddress.v4(IPv4Address(192, 168, 1, 100))

    init(takesOver: Bool) {
        say("node1", 0.2, "(VI_1) Entering BACKUP STATE (init)")
        say("node2", 0.3, "(VI_1) Entering BACKUP STATE")
        say("node1", 1.4, "(VI_1) Entering MASTER STATE")
        say("node1", 1.45, "2026-11-28 node1 state MASTER", of: "state-log")
        say("node1", 1.5, "VRRP_Script(chk) succeeded")
        add(1.401, .addressAdded(IPPrefix(host: Self.shared), interface: "eth0"), at: "node1")
        for second in 0..<4 { advertise(150, 1.4 + Double(second), from: "node1", to: "node2") }
        add(4.7, .fault("SIGKILL keepalived on node1"))
        add(4.701, .exited(process: "keepalived", .signaled(number: 9)), at: "node1")
        let last = takesOver ? 12 : 8
        if takesOver {
            say("node2", 8.01, "(VI_1) Entering MASTER STATE")
            for second in 8...last { advertise(100, 0.009 + Double(second), from: "node2", to: "node1") }
            add(8.012, .addressAdded(IPPrefix(host: Self.shared), interface: "eth0"), at: "node2")
            for index in 0..<5 { announce(8.01 + Double(index) / 100_000, from: "node2") }
        }
        add(Double(last) + 0.5, .step("the end"))
    }

    private mutating func add(_ seconds: Double, _ kind: TimelineEvent.Kind, at node: String? = nil) {
        timeline.append(TimelineEvent(at: Self.at(seconds), node: node, kind))
    }

    private mutating func say(_ node: String, _ seconds: Double, _ line: String, of process: String = "keepalived") {
        add(seconds, .output(process: process, stream: .standardError, line: line), at: node)
    }

    private mutating func advertise(_ priority: UInt8, _ seconds: Double, from node: String, to other: String) {
        let source = IPAddress.v4(IPv4Address(192, 168, 1, node == "node1" ? 11 : 12))
        let group = IPAddress.v4(.vrrpGroup)
        let packet = VRRPPacket(
            version: 2, type: 1, virtualRouterID: 51, priority: priority, interval: .seconds(1),
            addresses: [Self.shared], authentication: .none)
        let carrier = IPPacket(
            source: source, destination: group, hopLimit: 255, protocolNumber: 112, trafficClass: 0xc0,
            identification: 1, payload: packet.serialized(source: source, destination: group))
        let octets = EthernetFrame(
            destination: .multicast(group), source: Self.station(node), etherType: 0x0800,
            payload: carrier.serialized()
        ).serialized()
        add(seconds, .frame(CapturedFrame(interface: "eth0", direction: .sent, octets: octets)), at: node)
        add(
            seconds + 0.000_02, .frame(CapturedFrame(interface: "eth0", direction: .received, octets: octets)),
            at: other)
    }

    private mutating func announce(_ seconds: Double, from node: String) {
        let arp = ARPPacket.gratuitous(IPv4Address(192, 168, 1, 100), from: Self.station(node))
        let octets = EthernetFrame(
            destination: .broadcast, source: Self.station(node), etherType: 0x0806, payload: arp.serialized()
        ).serialized()
        add(seconds, .frame(CapturedFrame(interface: "eth0", direction: .sent, octets: octets)), at: node)
    }

    private static func station(_ node: String) -> MACAddress {
        MACAddress(rawValue: 0x0200_0000_0000 | (node == "node1" ? 11 : 12))
    }

    static func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

    /// The same as a scenario's report, with both routers as their files have them.
    var report: ScenarioReport {
        var report = ScenarioReport(
            step: "step2", scenario: "crash", title: "The master is killed", variant: .reference,
            daemons: "keepalived", checks: [], timeline: timeline, nodes: ["node1", "node2"], files: [],
            origin: .zero, length: .seconds(13), offsetToRealTime: 0)
        report.routers = [("node1", 150), ("node2", 100)].map { node, priority in
            ConfiguredRouter(
                node: node, identifier: 51, family: .ipv4,
                figures: RouterFigures(name: "VI_1", priority: priority, times: ProtocolTimes()))
        }
        return report
    }

    /// As `timeline.svg` has it.
    var picture: String {
        var options = report.picturing
        (options.nodes, options.origin, options.title) = (["node1", "node2"], .zero, "The master is killed")
        return Swimlanes(timeline, options).svg
    }
}
