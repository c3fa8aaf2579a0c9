/// A captured Ethernet frame and the innermost thing in it that this package understands.
public struct Frame: Hashable, Sendable {
    /// The outermost header, with the whole packet as its payload.
    public var ethernet: EthernetFrame
    /// What the payload turned out to be.
    public var content: Content

    /// The packets that are looked into, each with the IP packet around it.
    public enum Content: Hashable, Sendable {
        case arp(ARPPacket)
        case vrrp(VRRPPacket, IPPacket)
        case neighborAdvertisement(NeighborAdvertisement, IPPacket)
        case neighborSolicitation(NeighborSolicitation, IPPacket)
        /// A sound IP packet with something else inside, or with something that could not be read.
        case ip(IPPacket)
        /// Another protocol, or an ARP or IP packet that could not be read.
        case other
    }

    /// Throws for an unreadable Ethernet header only; what is unreadable further in makes the content less precise.
    public init(parsing octets: [UInt8]) throws(WireError) {
        ethernet = try EthernetFrame(parsing: octets)
        content = Content(of: ethernet)
    }
}

extension Frame.Content {
    fileprivate init(of frame: EthernetFrame) {
        switch frame.etherType {
        case EthernetFrame.EtherType.arp:
            self = (try? ARPPacket(parsing: frame.payload)).map(Self.arp) ?? .other
        case EthernetFrame.EtherType.ipv4:
            self.init(of: frame.payload, .ipv4)
        case EthernetFrame.EtherType.ipv6:
            self.init(of: frame.payload, .ipv6)
        default:
            self = .other
        }
    }

    /// The version in the IP header must agree with the EtherType.
    private init(of octets: [UInt8], _ family: AddressFamily) {
        guard let packet = try? IPPacket(parsing: octets), packet.source.family == family else {
            self = .other
            return
        }
        if packet.protocolNumber == VRRPPacket.protocolNumber,
            let vrrp = try? VRRPPacket(parsing: packet.payload, family: family)
        {
            self = .vrrp(vrrp, packet)
        } else if packet.protocolNumber == IPPacket.icmpv6, family == .ipv6 {
            self.init(neighborDiscovery: packet)
        } else {
            self = .ip(packet)
        }
    }

    private init(neighborDiscovery packet: IPPacket) {
        if let advertisement = try? NeighborAdvertisement(parsing: packet.payload) {
            self = .neighborAdvertisement(advertisement, packet)
        } else if let solicitation = try? NeighborSolicitation(parsing: packet.payload) {
            self = .neighborSolicitation(solicitation, packet)
        } else {
            self = .ip(packet)
        }
    }
}

extension Frame {
    /// One line for people, such as `VRRPv2 10.9.0.1 > 224.0.0.18: router 51, priority 100, every 1.0 s, 10.9.0.100`.
    public var summary: String {
        switch content {
        case .arp(let packet):
            packet.summary
        case .vrrp(let vrrp, let packet):
            "VRRPv\(vrrp.version) \(packet.route): \(vrrp.summary)"
        case .neighborAdvertisement(let advertisement, _):
            "NA \(advertisement.target)" + (advertisement.linkLayerAddress.map { " is at \($0)" } ?? "")
        case .neighborSolicitation(let solicitation, let packet):
            "NS who has \(solicitation.target)? Tell \(packet.source)"
        case .ip(let packet):
            "IP \(packet.route): protocol \(packet.protocolNumber), \(packet.payload.count) octets"
        case .other:
            "Ethernet \(ethernet.source) > \(ethernet.destination): "
                + "type 0x\(ethernet.etherTypeText), \(ethernet.payload.count) octets"
        }
    }
}

extension ARPPacket {
    fileprivate var summary: String {
        if isGratuitous { return "ARP \(senderAddress) is at \(senderMAC) (gratuitous)" }
        return switch operation {
        case .request: "ARP who has \(targetAddress)? Tell \(senderAddress)"
        case .reply: "ARP \(senderAddress) is at \(senderMAC)"
        }
    }
}

extension VRRPPacket {
    fileprivate var summary: String {
        let claim = priority == 0 ? "resigns" : "priority \(priority)"
        let list = addresses.map(\.description).joined(separator: " ")
        return "router \(virtualRouterID), \(claim), every \(interval.inSeconds) s, \(list)"
    }
}

extension IPPacket {
    fileprivate var route: String { "\(source) > \(destination)" }
}

extension EthernetFrame {
    fileprivate var etherTypeText: String {
        hexadecimal(UInt8(etherType >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: etherType))
    }
}
