import VRRPCore
import Wire

/// A `vrrp_instance` as it was written, with the global defaults of the moment when it was read.
struct InstanceDraft: AnnouncingDraft, TrackingTarget, NotifyingTarget {
    enum State: Hashable, Sendable {
        case master, backup
    }

    enum AuthenticationType: Hashable, Sendable {
        case password, header
    }

    let name: Located<String>
    let definitions: DefinitionCount

    // MARK: Identity and election

    var state: Located<State>?
    var interface: Located<String>?
    var virtualRouterID: Located<Int>?
    var priority: Located<Int>?
    var advertisementInterval: Located<Duration>?
    var learnedIntervalCap: Located<Int>?
    var version: Located<Int>?
    var isStrict: Located<Bool>?
    /// Set by `nopreempt`, taken back by `preempt`.
    var nopreempt: Located<Bool>?
    var preemptDelay: Located<Duration>?
    var downTimerAdvertisements: Located<Int>?
    var ownerIgnoresAdvertisements: Located<Bool>?
    var answersNoLowerPriority: Located<Bool>?
    var sendsLastAdvertisement: Located<Bool>?
    var skipsAddressCheck: Located<Bool>?
    var authenticationType: Located<AuthenticationType>?
    var password: Located<String>?

    // MARK: Transport

    var sourceAddress: Located<IPAddress>?
    var tracksSource: Located<Bool>?
    var multicastGroup: Located<IPAddress>?
    /// The first word that only makes sense with peers.
    var unicastKeyword: SourceLocation?
    var unicastPeers: [PeerLine] = []
    var lacksPeersIsFault: Located<Bool>?
    var unicastHopLimit: Located<Int>?
    var oldChecksum: Located<Bool>?
    var checksumOfMessage: Located<Bool>?
    var virtualInterface: VirtualInterfaceDraft?
    var transmitsOnBase: Located<Bool>?
    var ignoresOwnInterface: Located<Bool>?

    // MARK: What comes and goes

    var addresses: [AddressLine] = []
    var excludedAddresses: [AddressLine] = []
    /// Set by `no_virtual_ipaddress`.
    var needsNoAddress: Located<Bool>?
    var lease: Located<Duration>?
    var routes: [RouteLine] = []
    var rules: [RuleLine] = []
    var accepts: Located<Bool>?
    var promotesSecondaries: Located<Bool>?
    var announcement: AnnouncementPolicy
    var tracking = TrackingDraft()
    var notify = NotifyDraft()

    init(name: Located<String>, in daemon: DaemonDraft) {
        self.name = name
        definitions = daemon.definitions
        announcement = daemon.globals.instanceAnnouncement
        downTimerAdvertisements = daemon.globals.downTimerAdvertisements
    }

    var subject: String { "(\(name.value)) " }
}

/// `ADDRESS [min_ttl N] [max_ttl N]`, a line of `unicast_peer`.
struct PeerLine: Hashable, Sendable {
    var address: Located<IPAddress>
    /// nil when none were given.
    var hopLimits: ClosedRange<UInt8>?
}
