import Glibc
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

/// A lab is the same whoever carries its frames.
@Suite("Both fabrics", .requiresNamespaces, .requiresTapDevices)
struct FabricTests {
    /// Three nodes on a segment that is carried by one of the fabrics.
    static func trio(_ fabric: SegmentDescription.Fabric) -> Topology {
        Topology(
            (1...3).map { number in
                // Known addresses: who is removed and comes back is found where its neighbors remember it.
                let interface = InterfaceDescription(
                    "eth0", on: "lan", ["10.0.0.\(number)/24", "fd00::\(number)/64"],
                    macAddress: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(number)))
                return NodeDescription("node\(number)", [interface])
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

    @Test("show a node whose cable is pulled that its carrier is gone, and that it is back", arguments: fabrics)
    func carrier(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            #expect(try await Self.reaches(1, from: 2, in: lab))
            for _ in 1...3 {
                let pulled = try lab.inject(.carrierLoss(Self.end))
                let gone = try await lab.expect("node1 loses its carrier", within: .seconds(3), since: pulled.began) {
                    $0.node == "node1" && $0.kind == .link(interface: "eth0", isUp: false)
                }
                // The kernel's own word about a TAP device is up to a second late.
                let isTrusted = lab.timeline.stalls(in: pulled.began...gone.time).isEmpty
                #expect(!isTrusted || gone.time - pulled.began < .milliseconds(400))
                #expect(try await !Self.reaches(1, from: 2, in: lab))
                let plugged = try lab.heal(.carrierLoss(Self.end))
                try await lab.expect("node1 has its carrier back", within: .seconds(3), since: plugged.began) {
                    $0.node == "node1" && $0.kind == .link(interface: "eth0", isUp: true)
                }
                try await Self.expectReach(1, from: 2, in: lab)
            }
        }
    }

    @Test("part a segment into groups, and join it again", arguments: fabrics)
    func partition(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            let partition = Fault.partition(segment: "lan", [["node1"], ["node2", "node3"]])
            #expect(try await Self.reaches(1, from: 2, in: lab))
            try lab.inject(partition)
            #expect(try await !Self.reaches(1, from: 2, in: lab))
            #expect(try await Self.reaches(3, from: 2, in: lab))
            try lab.heal(partition)
            #expect(try await Self.reaches(1, from: 2, in: lab))
            #expect(throws: LabError.noSuchSegment("wan")) {
                try lab.inject(.partition(segment: "wan", [["node1"], ["node2"]]))
            }
        }
    }

    @Test("close the way from one node to another, and leave the way back and the others open", arguments: fabrics)
    func oneWay(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            let oneWay = Fault.oneWay(segment: "lan", from: ["node1"], to: ["node2"])
            #expect(try await Self.reaches(1, from: 2, in: lab))
            let closed = try lab.inject(oneWay).inForce
            #expect(try await !Self.reaches(1, from: 2, in: lab))
            let hasAsked = lab.timeline[closed...].contains { $0.node == "node1" && !$0.isSent && $0.icmpType(1) == 8 }
            #expect(hasAsked)
            #expect(try await Self.reaches(3, from: 1, in: lab))
            try lab.heal(oneWay)
            #expect(try await Self.reaches(1, from: 2, in: lab))
        }
    }

    @Test("mute one IP protocol in IPv6 as well, and let the others pass", arguments: fabrics)
    func muteIPv6(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            let mute = Fault.mute(LinkEnd("node2", "eth0"), ipProtocol: 58)
            _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/fd00::2/9"])
            try await lab.expect("the complaint comes back", within: .seconds(5), since: lab.start) {
                $0.node == "node1" && !$0.isSent && $0.icmpType(58) == 1
            }
            let start = try lab.inject(mute).inForce
            _ = try await lab["node1"].run("/bin/bash", ["-c", "echo > /dev/udp/fd00::2/9"])
            try await lab.expect("node2 complains", within: .seconds(5), since: start) {
                $0.node == "node2" && $0.isSent && $0.icmpType(58) == 1
            }
            #expect(try await Self.reaches(2, from: 1, in: lab))
            let hasHeard = lab.timeline[start...].contains { $0.node == "node1" && !$0.isSent && $0.icmpType(58) == 1 }
            #expect(!hasHeard)
        }
    }

    @Test("join two nodes by a cable with one carrier, which passes what no bridge does", arguments: fabrics)
    func pointToPoint(fabric: SegmentDescription.Fabric) async throws {
        var topology = Self.trio(fabric)
        topology.nodes.removeLast()
        topology.segments[0].kind = .pointToPoint
        try await Lab.run(topology) { lab in
            #expect(try await Self.reaches(2, from: 1, in: lab))
            let start = lab.step("LLDP")
            let frame = EthernetFrame(
                destination: MACAddress(rawValue: 0x0180_c200_000e), source: MACAddress(rawValue: 0x0200_0000_0001),
                etherType: 0x88cc, payload: [0, 0])
            try lab["node1"].send(frame.serialized(), over: "eth0")
            try await lab.expect("node2 hears its neighbor", within: .seconds(5), since: start) {
                $0.node == "node2" && !$0.isSent && $0.frame?.ethernet.etherType == 0x88cc
            }
            let down = try lab.inject(.linkDown(Self.end)).began
            try await lab.expect("node2 loses its carrier", within: .seconds(5), since: down) {
                $0.node == "node2" && $0.kind == .link(interface: "eth0", isUp: false)
            }
            let up = try lab.heal(.linkDown(Self.end)).began
            try await lab.expect("node2 has it back", within: .seconds(5), since: up) {
                $0.node == "node2" && $0.kind == .link(interface: "eth0", isUp: true)
            }
            try await Self.expectReach(2, from: 1, in: lab)
        }
    }

    @Test("lose an interface that is removed, and have it again when that is healed", arguments: fabrics)
    func removal(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            #expect(try await Self.reaches(1, from: 2, in: lab))
            try lab.inject(.removal(Self.end))
            #expect(try await !Self.reaches(1, from: 2, in: lab))
            try lab.heal(.removal(Self.end))
            try await Self.expectReach(1, from: 2, in: lab)
        }
    }

    @Test("carry a megabyte of TCP, checksums and all", arguments: fabrics)
    func stream(fabric: SegmentDescription.Fabric) async throws {
        try await Lab.run(Self.trio(fabric)) { lab in
            let server = """
                my $s = IO::Socket::INET->new(Listen => 1, LocalPort => 80) or die; $| = 1; print "ready\\n";
                my $c = $s->accept; my ($n, $sum) = (0, 0);
                while (sysread $c, my $b, 65536) { $n += length $b; $sum = ($sum + unpack "%32C*", $b) % 65536 }
                print "$n $sum\\n"
                """
            let begin = lab.step("serve")
            let process = try lab["node1"].start("/usr/bin/perl", ["-MIO::Socket::INET", "-e", server], as: "server")
            try await lab.expect("the server listens", within: .seconds(20), since: begin) { $0.isLine("ready") }
            // 2^20 octets, 64 times each value in each 16 KiB.
            let client = """
                my $c = IO::Socket::INET->new("10.0.0.1:80") or die; my $b = pack "C*", (0 .. 255) x 64;
                print $c $b for 1 .. 64
                """
            let sent = try await lab["node2"].run("/usr/bin/perl", ["-MIO::Socket::INET", "-e", client])
            #expect(sent?.succeeded == true)
            // 64 * 64 * (255 * 256 / 2) modulo 65536.
            try await lab.expect("it has everything", within: .seconds(20), since: begin) {
                $0.isLine("1048576 0")
            }
            #expect(await process.exit(within: .seconds(5)) == .exited(code: 0))
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

    /// Asks until there is an answer: neighbors that were looked for in vain are not asked again at once.
    static func expectReach(_ target: Int, from source: Int, in lab: Lab) async throws {
        let isReached = try await {
            for _ in 1...10 where try await reaches(target, from: source, in: lab) { return true }
            return false
        }()
        #expect(isReached)
    }
}

extension TimelineEvent {
    /// Whether a program wrote this line.
    func isLine(_ text: String) -> Bool {
        if case .output(_, _, text) = kind { true } else { false }
    }

    /// The first octet of the ICMP message of that protocol number in a frame.
    func icmpType(_ number: UInt8) -> UInt8? { icmpMessage(number)?.first }

    /// The ICMP message of that protocol number in a frame.
    func icmpMessage(_ number: UInt8) -> ArraySlice<UInt8>? {
        guard case .frame(let frame) = kind else { return nil }
        let glance = FrameGlance(at: frame.octets)
        return glance.ipProtocol == number ? frame.octets.dropFirst(glance.payloadOffset) : nil
    }
}
