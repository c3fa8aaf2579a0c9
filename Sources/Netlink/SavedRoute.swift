import CMNL
import Glibc
import Wire

/// A route exactly as the kernel listed it, so that it can be put back with its gateways, priority and metrics.
public struct SavedRoute: Hashable, Sendable {
    public let destination: IPPrefix
    /// Of its only hop; nil when it has none or several.
    public let interfaceIndex: Int32?
    /// `RTPROT_*`: who made it; 2 is the kernel itself.
    public let origin: UInt8
    private let typeOfService: UInt8
    private let table: UInt8
    private let scope: UInt8
    private let kind: UInt8
    private let isOnLink: Bool
    private let attributes: [SavedAttribute]

    /// What is of the moment, and no part of the route.
    private static let passing = [Int(RTA_CACHEINFO.rawValue), Int(RTA_EXPIRES.rawValue)]
    private static let output = UInt16(RTA_OIF.rawValue)

    init?(_ message: ReceivedMessage) {
        guard let header = message.extra(as: rtmsg.self), header.rtm_flags & UInt32(RTM_F_CLONED) == 0 else {
            return nil
        }
        let attributes = message.attributes(of: Route.self, after: rtmsg.self)
        let any: IPAddress = Int32(header.rtm_family) == AF_INET ? .v4(.any) : .v6(.any)
        guard let destination = IPPrefix(attributes[.destination] ?? any, length: Int(header.rtm_dst_len)) else {
            return nil
        }
        self.destination = destination
        interfaceIndex = attributes[.output].map { Int32(bitPattern: $0) }
        origin = header.rtm_protocol
        typeOfService = header.rtm_tos
        table = header.rtm_table
        scope = header.rtm_scope
        kind = header.rtm_type
        isOnLink = header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0
        self.attributes = attributes.values.filter { !Self.passing.contains(Int($0.type)) }.map {
            SavedAttribute(type: $0.type, value: $0.value)
        }
    }

    fileprivate var header: rtmsg {
        var header = rtmsg()
        header.rtm_family = UInt8(destination.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.rtm_dst_len = UInt8(destination.length)
        header.rtm_tos = typeOfService
        header.rtm_table = table
        header.rtm_protocol = origin
        header.rtm_scope = scope
        header.rtm_type = kind
        header.rtm_flags = isOnLink ? UInt32(RTNH_F_ONLINK) : 0
        return header
    }

    fileprivate func put(into route: AttributeWriter<Route>, over index: Int32?) {
        for attribute in attributes where index == nil || attribute.type != Self.output {
            attribute.put(into: route)
        }
        if let index { route.put(.output, UInt32(bitPattern: index)) }
    }

    /// Whether it is a unicast route of the main table, as people mean by "route".
    public var isOrdinary: Bool { Int(table) == Int(RT_TABLE_MAIN.rawValue) && Int(kind) == Int(RTN_UNICAST) }
}

extension RouteSocket {
    /// Every route of both families, in all tables.
    public mutating func savedRoutes() throws(NetlinkError) -> [SavedRoute] {
        try dump("list the routes", type: RTM_GETROUTE, extra: rtmsg()).compactMap { SavedRoute($0) }
    }

    /// Removes exactly these routes.
    public mutating func remove(_ routes: [SavedRoute]) throws(NetlinkError) {
        let refusals = requestEach(
            routes, type: RTM_DELROUTE, Route.self, describe: { "remove the route to \($0.destination)" },
            extra: \.header
        ) { saved, route in saved.put(into: route, over: nil) }
        for case let refusal? in refusals { throw refusal }
    }

    /// Puts routes back; one that is there already is as good.
    ///
    /// - Parameter index: the interface that they go by now; nil is the one that they had.
    public mutating func restore(_ routes: [SavedRoute], over index: Int32? = nil) throws(NetlinkError) {
        let refusals = requestEach(
            routes, type: RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_EXCL, Route.self,
            describe: { "put back the route to \($0.destination)" }, extra: \.header
        ) { saved, route in saved.put(into: route, over: index) }
        for case let refusal? in refusals where !refusal.isAlreadyThere { throw refusal }
    }
}
