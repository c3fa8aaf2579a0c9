extension Frame {
    /// One line for people, such as `VRRPv2 10.9.0.1 > 224.0.0.18: router 51, priority 100, every 1.0 s, 10.9.0.100`.
    public var summary: String {
        tags.map { "VLAN \($0.identifier): " }.joined() + (content.summary ?? ethernet.summary)
    }
}

extension Frame.Content {
    /// Nil for what is nothing but an Ethernet frame.
    fileprivate var summary: String? {
        switch self {
        case .arp(let packet):
            packet.summary
        case .vrrp(let vrrp, let packet):
            "VRRPv\(vrrp.version) \(packet.route): \(vrrp.summary)"
        case .neighborAdvertisement(let advertisement, _):
            "NA \(advertisement.target)" + (advertisement.linkLayerAddress.map { " is at \($0)" } ?? "")
        case .neighborSolicitation(let solicitation, let packet):
            "NS who has \(solicitation.target)? Tell \(packet.source)"
        case .routerAdvertisement(let advertisement, let packet):
            "RA \(packet.source): \(advertisement.summary)"
        case .routerSolicitation(_, let packet):
            "RS \(packet.route)"
        case .icmp(let message, let packet):
            "\(message.family == .ipv4 ? "ICMP" : "ICMPv6") \(packet.route): \(message)"
        case .group(let message, let packet):
            "\(packet.source.family == .ipv4 ? "IGMP" : "MLD") \(packet.route): \(message)"
        case .udp(let datagram, let packet):
            "UDP \(packet.route(datagram.sourcePort, datagram.destinationPort)): \(datagram.payload.count) octets"
        case .tcp(let segment, let packet):
            "TCP \(packet.route(segment.sourcePort, segment.destinationPort)): \(segment.summary)"
        case .ip(let packet):
            "IP \(packet.route): protocol \(packet.protocolNumber), \(packet.payload.count) octets"
        case .other:
            nil
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

extension RouterAdvertisement {
    fileprivate var summary: String {
        let role = lifetime == .zero ? "no default router" : "default router for \(Int(lifetime.inSeconds)) s"
        return ([role] + prefixes.map(\.description)).joined(separator: ", ")
    }
}

extension TCPSegment {
    fileprivate var summary: String {
        let acknowledged = flags.contains(.acknowledge) ? ", ack \(acknowledgment)" : ""
        return "[\(flags)] seq \(sequence)\(acknowledged), win \(window), \(payload.count) octets"
    }
}

extension IPPacket {
    fileprivate var route: String { "\(source) > \(destination)" }

    fileprivate func route(_ sourcePort: UInt16, _ destinationPort: UInt16) -> String {
        let end = { (address: IPAddress, port: UInt16) in
            address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        }
        return "\(end(source, sourcePort)) > \(end(destination, destinationPort))"
    }
}

extension EthernetFrame {
    fileprivate var summary: String {
        let type = hexadecimal(UInt8(etherType >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: etherType))
        return "Ethernet \(source) > \(destination): type 0x\(type), \(payload.count) octets"
    }
}
