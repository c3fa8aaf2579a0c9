import Wire

/// What one virtual router is told: a `vrrp_instance` after every default and cross-check has been applied.
public struct VirtualRouterConfiguration: Hashable, Sendable {
    /// The instance's name in the configuration; unique within a daemon.
    public var name: String
    public var version: VRRPVersion
    /// The family of the advertised addresses, and of the packets.
    public var family: AddressFamily
    /// The interface on which advertisements are sent and heard.
    public var interface: String
    /// 1...255.
    public var virtualRouterID: UInt8
    public var priority: Priority
    /// v2: whole seconds, 1...255; v3: whole centiseconds, 0.01...40.95 s.
    public var advertisementInterval: Duration = .seconds(1)
    /// keepalived's `state`: a hint that matters only together with priority 255.
    public var startsAsMaster = false
    /// False with `nopreempt`: a lower-priority master is left alone.
    public var preempts = true
    /// How long a lower-priority master is left alone after it was first heard (`preempt_delay`).
    public var preemptDelay: Duration = .zero
    public var authentication: AdvertisementAuthentication = .none
    /// The addresses in the advertisement, in configured order.
    public var addresses: [VirtualAddress] = []
    /// Addresses that move with the router but are not advertised (`virtual_ipaddress_excluded`).
    public var excludedAddresses: [VirtualAddress] = []
    /// The source of advertisements, when it is not the interface's first address (`mcast_src_ip`, `unicast_src_ip`).
    public var sourceAddress: IPAddress?
    /// Where advertisements go one by one; empty means to the group (`unicast_peer`).
    public var unicastPeers: [IPAddress] = []
    public var announcement = AnnouncementPolicy()
    public var trackedScripts: [TrackedItem] = []
    public var trackedInterfaces: [TrackedItem] = []
    /// How many intervals of silence make a master dead (`down_timer_adverts`).
    public var downTimerAdvertisements = 3

    public init(
        name: String, version: VRRPVersion = .v2, family: AddressFamily = .ipv4, interface: String,
        virtualRouterID: UInt8, priority: Priority = .standard
    ) {
        self.name = name
        self.version = version
        self.family = family
        self.interface = interface
        self.virtualRouterID = virtualRouterID
        self.priority = priority
    }

    /// What a packet shows of the virtual router that it is meant for.
    struct Key: Hashable, Sendable {
        let interface: String
        let family: AddressFamily
        let virtualRouterID: UInt8
    }

    var key: Key { Key(interface: interface, family: family, virtualRouterID: virtualRouterID) }

    /// Every address that comes and goes with the router, the advertised ones first.
    public var allAddresses: [VirtualAddress] { addresses + excludedAddresses }
}

/// The protocol versions that share IP protocol 112.
public enum VRRPVersion: UInt8, Hashable, Sendable, Codable {
    /// RFC 2338 and RFC 3768.
    case v2 = 2
    /// RFC 5798 and RFC 9568.
    case v3 = 3
}

/// How VRRPv2 advertisements are authenticated; v3 has no authentication.
public enum AdvertisementAuthentication: Hashable, Sendable {
    case none
    /// RFC 2338 §10.2, `auth_type PASS`: eight octets in the clear, padded with zeros.
    case password([UInt8])
}

/// One address that a virtual router installs while it is the master.
public struct VirtualAddress: Hashable, Sendable {
    public var prefix: IPPrefix
    /// The interface that gets the address.
    public var interface: String
    /// At most 15 octets; IPv4 only.
    public var label: String?
    public var scope: AddressScope

    public init(
        _ prefix: IPPrefix, interface: String, label: String? = nil, scope: AddressScope = .global
    ) {
        self.prefix = prefix
        self.interface = interface
        self.label = label
        self.scope = scope
    }

    /// Where an address is: two that differ only in prefix length, label or scope are in the same place.
    public struct Place: Hashable, Sendable {
        public let interface: String
        public let address: IPAddress
    }

    public var place: Place { Place(interface: interface, address: prefix.address) }
}

/// How far an address is valid, as the kernel numbers it (`RT_SCOPE_*`).
public struct AddressScope: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public static let global = AddressScope(rawValue: 0)
    public static let site = AddressScope(rawValue: 200)
    public static let link = AddressScope(rawValue: 253)
    public static let host = AddressScope(rawValue: 254)
    public static let nowhere = AddressScope(rawValue: 255)

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// When and how often gratuitous ARPs or unsolicited neighbor advertisements are sent (`garp_*`).
public struct AnnouncementPolicy: Hashable, Sendable {
    /// Packets per address in a burst (`garp_master_repeat`); at least 1.
    public var repeatCount = 5
    /// From the first burst to the second; zero means no second burst (`garp_master_delay`).
    public var delay: Duration = .seconds(5)
    /// Between periodic announcements of a master; nil means none (`garp_master_refresh`).
    public var refresh: Duration?
    /// Packets per address of a periodic announcement (`garp_master_refresh_repeat`).
    public var refreshRepeatCount = 1
    /// Packets per address after a lower-priority advertisement; nil means `repeatCount` (`garp_lower_prio_repeat`).
    public var lowerPriorityRepeatCount: Int?
    /// From that burst to the one after it; nil means `delay` (`garp_lower_prio_delay`).
    public var lowerPriorityDelay: Duration?

    public init() {}
}

/// A script or interface that a virtual router watches.
public struct TrackedItem: Hashable, Sendable {
    public var name: String
    /// -253...253; 0 puts the router into fault while the item is down.
    public var weight: Int
    /// The weight counts with the opposite sign (`reverse`); with weight 0, up is the fault.
    public var isReversed: Bool

    public init(_ name: String, weight: Int = 0, isReversed: Bool = false) {
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }
}
