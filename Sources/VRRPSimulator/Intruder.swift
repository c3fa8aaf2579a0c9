import Chance
import VRRPCore
import Wire

/// Somebody on the segment who sends what no router may believe, to every host, all the time.
///
/// With it and without it, a story must be the same to the nanosecond.
public struct Intruder: Sendable {
    /// When the next packet comes.
    public private(set) var nextTime: Instant
    private let interval: Duration
    private var generator: SeededGenerator

    /// Sends packets with this time between them on the average.
    public init(every interval: Duration, seed: UInt64) {
        self.interval = interval
        generator = SeededGenerator(seed: seed)
        nextTime = Instant.zero + interval
    }

    /// The packet that is due, and the next one's time drawn.
    mutating func next(_ scenario: Scenario) -> Datagram {
        nextTime = nextTime + generator.duration(in: .nanoseconds(1)...interval * 2)
        let group = AddressFamily.ipv4.vrrpGroup
        let source = IPAddress.v4(Scenario.address(of: generator.number(in: 1...9)))
        var packet = VRRPPacket(
            version: scenario.version.rawValue, virtualRouterID: 51,
            priority: generator.element(of: [0, 1, 100, 254, 255]), interval: scenario.interval,
            addresses: [Scenario.address])
        var hopLimit: UInt8 = 255
        var breaksChecksum = false
        var isCut = false
        switch generator.number(in: 0...6) {
        case 0: breaksChecksum = true
        case 1: hopLimit = UInt8(generator.number(in: 0...254))
        case 2: packet.version = scenario.version == .v2 ? 3 : 2
        case 3: packet.virtualRouterID = 52
        case 4: packet.type = UInt8(generator.number(in: 2...15))
        case 5: packet.addresses = [group]
        default: isCut = true
        }
        var payload = packet.serialized(source: source, destination: group)
        if breaksChecksum { payload[6] ^= UInt8(generator.number(in: 1...255)) }
        if isCut { payload.removeLast(generator.number(in: 1...payload.count)) }
        return Datagram(
            interface: Scenario.interface, source: source, destination: group, hopLimit: hopLimit, payload: payload)
    }
}
