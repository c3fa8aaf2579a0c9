/// The least time between two packets that announce addresses (`vrrp_garp_interval`, `vrrp_gna_interval`).
public struct AnnouncementSpacing: Hashable, Sendable {
    /// Between gratuitous ARPs; zero is none.
    public var arp: Duration
    /// Between unsolicited neighbor advertisements; zero is none.
    public var neighbor: Duration

    public init(arp: Duration = .zero, neighbor: Duration = .zero) {
        self.arp = arp
        self.neighbor = neighbor
    }
}
