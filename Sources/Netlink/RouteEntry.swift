import CMNL
import Glibc
import Wire

/// The attribute space of a route's metrics, `RTAX_*`.
enum RouteMetric {}

extension AttributeKey where Space == Route, Value == Octets {
    static var hops: Self { Self(Int(RTA_MULTIPATH.rawValue)) }
}
extension NestKey where Space == Route, Inner == RouteMetric {
    static var metrics: Self { Self(Int(RTA_METRICS.rawValue)) }
}

/// A route with everything that can be said about it, in any table.
public struct RouteEntry: Hashable, Sendable {
    /// One way that packets can take.
    public struct Hop: Hashable, Sendable {
        public var gateway: IPAddress?
        public var interfaceIndex: Int32?
        /// 1...256, among several.
        public var weight: Int
        /// The gateway is taken to be on the link, whatever the addresses say.
        public var isOnLink: Bool

        public init(gateway: IPAddress? = nil, interfaceIndex: Int32? = nil, weight: Int = 1, isOnLink: Bool = false) {
            self.gateway = gateway
            self.interfaceIndex = interfaceIndex
            self.weight = weight
            self.isOnLink = isOnLink
        }
    }

    /// 0.0.0.0/0 or ::/0 is the default route.
    public var destination: IPPrefix
    /// `RTN_*`; 1 is unicast.
    public var kind: UInt8 = 1
    /// None for a blackhole, one mostly.
    public var hops: [Hop] = []
    /// The source of packets that have none yet.
    public var preferredSource: IPAddress?
    /// 254 is the main table.
    public var table: UInt32 = 254
    /// The lowest wins; nil is the kernel's own choice.
    public var priority: UInt32?
    /// `RT_SCOPE_*`; nil is what kind and gateway call for.
    public var scope: UInt8?
    /// `RTPROT_*`: who made it.
    public var origin: UInt8 = 4
    public var typeOfService: UInt8 = 0
    /// By their number, `RTAX_*`.
    public var metrics: [UInt16: UInt32] = [:]
    /// A bit for each metric that path discovery must not change.
    public var lockedMetrics: UInt32 = 0
    public var congestionControl: String?

    public init(to destination: IPPrefix) {
        self.destination = destination
    }

    private static let lock: UInt16 = 1
    private static let congestion: UInt16 = 16

    fileprivate var header: rtmsg {
        var header = rtmsg()
        header.rtm_family = UInt8(destination.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.rtm_dst_len = UInt8(destination.length)
        header.rtm_tos = typeOfService
        header.rtm_table = UInt8(table < 256 ? table : UInt32(RT_TABLE_UNSPEC.rawValue))
        header.rtm_protocol = origin
        header.rtm_scope = scope ?? usualScope
        header.rtm_type = kind
        if hops.count == 1, hops[0].isOnLink { header.rtm_flags = UInt32(RTNH_F_ONLINK) }
        return header
    }

    /// Where IPv4 asks for one: what has no gateway is on the link.
    private var usualScope: UInt8 {
        guard destination.address.family == .ipv4 else { return UInt8(RT_SCOPE_UNIVERSE.rawValue) }
        switch Int(kind) {
        case Int(RTN_LOCAL): return UInt8(RT_SCOPE_HOST.rawValue)
        case Int(RTN_UNICAST), Int(RTN_BROADCAST), Int(RTN_MULTICAST), Int(RTN_ANYCAST):
            let isDirect = !hops.isEmpty && hops.allSatisfy { $0.gateway == nil }
            return UInt8(isDirect ? RT_SCOPE_LINK.rawValue : RT_SCOPE_UNIVERSE.rawValue)
        default: return UInt8(RT_SCOPE_UNIVERSE.rawValue)
        }
    }

    fileprivate func put(into route: AttributeWriter<Route>) {
        if destination.length > 0 { route.put(.destination, destination.address) }
        route.put(.table, table)
        if let preferredSource { route.put(.source, preferredSource) }
        if let priority { route.put(.metric, priority) }
        if hops.count == 1 {
            put(hops[0], into: route)
        } else if hops.count > 1 {
            route.put(.hops, Octets(hops.flatMap(octets)))
        }
        guard !metrics.isEmpty || lockedMetrics != 0 || congestionControl != nil else { return }
        route.nest(.metrics) { nest in
            if lockedMetrics != 0 { nest.put(AttributeKey(Int(Self.lock)), lockedMetrics) }
            for (number, value) in metrics.sorted(by: { $0.key < $1.key }) {
                nest.put(AttributeKey(Int(number)), value)
            }
            if let congestionControl { nest.put(AttributeKey(Int(Self.congestion)), congestionControl) }
        }
    }

    /// A gateway of the other family is named with its family.
    private func put(_ hop: Hop, into route: AttributeWriter<Route>) {
        if let gateway = hop.gateway {
            if gateway.family == destination.address.family {
                route.put(.gateway, gateway)
            } else {
                route.put(.otherGateway, Octets(Self.named(gateway)))
            }
        }
        if let index = hop.interfaceIndex { route.put(.output, UInt32(bitPattern: index)) }
    }

    /// A next hop of several, `rtnexthop` with a gateway behind it.
    private func octets(of hop: Hop) -> [UInt8] {
        var attributes: [UInt8] = []
        if let gateway = hop.gateway {
            let isForeign = gateway.family != destination.address.family
            let value = isForeign ? Self.named(gateway) : gateway.octets
            let type = UInt16(isForeign ? RTA_VIA.rawValue : RTA_GATEWAY.rawValue)
            attributes = UInt16(4 + value.count).attribute + type.attribute + value
            attributes += [UInt8](repeating: 0, count: (4 - attributes.count % 4) % 4)
        }
        let flags = UInt8(hop.isOnLink ? RTNH_F_ONLINK : 0)
        let weight = UInt8(clamping: hop.weight - 1)
        return UInt16(8 + attributes.count).attribute + [flags, weight]
            + UInt32(bitPattern: hop.interfaceIndex ?? 0).attribute + attributes
    }

    /// `rtvia`: the family and the address.
    private static func named(_ gateway: IPAddress) -> [UInt8] {
        UInt16(gateway.family == .ipv4 ? AF_INET : AF_INET6).attribute + gateway.octets
    }
}

extension AttributeKey where Space == Route, Value == Octets {
    fileprivate static var otherGateway: Self { Self(Int(RTA_VIA.rawValue)) }
}

extension RouteSocket {
    /// Adds routes; one that is there already is refused.
    ///
    /// - Returns: for each route its refusal, or nil when it is in place.
    public mutating func addRoutes(_ entries: [RouteEntry]) -> [NetlinkError?] {
        requestEach(
            entries, type: RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_EXCL, Route.self,
            describe: { "add the route to \($0.destination) to table \($0.table)" }, extra: \.header
        ) { entry, route in entry.put(into: route) }
    }

    /// Removes routes.
    ///
    /// - Returns: for each route its refusal, or nil when it was removed.
    public mutating func removeRoutes(_ entries: [RouteEntry]) -> [NetlinkError?] {
        requestEach(
            entries, type: RTM_DELROUTE, Route.self,
            describe: { "remove the route to \($0.destination) from table \($0.table)" }, extra: \.header
        ) { entry, route in entry.put(into: route) }
    }
}
