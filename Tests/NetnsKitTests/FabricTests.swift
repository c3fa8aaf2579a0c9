import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// A lab is the same whoever carries its frames.
@Suite("Both fabrics", .requiresNamespaces)
struct FabricTests {
    /// Three nodes on a segment that is carried by one of the fabrics.
    static func trio(_ fabric: SegmentDescription.Fabric) -> Topology {
        Topology(
            (1...3).map { number in
                NodeDescription(
                    "node\(number)",
                    [InterfaceDescription("eth0", on: "lan", ["10.0.0.\(number)/24", "fd00::\(number)/64"])])
            }, segments: [SegmentDescription("lan", fabric: fabric)])
    }

    @Test("carry datagrams there and back, in IPv4 and in IPv6, and learn who is where", arguments: fabrics)
    func both(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            #expect(try await Self.reaches(2, from: 1, in: lab))
            // Nobody listens, so the datagram comes back in an ICMPv6 message.
            let start = lab.step("IPv6")
            _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/fd00::2/9"])
            try await lab.expect("the complaint comes back", within: .seconds(2), since: start) {
                $0.node == "node1" && !$0.isSent && $0.icmpType(58) == 1
            }
            let learned = lab.step("learned")
            #expect(try await Self.reaches(2, from: 1, in: lab))
            let later = lab.timeline[learned...].filter { $0.icmpType(1) != nil }
            #expect(later.of(node: "node2").contains { !$0.isSent })
            #expect(later.of(node: "node3").isEmpty)
        }
    }

    @Test("silence, mute and deafen an end until that is healed", arguments: cases)
    func portFaults(fabric: SegmentDescription.Fabric, fault: Fault) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            #expect(try await Self.reaches(1, from: 2, in: lab))
            try lab.inject(fault)
            #expect(try await !Self.reaches(1, from: 2, in: lab))
            #expect(try await Self.reaches(3, from: 2, in: lab))
            try lab.heal(fault)
            #expect(try await Self.reaches(1, from: 2, in: lab))
            let hasLostCarrier = lab.timeline.contains { $0.kind == .link(interface: "eth0", isUp: false) }
            #expect(!hasLostCarrier)
        }
    }

    private static let end = LinkEnd("node1", "eth0")
    private static let fabrics: [SegmentDescription.Fabric] = [.kernel, .userSpace]
    private static let cases = fabrics.flatMap { fabric in
        [Fault.silence(end), .mute(end), .deaf(end), .mute(end, ipProtocol: 1), .deaf(end, ipProtocol: 1)]
            .map { (fabric, $0) }
    }

    /// Whether a node answers another one's echo request within a moment.
    static func reaches(_ target: Int, from source: Int, in lab: Lab) async throws -> Bool {
        let start = lab.step("node\(source) asks node\(target)")
        try lab["node\(source)"].ping(IPv4Address(10, 0, 0, UInt8(target)), over: "eth0")
        do {
            try await lab.expect("an answer", within: .milliseconds(300), since: start) {
                $0.node == "node\(source)" && !$0.isSent && $0.icmpType(1) == 0
            }
            return true
        } catch is ExpectationFailure {
            return false
        }
    }
}

extension TimelineEvent {
    /// The first octet of the ICMP message of that protocol number in a frame.
    func icmpType(_ number: UInt8) -> UInt8? {
        guard case .ip(let packet)? = frame?.content, packet.protocolNumber == number else { return nil }
        return packet.payload.first
    }
}
