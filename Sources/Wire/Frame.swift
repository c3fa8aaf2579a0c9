/// A captured Ethernet frame and the innermost thing in it that this package understands.
public struct Frame: Hashable, Sendable {
    /// The outermost header, with the whole packet as its payload, tags included.
    public var ethernet: EthernetFrame
    /// The VLAN tags, the outermost first; mostly none.
    public var tags: [VLANTag]
    /// What the payload turned out to be.
    public var content: Content

    /// The packets that are looked into, each with the IP packet around it.
    public enum Content: Hashable, Sendable {
        /// ARP for IPv4.
        case arp(ARPPacket)
        /// A VRRP advertisement, of version 2 or 3.
        case vrrp(VRRPPacket, IPPacket)
        /// Where an IPv6 neighbor is (RFC 4861 §4.4).
        case neighborAdvertisement(NeighborAdvertisement, IPPacket)
        /// Who asks where an IPv6 neighbor is, or whether an address is taken (RFC 4861 §4.3).
        case neighborSolicitation(NeighborSolicitation, IPPacket)
        /// What an IPv6 router offers (RFC 4861 §4.2).
        case routerAdvertisement(RouterAdvertisement, IPPacket)
        /// Who asks for IPv6 routers (RFC 4861 §4.1).
        case routerSolicitation(RouterSolicitation, IPPacket)
        /// Any other ICMP or ICMPv6 message, echoes among them.
        case icmp(ICMPMessage, IPPacket)
        /// IGMP over IPv4, MLD over IPv6.
        case group(GroupMessage, IPPacket)
        /// A UDP datagram, its payload included.
        case udp(UDPDatagram, IPPacket)
        /// A TCP segment, its payload included.
        case tcp(TCPSegment, IPPacket)
        /// A sound IP packet with something else inside, or with something that could not be read.
        case ip(IPPacket)
        /// Another protocol, or an ARP or IP packet that could not be read.
        case other
    }

    /// Throws for an unreadable Ethernet header only; what is unreadable further in makes the content less precise.
    public init(parsing octets: [UInt8]) throws(WireError) {
        ethernet = try EthernetFrame(parsing: octets)
        (tags, content) = ([], .other)
        var reader = ByteReader(ethernet.payload)
        var etherType = ethernet.etherType
        while etherType == VLANTag.customerType || etherType == VLANTag.providerType {
            guard let tag = try? reader.uint16(), let inner = try? reader.uint16() else { return }
            tags.append(VLANTag(controlInformation: tag))
            etherType = inner
        }
        let packet = tags.isEmpty ? ethernet.payload : Array(ethernet.payload.dropFirst(reader.offset))
        content = Content(of: packet, etherType)
    }

    /// The IP packet, whatever it carries; nil when the frame has none that can be read.
    public var ipPacket: IPPacket? {
        switch content {
        case .vrrp(_, let packet), .neighborAdvertisement(_, let packet), .neighborSolicitation(_, let packet),
            .routerAdvertisement(_, let packet), .routerSolicitation(_, let packet), .icmp(_, let packet),
            .group(_, let packet), .udp(_, let packet), .tcp(_, let packet), .ip(let packet):
            packet
        case .arp, .other:
            nil
        }
    }
}

extension Frame.Content {
    fileprivate init(of octets: [UInt8], _ etherType: UInt16) {
        switch etherType {
        case EthernetFrame.EtherType.arp:
            self = (try? ARPPacket(parsing: octets)).map(Self.arp) ?? .other
        case EthernetFrame.EtherType.ipv4:
            self.init(ofPacket: octets, .ipv4)
        case EthernetFrame.EtherType.ipv6:
            self.init(ofPacket: octets, .ipv6)
        default:
            self = .other
        }
    }

    /// The version in the IP header must agree with the EtherType.
    private init(ofPacket octets: [UInt8], _ family: AddressFamily) {
        guard let packet = try? IPPacket(parsing: octets), packet.source.family == family else {
            self = .other
            return
        }
        if packet.protocolNumber == VRRPPacket.protocolNumber {
            // Its peers do not look behind extension headers either.
            self =
                (try? VRRPPacket(parsing: packet.payload, family: family)).map { .vrrp($0, packet) } ?? .ip(packet)
        } else {
            self = (try? packet.upperLayer()).flatMap { Self(layer: $0, packet, family) } ?? .ip(packet)
        }
    }

    private init?(layer: IPPacket.UpperLayer, _ packet: IPPacket, _ family: AddressFamily) {
        switch (layer.protocolNumber, family) {
        case (UDPDatagram.protocolNumber, _):
            guard let datagram = try? UDPDatagram(parsing: layer.payload) else { return nil }
            self = .udp(datagram, packet)
        case (TCPSegment.protocolNumber, _):
            guard let segment = try? TCPSegment(parsing: layer.payload) else { return nil }
            self = .tcp(segment, packet)
        case (GroupMessage.igmp, .ipv4):
            guard let message = try? GroupMessage(parsingIGMP: layer.payload) else { return nil }
            self = .group(message, packet)
        case (ICMPEcho.protocolNumber, .ipv4):
            guard let message = try? ICMPMessage(parsing: layer.payload, family: family) else { return nil }
            self = .icmp(message, packet)
        case (IPPacket.icmpv6, .ipv6):
            self.init(icmpv6: layer.payload, packet)
        default:
            return nil
        }
    }

    private init?(icmpv6 octets: [UInt8], _ packet: IPPacket) {
        if let advertisement = try? NeighborAdvertisement(parsing: octets) {
            self = .neighborAdvertisement(advertisement, packet)
        } else if let solicitation = try? NeighborSolicitation(parsing: octets) {
            self = .neighborSolicitation(solicitation, packet)
        } else if let advertisement = try? RouterAdvertisement(parsing: octets) {
            self = .routerAdvertisement(advertisement, packet)
        } else if let solicitation = try? RouterSolicitation(parsing: octets) {
            self = .routerSolicitation(solicitation, packet)
        } else if let message = try? GroupMessage(parsingMLD: octets) {
            self = .group(message, packet)
        } else if let message = try? ICMPMessage(parsing: octets, family: .ipv6) {
            self = .icmp(message, packet)
        } else {
            return nil
        }
    }
}
