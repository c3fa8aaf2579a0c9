import CMNL
import Glibc
import Wire

/// The attribute space of routes, `RTA_*`.
public enum Route {}

extension AttributeKey where Space == Route, Value == IPAddress {
    static var destination: Self { Self(Int(RTA_DST.rawValue)) }
    static var gateway: Self { Self(Int(RTA_GATEWAY.rawValue)) }
    static var source: Self { Self(Int(RTA_PREFSRC.rawValue)) }
}
extension AttributeKey where Space == Route, Value == UInt32 {
    static var output: Self { Self(Int(RTA_OIF.rawValue)) }
    static var metric: Self { Self(Int(RTA_PRIORITY.rawValue)) }
    static var table: Self { Self(Int(RTA_TABLE.rawValue)) }
}

/// A unicast route of the main table.
public struct RouteRecord: Hashable, Sendable {
    /// 0.0.0.0/0 or ::/0 is the default route.
    public var destination: IPPrefix
    /// Nil for a network that is on the link.
    public var gateway: IPAddress?
    public var interfaceIndex: Int32?

    public init(to destination: IPPrefix, via gateway: IPAddress? = nil, interfaceIndex: Int32? = nil) {
        self.destination = destination
        self.gateway = gateway
        self.interfaceIndex = interfaceIndex
    }

    init?(_ message: ReceivedMessage) {
        guard let header = message.extra(as: rtmsg.self), Int(header.rtm_type) == Int(RTN_UNICAST),
            Int(header.rtm_table) == Int(RT_TABLE_MAIN.rawValue)
        else { return nil }
        let attributes = message.attributes(of: Route.self, after: rtmsg.self)
        let any: IPAddress = Int32(header.rtm_family) == AF_INET ? .v4(.any) : .v6(.any)
        guard let destination = IPPrefix(attributes[.destination] ?? any, length: Int(header.rtm_dst_len)) else {
            return nil
        }
        self.init(
            to: destination, via: attributes[.gateway],
            interfaceIndex: attributes[.output].map { Int32(bitPattern: $0) })
    }

    fileprivate var header: rtmsg {
        var header = rtmsg()
        header.rtm_family = UInt8(destination.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.rtm_dst_len = UInt8(destination.length)
        header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue)
        header.rtm_protocol = UInt8(RTPROT_STATIC)
        header.rtm_scope = UInt8(gateway == nil ? RT_SCOPE_LINK.rawValue : RT_SCOPE_UNIVERSE.rawValue)
        header.rtm_type = UInt8(RTN_UNICAST)
        return header
    }

    /// Asks for any route to the destination, whoever made it.
    fileprivate var removalHeader: rtmsg {
        var header = header
        header.rtm_protocol = UInt8(RTPROT_UNSPEC)
        header.rtm_scope = UInt8(RT_SCOPE_NOWHERE.rawValue)
        return header
    }

    fileprivate func put(into route: AttributeWriter<Route>) {
        if destination.length > 0 { route.put(.destination, destination.address) }
        if let gateway { route.put(.gateway, gateway) }
        if let interfaceIndex { route.put(.output, UInt32(bitPattern: interfaceIndex)) }
    }
}

extension RouteSocket {
    /// Adds a static route; one to the same destination that is there already is an error.
    public mutating func addRoute(_ record: RouteRecord) throws(NetlinkError) {
        try request(
            "add the route to \(record.destination)", type: RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_EXCL,
            extra: record.header, Route.self
        ) { record.put(into: $0) }
    }

    /// Removes a route, also one that the kernel made when an address came.
    public mutating func removeRoute(_ record: RouteRecord) throws(NetlinkError) {
        try request(
            "remove the route to \(record.destination)", type: RTM_DELROUTE, extra: record.removalHeader,
            Route.self
        ) { record.put(into: $0) }
    }

    /// The unicast routes of the main table, both families.
    public mutating func routes() throws(NetlinkError) -> [RouteRecord] {
        try dump("list the routes", type: RTM_GETROUTE, extra: rtmsg()).compactMap { RouteRecord($0) }
    }
}
