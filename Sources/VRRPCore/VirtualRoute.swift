import Wire

/// A route that comes and goes with a virtual router (`virtual_routes`), or is there as long as the daemon
/// (`static_routes`).
public struct VirtualRoute: Hashable, Sendable {
    /// What happens to packets, as the kernel numbers it (`RTN_*`).
    public enum Kind: UInt8, Hashable, Sendable {
        case unicast = 1
        case local = 2
        case broadcast = 3
        case anycast = 4
        case multicast = 5
        case blackhole = 6
        case unreachable = 7
        case prohibit = 8
        case `throw` = 9
    }

    /// One way that packets can take.
    public struct NextHop: Hashable, Sendable {
        public var gateway: IPAddress?
        public var interface: String?
        /// 1...256, among several next hops.
        public var weight: Int
        public var isOnLink: Bool

        public init(gateway: IPAddress? = nil, interface: String? = nil, weight: Int = 1, isOnLink: Bool = false) {
            self.gateway = gateway
            self.interface = interface
            self.weight = weight
            self.isOnLink = isOnLink
        }
    }

    /// A metric of the kernel's, by its number (`RTAX_*`).
    public struct Metric: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt16

        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }
    }

    public var kind = Kind.unicast
    /// 0.0.0.0/0 or ::/0 is the default route.
    public var destination: IPPrefix
    /// None for a `blackhole`, one mostly, several for multipath.
    public var nextHops: [NextHop]
    public var preferredSource: IPAddress?
    /// 254 is the main table.
    public var table: UInt32 = 254
    /// The lowest wins; nil is the kernel's own choice (`metric`, `preference`, `priority`).
    public var priority: UInt32?
    /// nil is what the kind and the gateway call for.
    public var scope: AddressScope?
    /// `RTPROT_*`; keepalived's own is 18.
    public var origin: UInt8 = 18
    public var typeOfService: UInt8 = 0
    public var metrics: [Metric: UInt32] = [:]
    /// A bit for each metric that path discovery must not change (`mtu lock`).
    public var lockedMetrics: UInt32 = 0
    public var congestionControl: String?
    /// False leaves it alone when somebody takes it away (`no_track`).
    public var isTracked = true

    public init(to destination: IPPrefix, nextHops: [NextHop] = []) {
        self.destination = destination
        self.nextHops = nextHops
    }
}
