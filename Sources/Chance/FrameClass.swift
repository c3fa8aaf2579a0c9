import Wire

/// A kind of frame, for faults that concern one protocol and leave the others alone.
public enum FrameClass: String, Hashable, Sendable, CaseIterable {
    case arp
    case neighborDiscovery
    case vrrp
    /// ICMP and ICMPv6 but for neighbor discovery and multicast listener reports.
    case icmp
    /// Who listens to which group: IGMP and MLD.
    case membership
    case tcp
    case udp
    /// Whatever is none of these.
    case other
}
