/// A kind of frame, for faults that concern one protocol and leave the others alone.
public enum FrameClass: String, Hashable, Sendable, CaseIterable {
    /// ARP, of whatever kind.
    case arp
    /// Router and neighbor solicitations and advertisements, and redirects (RFC 4861).
    case neighborDiscovery
    /// VRRP over either family, of whatever version.
    case vrrp
    /// ICMP and ICMPv6 but for neighbor discovery and multicast listener reports.
    case icmp
    /// Who listens to which group: IGMP and MLD.
    case membership
    /// TCP over either family.
    case tcp
    /// UDP over either family.
    case udp
    /// Whatever is none of these.
    case other
}

extension FrameClass {
    /// What a frame is, from the Ethernet header on; the later fragments of a packet are of the class of the first, as
    /// far as their own headers tell.
    public init(of frame: [UInt8]) {
        self.init(of: frame, at: FrameGlance(at: frame))
    }

    /// What a frame is that was glanced at before.
    public init(of frame: [UInt8], at glance: FrameGlance) {
        switch (glance.etherType, glance.ipProtocol) {
        case (EthernetFrame.EtherType.arp, _): self = .arp
        case (_, VRRPPacket.protocolNumber): self = .vrrp
        case (EthernetFrame.EtherType.ipv4, 1): self = .icmp
        case (EthernetFrame.EtherType.ipv4, 2): self = .membership
        case (_, 6): self = .tcp
        case (_, 17): self = .udp
        case (EthernetFrame.EtherType.ipv6, IPPacket.icmpv6):
            let type = glance.payloadOffset < frame.count ? frame[glance.payloadOffset] : 0
            switch type {
            case 133...137: self = .neighborDiscovery
            case 130...132, 143: self = .membership
            default: self = .icmp
            }
        default: self = .other
        }
    }
}
