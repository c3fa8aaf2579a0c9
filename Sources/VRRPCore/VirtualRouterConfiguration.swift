import Wire

/// What one virtual router is told: a `vrrp_instance` after every default and cross-check has been applied.
public struct VirtualRouterConfiguration: Hashable, Sendable {
    /// The instance's name in the configuration; unique within a daemon.
    public var name: String
    public var version: VRRPVersion
    /// The family of the advertised addresses, and of the packets.
    public var family: AddressFamily
    /// The interface on which advertisements are sent and heard.
    ///
    /// With a `virtualInterface` it is still the base: packets carry its name in both directions, and the host knows
    /// through which of the two they really go.
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
    /// Blocked while `sourceAddress` is on no interface (`track_src_ip`).
    public var tracksSourceAddress = false
    /// Where multicast advertisements go; nil is the family's standard group (`mcast_dst_ip`, `vrrp_mcast_group4`).
    public var multicastGroup: IPAddress?
    /// Where advertisements go one by one; empty means to the group (`unicast_peer`).
    public var unicastPeers: [IPAddress] = []
    /// The hop limits that a peer's advertisements must have, for peers that were given some (`min_ttl`, `max_ttl`).
    public var peerHopLimits: [IPAddress: ClosedRange<UInt8>] = [:]
    /// The hop limit of what goes to peers; nil is 255 for IPv4 and the kernel's own for IPv6 (`unicast_ttl`).
    public var unicastHopLimit: UInt8?
    /// A router that was to have peers and has none is blocked instead of talking to the group
    /// (`unicast_fault_no_peer`).
    public var lacksPeers = false
    /// Which octets the checksum of v3 over IPv4 covers when sent; on receipt every reading counts.
    public var checksumCoverage = ChecksumCoverage.pseudoHeader
    /// A backup checks the address list of its present master only once (`skip_check_adv_addr`).
    public var skipsAddressCheck = false
    public var announcement = AnnouncementPolicy()
    public var trackedScripts: [TrackedItem] = []
    public var trackedInterfaces: [TrackedItem] = []
    public var trackedFiles: [TrackedItem] = []
    public var trackedProcesses: [TrackedItem] = []
    /// Its own interface going down is no fault (`dont_track_primary`).
    public var ignoresOwnInterface = false
    /// How many intervals of silence make a master dead (`down_timer_adverts`).
    public var downTimerAdvertisements = 3
    /// v3: how many times its own interval the interval learned from a master may be; nil is without limit, as the RFC
    /// has it (`learned_interval_cap`).
    public var learnedIntervalCap: Int? = 4
    /// False leaves a weaker master's advertisement unanswered (`lower_prio_no_advert`).
    public var answersLowerPriority = true
    /// A yielding master sends one last advertisement, so that the winner announces its addresses again; false is
    /// keepalived's way (`higher_prio_send_advert false`).
    public var sendsLastAdvertisement = true
    /// An owner of the addresses takes no notice of other routers (`owner_ignore_adverts`).
    public var ownerIgnoresAdvertisements = false
    /// The interface with a virtual MAC address on which the router lives (`use_vmac`, `use_ipvlan`).
    public var virtualInterface: VirtualInterface?
    /// False drops traffic to the addresses unless the router owns them (`no_accept`).
    public var accepts = true
    public var routes: [VirtualRoute] = []
    public var rules: [VirtualRule] = []
    /// The kernel promotes secondary addresses on the interface (`promote_secondaries`).
    public var promotesSecondaries = false
    /// How long the kernel keeps the addresses after they were last renewed; nil is for ever (`vip_lease`).
    public var addressLease: Duration?
    /// Scripts are told when the effective priority changes (`notify_priority_changes`).
    public var notifiesPriorityChanges = false
    /// The end of a router that a reload removed is DELETED for scripts instead of FAULT (`notify_deleted`).
    public var notifiesDeletion = false
    /// keepalived's strict adherence to the RFC (`vrrp_strict`); what follows from it has been applied already.
    public var isStrict = false

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

    /// The interface on which the router lives, and its addresses where nothing else is said about them.
    public var home: String { virtualInterface?.name ?? interface }

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
    /// RFC 2338 §10.3, `auth_type AH`: an IP authentication header with HMAC-MD5-96 under a key of eight octets,
    /// padded with zeros; IPv4 only.
    case header(key: [UInt8])
}

/// Which octets the checksum of a VRRPv3 message over IPv4 covers.
public enum ChecksumCoverage: Hashable, Sendable {
    /// Message and pseudo-header, as RFC 5798 §5.2.8 was read and keepalived sends it.
    case pseudoHeader
    /// The message alone, as RFC 9568 §5.2.8 asks for (`v3_checksum_as_v2`).
    case message
    /// Message and a pseudo-header to the group, whatever the destination is, as keepalived up to 1.3.6 sent it to
    /// peers (`old_unicast_checksum`).
    case pseudoHeaderToGroup
}
