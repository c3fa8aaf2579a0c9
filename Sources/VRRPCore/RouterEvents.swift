import Wire

/// What can happen to a daemon's routers. The host says when; nothing in here reads a clock.
public enum RouterEvent: Hashable, Sendable {
    /// The daemon is ready: routers leave `initialize`.
    case start
    /// An orderly end: masters resign, addresses are removed.
    case stop
    /// `nextDeadline` has come; early or repeated ones change nothing.
    case deadline
    /// A VRRP packet was heard.
    case datagram(Datagram)
    /// An interface appeared, changed or vanished.
    case interface(String, InterfaceState)
    /// A run of a track script ended.
    case scriptResult(name: String, succeeded: Bool)
    /// The number in a tracked file; 0 for a file that cannot be read.
    case fileValue(name: String, Int)
    /// How many processes there are now of a tracked kind.
    case processCount(name: String, Int)
    /// Somebody else took an address of ours away from an interface.
    case addressLost(IPAddress, interface: String)
    /// Somebody else took a route of ours away.
    case routeLost(VirtualRoute, router: String)
    /// Somebody else took a rule of ours away.
    case ruleLost(VirtualRule, router: String)
}

/// A VRRP packet as a socket delivers it.
public struct Datagram: Hashable, Sendable {
    public var interface: String
    public var source: IPAddress
    public var destination: IPAddress
    /// TTL or hop limit.
    public var hopLimit: UInt8
    /// The VRRP message, without an IP header.
    public var payload: [UInt8]
    /// What was in front of the message, where there was an IP authentication header.
    public var authentication: ReceivedAuthenticationHeader?

    public init(
        interface: String, source: IPAddress, destination: IPAddress, hopLimit: UInt8, payload: [UInt8],
        authentication: ReceivedAuthenticationHeader? = nil
    ) {
        self.interface = interface
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.payload = payload
        self.authentication = authentication
    }
}

/// An IP authentication header (RFC 4302) as it came in; the host has the arithmetic, the router the key.
public struct ReceivedAuthenticationHeader: Hashable, Sendable {
    /// keepalived's security parameters index is the source address.
    public var securityParametersIndex: UInt32
    public var sequenceNumber: UInt32
    /// Whether the integrity check value is the right one for the router's key.
    public var isIntact: Bool

    public init(securityParametersIndex: UInt32, sequenceNumber: UInt32, isIntact: Bool) {
        self.securityParametersIndex = securityParametersIndex
        self.sequenceNumber = sequenceNumber
        self.isIntact = isIntact
    }
}

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

/// What the host must do, in the order given: the order is part of the contract.
public enum RouterAction: Hashable, Sendable {
    case transmit(Transmission)
    /// Put the addresses of a virtual router in place.
    case install([VirtualAddress], router: String)
    /// Take them away again, except what is in place for another router too; those that are not there are not an error.
    case remove([VirtualAddress], router: String)
    /// Send one round of gratuitous ARP or unsolicited neighbor advertisements, `count` packets per address, in rounds
    /// over all addresses.
    case announce([VirtualAddress], count: Int, router: String)
    /// Send one gratuitous ARP or unsolicited neighbor advertisement for an address that is not a virtual one: peers
    /// that were told otherwise while the router was in fault learn its place again.
    case announceSource(IPAddress, interface: String)
    /// Put routes, then rules, in place, after the addresses.
    case installRoutes([VirtualRoute], [VirtualRule], router: String)
    /// Take rules, then routes, away, before the addresses, except what is in place for another router too.
    case removeRoutes([VirtualRoute], [VirtualRule], router: String)
    /// Drop what is sent to these addresses, neighbor discovery excepted, before they are installed (`no_accept`).
    case shield([VirtualAddress], router: String)
    /// Drop it no longer, after they were removed.
    case unshield([VirtualAddress], router: String)
    /// Tell the outside world: notify scripts, FIFOs, mail and logs.
    case transition(Transition)
    case log(LogEntry)
}

/// An advertisement ready to be sent: the host adds the IP header (TTL 255, traffic class 0xc0).
public struct Transmission: Hashable, Sendable {
    public var router: String
    public var interface: String
    public var source: IPAddress
    /// The group, or each unicast peer in turn.
    public var destinations: [IPAddress]
    /// A VRRP message per destination: the v3 checksum covers the destination.
    public var payloads: [[UInt8]]
    /// TTL or hop limit; nil is the kernel's own.
    public var hopLimit: UInt8? = 255
    /// For an IP authentication header in front of the message.
    public var authentication: SentAuthenticationHeader?

    public init(
        router: String, interface: String, source: IPAddress, destinations: [IPAddress], payloads: [[UInt8]]
    ) {
        self.router = router
        self.interface = interface
        self.source = source
        self.destinations = destinations
        self.payloads = payloads
    }
}

/// What the host needs to write an IP authentication header (RFC 4302) with HMAC-MD5-96.
public struct SentAuthenticationHeader: Hashable, Sendable {
    /// Eight octets.
    public var key: [UInt8]
    public var sequenceNumber: UInt32

    public init(key: [UInt8], sequenceNumber: UInt32) {
        self.key = key
        self.sequenceNumber = sequenceNumber
    }
}

/// A virtual router or a sync group entered a state that scripts are told of.
public struct Transition: Hashable, Sendable {
    /// Who it is about.
    public enum Subject: String, Hashable, Sendable, Codable {
        case instance = "INSTANCE"
        case group = "GROUP"
    }

    public var subject: Subject
    /// The name of the virtual router or of the group.
    public var router: String
    public var state: NotifiedState
    /// The effective priority at that moment; 0 for a group.
    public var priority: UInt8

    public init(_ subject: Subject = .instance, router: String, state: NotifiedState, priority: UInt8) {
        self.subject = subject
        self.router = router
        self.state = state
        self.priority = priority
    }
}

/// keepalived's words for states, as notify scripts get them.
public enum NotifiedState: String, Hashable, Sendable, Codable {
    case master = "MASTER"
    case backup = "BACKUP"
    case fault = "FAULT"
    case stop = "STOP"
    /// The reload removed it, and it was told `notify_deleted`.
    case deleted = "DELETED"
    /// A master heard a weaker one.
    case receivedLowerPriority = "MASTER_RX_LOWER_PRI"
    /// The effective priority changed, with `notify_priority_changes`.
    case masterPriority = "MASTER_PRIORITY"
    case backupPriority = "BACKUP_PRIORITY"
}

/// A line for the log, in keepalived's words where keepalived has them.
public struct LogEntry: Hashable, Sendable {
    /// How much it takes for a line to be written.
    public enum Level: Hashable, Sendable {
        /// Always written.
        case notice
        /// Written with `--log-detail`.
        case detail
    }

    public var level: Level
    public var text: String

    public init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
