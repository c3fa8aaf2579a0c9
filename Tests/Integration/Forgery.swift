import Wire

/// A VRRP packet of a stranger, better than the master in everything but for one flaw.
struct Forgery: Sendable {
    /// What is wrong with it.
    enum Flaw: String, Sendable, CaseIterable {
        case checksum
        /// It has passed a router on its way: 254 instead of 255.
        case hopLimit
        case version
        case password
        case randomOctets
        case addressCount
    }

    /// Who sends it.
    static let source = Segment.macAddress(of: "stranger")

    private let flaw: Flaw
    private let number: Int

    /// - Parameter number: tells one from the next.
    init(_ flaw: Flaw, number: Int) {
        self.flaw = flaw
        self.number = number
    }

    /// A sound advertisement that every router on the segment must yield to.
    static func takeover(interval: Duration) -> [UInt8] {
        let packet = VRRPPacket(
            version: 3, virtualRouterID: 51, priority: 200, interval: interval, addresses: [Segment.virtualAddress])
        return Forgery(.checksum, number: 0).framed(packet.serialized(source: address, destination: group), to: nil)
    }

    /// The frame as it stands on the cable.
    ///
    /// - Parameter station: the only one that gets it; nil is the group.
    func frame(to station: MACAddress?) -> [UInt8] {
        framed(payload, to: station)
    }

    private static let address = IPAddress.v4(IPv4Address(192, 168, 1, 66))
    private static let group = IPAddress.v4(.vrrpGroup)

    private var payload: [UInt8] {
        if flaw == .randomOctets {
            // Still for the virtual router of the test, so that it is not thrown away unread.
            var octets = (0..<20).map { UInt8(truncatingIfNeeded: (number * 167 + $0 * 59) ^ (number >> 3)) }
            octets[1] = 51
            return octets
        }
        let packet = VRRPPacket(
            version: flaw.version == 2 ? 2 : 3, virtualRouterID: 51, priority: 200,
            interval: flaw.version == 2 ? .seconds(1) : .milliseconds(100),
            addresses: [Segment.virtualAddress],
            authentication: flaw == .password ? .password(Array("wrong678".utf8)) : .none)
        var octets = packet.serialized(source: Self.address, destination: Self.group)
        if flaw == .checksum { octets[6] ^= UInt8(truncatingIfNeeded: number | 1) }
        if flaw == .addressCount { octets[3] = 9 }
        return octets
    }

    private func framed(_ payload: [UInt8], to station: MACAddress?) -> [UInt8] {
        let packet = IPPacket(
            source: Self.address, destination: Self.group, hopLimit: flaw == .hopLimit ? 254 : 255,
            protocolNumber: VRRPPacket.protocolNumber, identification: UInt16(truncatingIfNeeded: number),
            payload: payload)
        let groupStation = MACAddress("01:00:5e:00:00:12") ?? .broadcast
        return EthernetFrame(
            destination: station ?? groupStation, source: Self.source, etherType: EthernetFrame.EtherType.ipv4,
            payload: packet.serialized()
        ).serialized()
    }
}

extension Forgery.Flaw {
    /// Of the packet: the one that is wrong about it is of version 2, and so is the one with a password.
    fileprivate var version: Int { self == .version || self == .password ? 2 : 3 }

    /// Of the routers.
    var interval: Duration { self == .password ? .seconds(1) : .milliseconds(100) }

    /// A router that must refuse the packet.
    func instance(priority: Int) -> InstanceText {
        guard self == .password else { return InstanceText(priority: priority) }
        return InstanceText(
            priority: priority, version: 2, interval: "1",
            lines: ["authentication {", "    auth_type PASS", "    auth_pass secret12", "}"])
    }
}
