import Wire

/// A capture file that grows with a lab: what it returns, one after the other, is a file that `PCAPNG` might have
/// written, and a reader may stop anywhere.
public struct PCAPNGStream: Sendable {
    private let realTimeOffset: Duration
    private var numbers: [String: UInt32] = [:]
    private var pending: [PCAPNG.Comment] = []

    /// - Parameter realTimeOffset: what to add to the monotonic clock to get the time since 1970.
    public init(realTimeOffset: Duration) {
        self.realTimeOffset = realTimeOffset
    }

    /// What every file begins with.
    public var beginning: [UInt8] { PCAPNG.sectionHeader([]).octets }

    /// What an event adds to the file: a frame its packet, with all that happened since the last one as comments, and
    /// its interface when that is new; everything else nothing yet.
    public mutating func octets(of event: TimelineEvent) -> [UInt8] {
        guard let packet = PCAPNG.Packet(event, [], comments: pending) else {
            if let comment = PCAPNG.Comment(event) { pending.append(comment) }
            return []
        }
        pending = []
        var octets: [UInt8] = []
        let number = numbers[packet.interface] ?? UInt32(numbers.count)
        if numbers.updateValue(number, forKey: packet.interface) == nil {
            octets = PCAPNG.interfaceDescription(packet.interface, packet.linkType).octets
        }
        return octets + PCAPNG.enhancedPacket(packet, interface: number, realTimeOffset).octets
    }
}
