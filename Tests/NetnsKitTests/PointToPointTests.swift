import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A point-to-point link", .requiresNamespaces)
struct PointToPointTests {
    private static let cable = Topology.link("left", "right", networks: "10.0.0.0/30")
    private static let left = LinkEnd("left", "eth0")
    private static let right = LinkEnd("right", "eth0")

    @Test(
        "has one carrier: who loses it, loses it for both, and gets it back for both",
        arguments: [Fault.linkDown(left), .linkDown(right), .carrierLoss(left), .removal(right)])
    func sharedCarrier(fault: Fault) async throws {
        try await Lab.run(Self.cable) { lab in
            let lost = try lab.inject(fault)
            for node in ["left", "right"] { try await Self.expect(node, isUp: false, in: lab, since: lost.began) }
            let healed = try lab.heal(fault)
            for node in ["left", "right"] { try await Self.expect(node, isUp: true, in: lab, since: healed.began) }
            try await Self.expectTraffic(in: lab, since: healed.inForce)
        }
    }

    @Test(
        "has one carrier also where a switch in user space carries it",
        .requiresTapDevices, arguments: [Fault.linkDown(left), .carrierLoss(left)])
    func sharedCarrierInUserSpace(fault: Fault) async throws {
        var cable = Self.cable
        cable.segments[0].fabric = .userSpace
        try await Lab.run(cable) { lab in
            let lost = try lab.inject(fault)
            for node in ["left", "right"] { try await Self.expect(node, isUp: false, in: lab, since: lost.began) }
            let healed = try lab.heal(fault)
            for node in ["left", "right"] { try await Self.expect(node, isUp: true, in: lab, since: healed.began) }
            try await Self.expectTraffic(in: lab, since: healed.inForce)
        }
    }

    @Test("has its carrier back only when both ends are up and the cable is whole")
    func everyCause() async throws {
        try await Lab.run(Self.cable) { lab in
            let causes = [Fault.linkDown(Self.left), .carrierLoss(Self.right), .linkDown(Self.right)]
            for cause in causes { try lab.inject(cause) }
            try await Self.expect("left", isUp: false, in: lab, since: lab.start)
            try await Self.expect("right", isUp: false, in: lab, since: lab.start)
            try lab.heal(causes[0])
            let second = try lab.heal(causes[1])
            try await lab.expectNever("a carrier", for: .milliseconds(100), since: second.began) {
                $0.kind == .link(interface: "eth0", isUp: true)
            }
            let last = try lab.heal(causes[2])
            for node in ["left", "right"] { try await Self.expect(node, isUp: true, in: lab, since: last.began) }
            try await Self.expectTraffic(in: lab, since: last.inForce)
        }
    }

    @Test("passes the frames that a switch keeps for itself, but for pauses, also after it was silent")
    func reservedGroups() async throws {
        for isHealed in [false, true] {
            try await Lab.run(Self.cable) { lab in
                if isHealed {
                    try lab.inject(.silence(Self.left))
                    try lab.heal(.silence(Self.left))
                }
                let passed = try await Self.groupsThatPass(in: lab)
                #expect(passed == Array(0...15).filter { $0 != 1 })
            }
        }
        var bridge = Self.cable
        bridge.segments = []
        try await Lab.run(bridge) { lab in
            // Without a spanning tree a bridge has no use for its own group address.
            let passed = try await Self.groupsThatPass(in: lab)
            #expect(passed == [0])
        }
    }

    @Test("learns nothing: a frame goes over it although its destination was seen on this side")
    func noLearning() async throws {
        try await Lab.run(Self.cable) { lab in
            let station = try #require(MACAddress("02:00:00:00:00:77"))
            for (number, destination) in [MACAddress.broadcast, station].enumerated() {
                try lab["left"].send(Self.frame(to: destination, from: station, UInt8(number)), over: "eth0")
            }
            try await lab.expect("the second arrives", within: .seconds(2), since: lab.start) {
                $0.isArrival && $0.frame?.ethernet.destination == station
            }
        }
    }

    @Test("falls silent and is parted as every other segment")
    func otherFaults() async throws {
        for fault in [Fault.silence(Self.right), .partition(segment: "left-right", [["left"], ["right"]])] {
            try await Lab.run(Self.cable) { lab in
                let silent = try lab.inject(fault)
                try lab["left"].send(Self.frame(to: .broadcast, from: .virtualRouter(1, .ipv4), 1), over: "eth0")
                try await lab.expectNever("it arrives", for: .milliseconds(100), since: silent.inForce) { $0.isArrival }
                let healed = try lab.heal(fault)
                try await Self.expectTraffic(in: lab, since: healed.inForce)
            }
        }
    }

    /// The last digits of the groups 01:80:c2:00:00:0x whose frames pass from left to right.
    private static func groupsThatPass(in lab: Lab) async throws -> [Int] {
        let source = MACAddress(rawValue: 0x0200_0000_0001)
        for digit in 0...15 {
            let group = MACAddress(rawValue: 0x0180_c200_0000 | UInt64(digit))
            try lab["left"].send(frame(to: group, from: source, UInt8(digit)), over: "eth0")
        }
        // Frames keep their order, so what has not come before this one does not come.
        try lab["left"].send(frame(to: .broadcast, from: source, 99), over: "eth0")
        try await lab.expect("the last arrives", within: .seconds(2), since: lab.start) {
            $0.isArrival && $0.frame?.ethernet.payload.first == 99
        }
        return lab.timeline.events.filter(\.isArrival).compactMap { $0.frame?.ethernet.payload.first.map { Int($0) } }
            .filter { $0 != 99 }
    }

    private static func frame(to destination: MACAddress, from source: MACAddress, _ number: UInt8) -> [UInt8] {
        EthernetFrame(destination: destination, source: source, etherType: 0x88b5, payload: [number]).serialized()
    }

    private static func expect(_ node: String, isUp: Bool, in lab: Lab, since start: Instant) async throws {
        try await lab.expect("\(node) \(isUp ? "gets" : "loses") the carrier", within: .seconds(2), since: start) {
            $0.node == node && $0.kind == .link(interface: "eth0", isUp: isUp)
        }
    }

    private static func expectTraffic(in lab: Lab, since start: Instant) async throws {
        let probe = try lab["left"].probe(IPv4Address(10, 0, 0, 2), over: "eth0")
        try await lab.expect("right answers left", within: .seconds(5), since: start) {
            $0.node == "left" && $0.frameDirection == .received && $0.packet?.payload.first == 0
        }
        probe.stop()
    }
}

extension TimelineEvent {
    /// A frame of these tests that reached the right end.
    fileprivate var isArrival: Bool {
        node == "right" && frameDirection == .received && frame?.ethernet.etherType == 0x88b5
    }
}
