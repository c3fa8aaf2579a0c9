import CMNL
import Glibc
import LinuxSystem

/// Something that changed in a namespace, as the kernel announced it.
public enum RouteNotification: Hashable, Sendable {
    /// The interface is new or changed.
    case link(LinkRecord)
    case linkRemoved(LinkRecord)
    case address(AddressRecord)
    case addressRemoved(AddressRecord)
    case route(RouteRecord)
    case routeRemoved(RouteRecord)
    case neighbor(NeighborRecord)
    case neighborRemoved(NeighborRecord)
    /// A bridge forwards to a station by a port.
    case forwarding(ForwardingRecord)
    case forwardingRemoved(ForwardingRecord)
    /// The kernel had more to say than the buffer held: what is known must be read anew.
    case overflow

    init?(_ message: ReceivedMessage) {
        switch message.type {
        case RTM_NEWLINK: self.init(LinkRecord(message), Self.link)
        case RTM_DELLINK: self.init(LinkRecord(message), Self.linkRemoved)
        case RTM_NEWADDR: self.init(AddressRecord(message), Self.address)
        case RTM_DELADDR: self.init(AddressRecord(message), Self.addressRemoved)
        case RTM_NEWROUTE: self.init(RouteRecord(message), Self.route)
        case RTM_DELROUTE: self.init(RouteRecord(message), Self.routeRemoved)
        case RTM_NEWNEIGH where ForwardingRecord.isTold(by: message):
            self.init(ForwardingRecord(message), Self.forwarding)
        case RTM_DELNEIGH where ForwardingRecord.isTold(by: message):
            self.init(ForwardingRecord(message), Self.forwardingRemoved)
        case RTM_NEWNEIGH: self.init(NeighborRecord(message), Self.neighbor)
        case RTM_DELNEIGH: self.init(NeighborRecord(message), Self.neighborRemoved)
        default: return nil
        }
    }

    private init?<Record>(_ record: Record?, _ make: (Record) -> Self) {
        guard let record else { return nil }
        self = make(record)
    }
}

/// A notification and the rtnetlink message that said it.
public struct RouteReport: Hashable, Sendable {
    public var notification: RouteNotification
    /// With its header, numbers in the machine's order; empty for an overflow.
    public var octets: [UInt8]
}

/// The subjects that a monitor can be told of.
public struct MonitoredSubjects: OptionSet, Sendable {
    public let rawValue: UInt32
    public static let links = MonitoredSubjects(rawValue: 1)
    public static let neighbors = MonitoredSubjects(rawValue: 4)
    public static let addresses = MonitoredSubjects(rawValue: 0x10 | 0x100)
    public static let routes = MonitoredSubjects(rawValue: 0x40 | 0x400)

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

/// Listens to what changes in one network namespace.
public struct RouteMonitor: ~Copyable, Sendable {
    private let socket: MNLSocket

    /// Listens from now on; what was there before must be read with a `RouteSocket` opened afterwards.
    public init(
        _ subjects: MonitoredSubjects, in namespace: borrowing NamespaceDescriptor
    ) throws(NetlinkError) {
        do {
            socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try MNLSocket(bus: NETLINK_ROUTE, groups: subjects.rawValue)
            }
        } catch {
            throw NetlinkError("open a route monitor", error)
        }
    }

    /// Listens in the calling thread's namespace.
    public init(_ subjects: MonitoredSubjects) throws(NetlinkError) {
        do {
            socket = try MNLSocket(bus: NETLINK_ROUTE, groups: subjects.rawValue)
        } catch {
            throw NetlinkError("open a route monitor", error)
        }
    }

    /// Lets this many octets of notifications wait before some are lost.
    public borrowing func setReceiveBuffer(_ octets: Int) {
        socket.setReceiveBuffer(octets)
    }

    /// Becomes readable when something changed.
    public var descriptor: Int32 { socket.descriptor }

    /// What one read brings; call it when the descriptor is readable, or it waits.
    public borrowing func receive() throws(NetlinkError) -> [RouteNotification] {
        try read(atOverflow: .overflow) { RouteNotification($0) }
    }

    /// What one read brings, with the messages that it was read from; waits like `receive`.
    public borrowing func receiveOriginals() throws(NetlinkError) -> [RouteReport] {
        try read(atOverflow: RouteReport(notification: .overflow, octets: [])) { message in
            RouteNotification(message).map { RouteReport(notification: $0, octets: message.octets) }
        }
    }

    /// Drops what waits unread, for a listener that has missed something and looks at everything anew.
    public borrowing func discard() {
        socket.discard()
    }

    private borrowing func read<Item>(
        atOverflow overflow: Item, _ make: (ReceivedMessage) -> Item?
    ) throws(NetlinkError) -> [Item] {
        do {
            return try socket.receive("read the route monitor").compactMap(make)
        } catch let error where error.code == ENOBUFS {
            return [overflow]
        }
    }
}
