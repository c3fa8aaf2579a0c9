import Timeline
import Wire

/// A timeline drawn by hand: events in a few words each, times in seconds.
struct Story {
    var timeline = Timeline()

    /// The address that the routers of every story share.
    static let shared = IPAddress.v4(IPv4Address(192, 168, 1, 100))

    mutating func add(
        _ seconds: Double, _ kind: TimelineEvent.Kind, at node: String? = nil, uncertainty: Duration = .zero
    ) {
        timeline.append(TimelineEvent(at: at(seconds), uncertainty: uncertainty, node: node, kind))
    }

    mutating func gains(_ node: String, _ seconds: Double, _ address: IPAddress = shared, on interface: String = "eth0")
    {
        add(seconds, .addressAdded(IPPrefix(host: address), interface: interface), at: node)
    }

    mutating func loses(
        _ node: String, _ seconds: Double, _ address: IPAddress = shared, on interface: String = "eth0",
        uncertainty: Duration = .zero
    ) {
        add(
            seconds, .addressRemoved(IPPrefix(host: address), interface: interface), at: node, uncertainty: uncertainty)
    }

    /// A frame leaves one node and reaches others 20 µs later.
    mutating func frame(_ octets: [UInt8], _ seconds: Double, from node: String, to others: [String]) {
        let sent = CapturedFrame(interface: "eth0", direction: .sent, octets: octets)
        add(seconds, .frame(sent), at: node)
        for other in others {
            let received = CapturedFrame(interface: "eth0", direction: .received, octets: octets)
            add(seconds + 0.000_02, .frame(received), at: other)
        }
    }

    mutating func advert(
        _ priority: UInt8, _ seconds: Double, from node: String, to others: [String] = [], id: UInt8 = 51
    ) {
        frame(advertisement(priority, from: node, id: id), seconds, from: node, to: others)
    }

    /// One advertisement a second.
    mutating func adverts(
        _ priority: UInt8, _ times: ClosedRange<Int>, plus phase: Double, from node: String, to others: [String] = []
    ) {
        for second in times { advert(priority, Double(second) + phase, from: node, to: others) }
    }

    /// Gratuitous ARP, the frames 10 µs apart.
    mutating func announces(_ node: String, _ seconds: Double, count: Int, to others: [String] = []) {
        for index in 0..<count {
            frame(announcement(from: node), seconds + Double(index) * 0.000_01, from: node, to: others)
        }
    }
}

func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: Int64((seconds * 1e9).rounded()))
}

/// `node1` has 192.168.1.11 and 02:00:00:00:00:0b, and so on.
func stationNumber(of node: String) -> UInt8 {
    10 + (node.last.flatMap { UInt8(String($0)) } ?? 40)
}

func advertisement(_ priority: UInt8, from node: String, id: UInt8 = 51) -> [UInt8] {
    let source = IPAddress.v4(IPv4Address(192, 168, 1, stationNumber(of: node)))
    let group = IPAddress.v4(.vrrpGroup)
    let packet = VRRPPacket(
        version: 2, type: 1, virtualRouterID: id, priority: priority, interval: .seconds(1), addresses: [Story.shared],
        authentication: .none)
    let carrier = IPPacket(
        source: source, destination: group, hopLimit: 255, protocolNumber: 112, trafficClass: 0xc0, identification: 1,
        payload: packet.serialized(source: source, destination: group))
    return EthernetFrame(
        destination: .multicast(group), source: station(node), etherType: 0x0800, payload: carrier.serialized()
    ).serialized()
}

func announcement(from node: String) -> [UInt8] {
    let arp = ARPPacket.gratuitous(IPv4Address(192, 168, 1, 100), from: station(node))
    return EthernetFrame(
        destination: .broadcast, source: station(node), etherType: 0x0806, payload: arp.serialized()
    ).serialized()
}

func station(_ node: String) -> MACAddress {
    MACAddress(rawValue: 0x0200_0000_0000 | UInt64(stationNumber(of: node)))
}

extension Story {
    /// node1 is active, dies with SIGKILL at 9.731 and leaves the address in its kernel; node2 takes over.
    static let crash: Timeline = {
        var story = Story()
        let all = ["node2", "client"]
        story.add(0, .step("both routers start"))
        story.add(0.001, .started(process: "keepalived", arguments: ["keepalived", "-n"]), at: "node1")
        story.add(0.001_2, .started(process: "keepalived", arguments: ["keepalived", "-n"]), at: "node2")
        story.adverts(150, 3...9, plus: 0.414, from: "node1", to: all)
        story.gains("node1", 3.414_3)
        story.announces("node1", 3.414_5, count: 5, to: all)
        story.announces("node1", 8.414_6, count: 5, to: all)
        story.add(9.731, .fault("crash node1"))
        story.add(9.731_4, .exited(process: "keepalived", .signaled(number: 9)), at: "node1")
        story.adverts(100, 13...18, plus: 0.024, from: "node2", to: ["node1", "client"])
        story.gains("node2", 13.024_3)
        story.announces("node2", 13.024_5, count: 5, to: ["node1", "client"])
        story.announces("node2", 18.024_7, count: 5, to: ["node1", "client"])
        story.add(19, .verdict("node2 takes over within 3.607...3.759 s: 3.610 s", passed: true))
        story.add(19, .verdict("at most one owner of 192.168.1.100", passed: false))
        return story.timeline
    }()

    /// A cut at 6 s parts two routers; it heals at 14 s and node2 gives way.
    static let partition: Timeline = {
        var story = Story()
        story.adverts(150, 1...5, plus: 0.5, from: "node1", to: ["node2"])
        story.gains("node1", 1.500_3)
        story.add(6, .fault("silence node1/eth0"))
        story.adverts(150, 6...13, plus: 0.5, from: "node1")
        story.adverts(100, 9...13, plus: 0.11, from: "node2")
        story.gains("node2", 9.110_3)
        story.announces("node2", 9.110_4, count: 5)
        story.add(14, .healed("silence node1/eth0"))
        story.adverts(150, 14...16, plus: 0.5, from: "node1", to: ["node2"])
        story.loses("node2", 14.501)
        return story.timeline
    }()

    /// node1 is stopped, says so with priority 0, and gives the address up before node2 has it.
    static let resignation: Timeline = {
        var story = Story()
        story.adverts(150, 1...3, plus: 0.5, from: "node1", to: ["node2"])
        story.gains("node1", 1.500_3)
        story.add(4.2, .fault("stop node1"))
        story.advert(0, 4.201, from: "node1", to: ["node2"])
        story.loses("node1", 4.201_5)
        story.add(5.22, .exited(process: "keepalived", .exited(code: 0)), at: "node1")
        story.advert(100, 4.811, from: "node2", to: ["node1"])
        story.gains("node2", 4.811_4)
        return story.timeline
    }()
}

/// Octets from hexadecimal digits, blanks ignored.
func octets(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
