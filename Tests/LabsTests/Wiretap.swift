import LabCourse
import NetnsKit
import Timeline
import Wire

@testable import LabCourse

/// What a run of two routers saw, drawn by hand: node1 is 192.168.1.11, node2 is .12, times are in seconds.
struct Wiretap {
    var timeline = Timeline()

    static let shared = IPAddress.v4(IPv4Address(192, 168, 1, 100))
    static let other = IPAddress.v4(IPv4Address(192, 168, 1, 101))

    /// What a router's advertisements say.
    struct Speech {
        var priority: UInt8 = 100
        var id: UInt8 = 51
        var version: UInt8 = 2
        var interval: Duration = .seconds(1)
        var addresses = [Wiretap.shared]
        var password = "secret12"
        var peer: IPAddress?

        var packet: VRRPPacket {
            VRRPPacket(
                version: version, virtualRouterID: id, priority: priority, interval: interval, addresses: addresses,
                authentication: version == 2 && !password.isEmpty
                    ? .password(Array((Array(password.utf8) + Array(repeating: 0, count: 8)).prefix(8))) : .none)
        }
    }

    private static func source(of node: String) -> IPAddress {
        .v4(IPv4Address(192, 168, 1, node == "node1" ? 11 : 12))
    }

    mutating func add(_ seconds: Double, _ kind: TimelineEvent.Kind, at node: String? = nil) {
        timeline.append(TimelineEvent(at: Self.at(seconds), node: node, kind))
    }

    static func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

    /// A node advertises at some times, and what reaches the other's interface.
    mutating func says(_ node: String, _ speech: Speech, at times: [Double], reaching other: String? = nil) {
        let source = Self.source(of: node)
        let destination = speech.peer ?? .v4(.vrrpGroup)
        let carrier = IPPacket(
            source: source, destination: destination, hopLimit: 255, protocolNumber: 112, trafficClass: 0xc0,
            identification: 1, payload: speech.packet.serialized(source: source, destination: destination))
        let octets = EthernetFrame(
            destination: .broadcast,
            source: MACAddress(rawValue: node == "node1" ? 0x0200_0000_000b : 0x0200_0000_000c),
            etherType: 0x0800, payload: carrier.serialized()
        ).serialized()
        for time in times {
            add(time, .frame(CapturedFrame(interface: "eth0", direction: .sent, octets: octets)), at: node)
            guard let other else { continue }
            let received = CapturedFrame(interface: "eth0", direction: .received, octets: octets)
            add(time + 0.000_02, .frame(received), at: other)
        }
    }

    mutating func gains(_ node: String, _ seconds: Double, _ address: IPAddress = shared) {
        add(seconds, .addressAdded(IPPrefix(host: address), interface: "eth0"), at: node)
    }

    mutating func logs(_ node: String, _ seconds: Double, _ line: String) {
        add(seconds, .output(process: "keepalived", stream: .standardError, line: line), at: node)
    }

    /// The same to somebody who looks for mistakes.
    ///
    /// - Parameters:
    ///   - submission: whose run it was.
    ///   - leaks: what was left of it.
    func observation(_ submission: Submission, leaks: [Leak] = []) -> Observation {
        var report = ScenarioReport(
            step: submission.step, scenario: "drawn", title: "drawn by hand", variant: .yours, daemons: "none",
            checks: [], timeline: timeline, nodes: ["node1", "node2"], files: [], origin: .zero, length: .seconds(10),
            offsetToRealTime: 0)
        report.leaks = leaks
        return Observation(submission, report)
    }
}
