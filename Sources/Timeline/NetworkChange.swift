import Wire

/// A route of a node's main table, as its kernel told of it.
public struct NodeRoute: Hashable, Sendable {
    /// 0.0.0.0/0 or ::/0 is the default route.
    public var destination: IPPrefix
    /// Nil for a network that is on the link.
    public var gateway: IPAddress?
    /// Nil when the route names none, or one that is gone already.
    public var interface: String?

    /// A route of a node's main table; without a gateway its network is on the link itself.
    public init(to destination: IPPrefix, via gateway: IPAddress? = nil, interface: String? = nil) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
    }
}

extension NodeRoute: CustomStringConvertible {
    /// Such as `0.0.0.0/0 via 192.168.1.1 on eth0`.
    public var description: String {
        "\(destination)" + (gateway.map { " via \($0)" } ?? "") + (interface.map { " on \($0)" } ?? "")
    }
}

/// What a node newly believes of another host on its link (ARP, neighbor discovery).
///
/// The kernel's own states - reachable, stale, being asked again - come and go without the answer changing; they are no
/// change.
public enum NeighborChange: Hashable, Sendable {
    /// Frames for it go to this station from now on; before to another, or to none when it was not known.
    case found(MACAddress, before: MACAddress?)
    /// It does not answer.
    case failed
    /// The entry is gone; the next packet asks anew.
    case forgotten
}

extension NeighborChange: CustomStringConvertible {
    public var description: String {
        switch self {
        case .found(let station, _): "is at \(station)"
        case .failed: "does not answer"
        case .forgotten: "is forgotten"
        }
    }
}

/// Where a bridge newly sends the frames for a station.
public struct ForwardingChange: Hashable, Sendable {
    /// Behind whose cable the station was before; nil when it was not known.
    public var before: SwitchPort?
    /// Behind whose cable it is now; nil when the bridge has forgotten it, so that frames for it go everywhere.
    public var now: SwitchPort?

    /// Where a station was and where it is; nil for nowhere that the bridge knew.
    public init(before: SwitchPort? = nil, now: SwitchPort? = nil) {
        self.before = before
        self.now = now
    }

    /// Whether the station went from one port to another.
    public var isMove: Bool { before != nil && now != nil }
}

extension ForwardingChange: CustomStringConvertible {
    public var description: String {
        switch (before, now) {
        case (let before?, let now?): "moves from \(before) to \(now)"
        case (nil, let now?): "is behind \(now)"
        case (_, nil): "is forgotten"
        }
    }
}

/// The port of a segment into which an interface of a node is plugged.
public struct SwitchPort: Hashable, Sendable, CustomStringConvertible {
    /// The node at the other end of the port's cable.
    public var node: String
    /// The node's interface there.
    public var interface: String

    /// Names a port by the node and the interface at its cable.
    public init(_ node: String, _ interface: String) {
        self.node = node
        self.interface = interface
    }

    public var description: String { "\(node)/\(interface)" }
}
