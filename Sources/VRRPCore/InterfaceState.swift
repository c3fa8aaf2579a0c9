import Wire

/// What a router must know of an interface.
public struct InterfaceState: Hashable, Sendable {
    /// Up and running: administratively up, with carrier.
    public var isUp: Bool
    /// The first IPv4 address that is not a virtual one.
    public var primaryIPv4: IPv4Address?
    /// The link-local IPv6 address.
    public var linkLocalIPv6: IPv6Address?
    /// Neighbors must be told when it changes.
    public var macAddress: MACAddress?
    /// Every address that is not a virtual one.
    public var addresses: Set<IPAddress> = []

    public static let absent = InterfaceState(isUp: false)

    public init(isUp: Bool, primaryIPv4: IPv4Address? = nil, linkLocalIPv6: IPv6Address? = nil) {
        self.isUp = isUp
        self.primaryIPv4 = primaryIPv4
        self.linkLocalIPv6 = linkLocalIPv6
    }
}
