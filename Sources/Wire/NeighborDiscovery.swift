/// Says which Ethernet station an IPv6 address belongs to (RFC 4861 §4.4).
public struct NeighborAdvertisement: Hashable, Sendable {
    /// The address that is spoken of.
    public var target: IPv6Address
    /// The sender forwards packets.
    public var isRouter: Bool
    /// It answers a solicitation.
    public var isSolicited: Bool
    /// Listeners replace what they remembered.
    public var isOverride: Bool
    /// Nil where the option is absent.
    public var linkLayerAddress: MACAddress?

    /// An unsolicited one that changes caches has `isOverride`, and a link-layer address.
    public init(
        target: IPv6Address, isRouter: Bool, isSolicited: Bool, isOverride: Bool, linkLayerAddress: MACAddress?
    ) {
        self.target = target
        self.isRouter = isRouter
        self.isSolicited = isSolicited
        self.isOverride = isOverride
        self.linkLayerAddress = linkLayerAddress
    }

    /// What a router that has taken over an address tells all nodes, ready for the wire.
    ///
    /// The address speaks for itself, as keepalived lets it: it is the source of the packet too. keepalived sets the
    /// router flag where the interface forwards; RFC 9568 §6.4.2 always does.
    public static func unsolicited(
        _ address: IPv6Address, from mac: MACAddress, isRouter: Bool = false
    ) -> EthernetFrame {
        let advertisement = NeighborAdvertisement(
            target: address, isRouter: isRouter, isSolicited: false, isOverride: true, linkLayerAddress: mac)
        let packet = IPPacket(
            source: .v6(address), destination: .v6(.allNodes), hopLimit: 255, protocolNumber: IPPacket.icmpv6,
            payload: advertisement.serialized(source: address, destination: .allNodes))
        return EthernetFrame(
            destination: .multicast(.v6(.allNodes)), source: mac, etherType: EthernetFrame.EtherType.ipv6,
            payload: packet.serialized())
    }

    /// Reads an ICMPv6 message of type 136; options other than the link-layer address are skipped, and the checksum
    /// is not judged.
    public init(parsing octets: [UInt8]) throws(WireError) {
        let message = try NeighborMessage(parsing: octets, type: 136, option: 2)
        target = message.target
        isRouter = message.flags & Flag.router != 0
        isSolicited = message.flags & Flag.solicited != 0
        isOverride = message.flags & Flag.override != 0
        linkLayerAddress = message.linkLayerAddress
    }

    /// The ICMPv6 message with its checksum, which covers the addresses of the packet around it.
    public func serialized(source: IPv6Address, destination: IPv6Address) -> [UInt8] {
        let flags =
            (isRouter ? Flag.router : 0) | (isSolicited ? Flag.solicited : 0) | (isOverride ? Flag.override : 0)
        return NeighborMessage(type: 136, flags: flags, target: target, option: 2, linkLayerAddress: linkLayerAddress)
            .serialized(source: source, destination: destination)
    }

    private enum Flag {
        static let router: UInt32 = 1 << 31
        static let solicited: UInt32 = 1 << 30
        static let override: UInt32 = 1 << 29
    }
}

/// Asks which Ethernet station an IPv6 address belongs to (RFC 4861 §4.3).
public struct NeighborSolicitation: Hashable, Sendable {
    /// The address that is asked for.
    public var target: IPv6Address
    /// Who asks; nil where the option is absent, as when the sender only looks whether the address is taken.
    public var linkLayerAddress: MACAddress?

    /// Asks for a target; without a link-layer address only whether it is taken.
    public init(target: IPv6Address, linkLayerAddress: MACAddress?) {
        self.target = target
        self.linkLayerAddress = linkLayerAddress
    }

    /// Reads an ICMPv6 message of type 135; options other than the link-layer address are skipped, and the checksum
    /// is not judged.
    public init(parsing octets: [UInt8]) throws(WireError) {
        let message = try NeighborMessage(parsing: octets, type: 135, option: 1)
        target = message.target
        linkLayerAddress = message.linkLayerAddress
    }

    /// The ICMPv6 message with its checksum, which covers the addresses of the packet around it.
    public func serialized(source: IPv6Address, destination: IPv6Address) -> [UInt8] {
        NeighborMessage(type: 135, flags: 0, target: target, option: 1, linkLayerAddress: linkLayerAddress)
            .serialized(source: source, destination: destination)
    }
}

/// How both messages are spelled: they differ in their type, in the flags and in the number of the option.
private struct NeighborMessage {
    var type: UInt8
    var flags: UInt32
    var target: IPv6Address
    /// 1 names the source's, 2 the target's link-layer address (RFC 4861 §4.6.1).
    var option: UInt8
    var linkLayerAddress: MACAddress?
}

extension NeighborMessage {
    init(parsing octets: [UInt8], type: UInt8, option: UInt8) throws(WireError) {
        var reader = ByteReader(octets)
        try reader.expectDiscovery(type: type)
        self.init(type: type, flags: try reader.uint32(), target: try reader.ipv6Address(), option: option)
        linkLayerAddress = try reader.discoveryOptions().linkLayerAddress(number: option)
    }

    func serialized(source: IPv6Address, destination: IPv6Address) -> [UInt8] {
        var writer = ByteWriter()
        writer.append([type, 0])
        writer.append(UInt16(0))
        writer.append(flags)
        writer.append(target.octets)
        if let linkLayerAddress {
            writer.append([option, 1])
            writer.append(linkLayerAddress.octets)
        }
        let checksum = InternetChecksum.of(
            writer.octets, source: .v6(source), destination: .v6(destination), protocol: IPPacket.icmpv6)
        writer.patch(checksum, at: 2)
        return writer.octets
    }
}
