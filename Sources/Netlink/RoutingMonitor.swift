import CMNL
import Glibc
import LinuxSystem
import Wire

/// Something that was taken away from a namespace's routing.
public enum RoutingLoss: Hashable, Sendable {
    case route(to: IPPrefix, table: UInt32)
    case rule(AddressFamily, priority: UInt32)
    /// The kernel had more to say than the buffer held: anything may be gone.
    case overflow
}

/// Hears which routes and rules go, in any table of the calling thread's namespace.
///
/// The kernel is silent about IPv4 routes that go with an interface or an address.
public struct RoutingMonitor: ~Copyable, Sendable {
    private let socket: MNLSocket

    public init() throws(NetlinkError) {
        do {
            let socket = try MNLSocket(bus: NETLINK_ROUTE, groups: MonitoredSubjects.routes.rawValue)
            try socket.join(group: RTNLGRP_IPV4_RULE.rawValue)
            try socket.join(group: RTNLGRP_IPV6_RULE.rawValue)
            self.socket = socket
        } catch {
            throw NetlinkError("open a routing monitor", error)
        }
    }

    /// Becomes readable when routing changed.
    public var descriptor: Int32 { socket.descriptor }

    /// What one read brings; call it when the descriptor is readable, or it waits.
    public borrowing func receive() throws(NetlinkError) -> [RoutingLoss] {
        do {
            return try socket.receive("read the routing monitor").compactMap { RoutingLoss($0) }
        } catch let error where error.code == ENOBUFS {
            return [.overflow]
        }
    }

    /// Drops what waits unread, for a listener that has nothing to lose, or looks at everything anew.
    public borrowing func discard() {
        socket.discard()
    }
}

extension RoutingLoss {
    fileprivate init?(_ message: ReceivedMessage) {
        switch message.type {
        case RTM_DELROUTE: self.init(route: message)
        case RTM_DELRULE: self.init(rule: message)
        default: return nil
        }
    }

    private init?(route message: ReceivedMessage) {
        guard let header = message.extra(as: rtmsg.self) else { return nil }
        let attributes = message.attributes(of: Route.self, after: rtmsg.self)
        let any: IPAddress = Int32(header.rtm_family) == AF_INET ? .v4(.any) : .v6(.any)
        guard let destination = IPPrefix(attributes[.destination] ?? any, length: Int(header.rtm_dst_len)) else {
            return nil
        }
        self = .route(to: destination, table: attributes[.table] ?? UInt32(header.rtm_table))
    }

    private init?(rule message: ReceivedMessage) {
        guard let header = message.extra(as: fib_rule_hdr.self) else { return nil }
        let attributes = message.attributes(of: Rule.self, after: fib_rule_hdr.self)
        let family: AddressFamily = Int32(header.family) == AF_INET ? .ipv4 : .ipv6
        self = .rule(family, priority: attributes[.priority] ?? 0)
    }
}
