import CMNL
import Glibc
import Wire

/// The attribute space of neighbors, `NDA_*`.
public enum Neighbor {}

extension AttributeKey where Space == Neighbor, Value == IPAddress {
    static var destination: Self { Self(NDA_DST) }
}
extension AttributeKey where Space == Neighbor, Value == UInt32 {
    static var master: Self { Self(NDA_MASTER) }
}
extension AttributeKey where Space == Neighbor, Value == MACAddress {
    static var linkAddress: Self { Self(NDA_LLADDR) }
}

/// What a host believes about another on its link: an ARP or neighbor discovery entry.
public struct NeighborRecord: Hashable, Sendable {
    public var address: IPAddress
    public var interfaceIndex: Int32
    /// Nil while it is being asked for.
    public var macAddress: MACAddress?
    /// `NUD_*`, such as 2 for reachable and 4 for stale.
    public var state: UInt16

    public init(_ address: IPAddress, interfaceIndex: Int32, macAddress: MACAddress?, state: UInt16) {
        self.address = address
        self.interfaceIndex = interfaceIndex
        self.macAddress = macAddress
        self.state = state
    }

    init?(_ message: ReceivedMessage) {
        guard let header = message.extra(as: ndmsg.self) else { return nil }
        let attributes = message.attributes(of: Neighbor.self, after: ndmsg.self)
        guard let address = attributes[.destination] else { return nil }
        self.address = address
        interfaceIndex = header.ndm_ifindex
        macAddress = attributes[.linkAddress]
        state = header.ndm_state
    }
}

/// Behind which port a bridge believes a station to be.
public struct ForwardingRecord: Hashable, Sendable {
    public var macAddress: MACAddress
    /// The port.
    public var interfaceIndex: Int32
    /// The bridge; 0 for what the port itself notes of its own.
    public var bridgeIndex: Int32
    /// Of the port itself, or put there by hand, as opposed to learned from frames.
    public var isPermanent: Bool

    /// Bridges speak of stations in the messages in which hosts speak of neighbors.
    static func isTold(by message: ReceivedMessage) -> Bool {
        message.extra(as: ndmsg.self).map { Int32($0.ndm_family) == AF_BRIDGE } ?? false
    }

    init?(_ message: ReceivedMessage) {
        guard Self.isTold(by: message), let header = message.extra(as: ndmsg.self) else { return nil }
        let attributes = message.attributes(of: Neighbor.self, after: ndmsg.self)
        guard let macAddress = attributes[.linkAddress] else { return nil }
        self.macAddress = macAddress
        interfaceIndex = header.ndm_ifindex
        bridgeIndex = Int32(bitPattern: attributes[.master] ?? 0)
        isPermanent = header.ndm_state & UInt16(NUD_PERMANENT) != 0
    }
}

extension RouteSocket {
    /// Every neighbor that this namespace has an opinion of.
    public mutating func neighbors() throws(NetlinkError) -> [NeighborRecord] {
        try dump("list the neighbors", type: RTM_GETNEIGH, extra: ndmsg()).compactMap { NeighborRecord($0) }
    }

    /// Every station that the bridges of this namespace know, the ports' own among them.
    public mutating func forwardingTable() throws(NetlinkError) -> [ForwardingRecord] {
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        return try dump("list the forwarding table", type: RTM_GETNEIGH, extra: header)
            .compactMap { ForwardingRecord($0) }
    }
}
