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
    /// Somebody else took an address of ours away from an interface.
    case addressLost(IPAddress, interface: String)
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

    public init(
        interface: String, source: IPAddress, destination: IPAddress, hopLimit: UInt8, payload: [UInt8]
    ) {
        self.interface = interface
        self.source = source
        self.destination = destination
        self.hopLimit = hopLimit
        self.payload = payload
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
    /// Tell the outside world: notify scripts and logs.
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

/// A virtual router entered a state that scripts are told of.
public struct Transition: Hashable, Sendable {
    public var router: String
    public var state: NotifiedState
    /// The effective priority at that moment.
    public var priority: UInt8

    public init(router: String, state: NotifiedState, priority: UInt8) {
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
