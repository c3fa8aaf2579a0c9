import CMNL
import Glibc
import Wire

/// The attribute space of neighbors, `NDA_*`.
public enum Neighbor {}

extension AttributeKey where Space == Neighbor, Value == IPAddress {
    static var destination: Self { Self(NDA_DST) }
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

    init(address: IPAddress, interfaceIndex: Int32, macAddress: MACAddress?, state: UInt16) {
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

extension RouteSocket {
    /// Every neighbor that this namespace has an opinion of.
    public mutating func neighbors() throws(NetlinkError) -> [NeighborRecord] {
        try dump("list the neighbors", type: RTM_GETNEIGH, extra: ndmsg()).compactMap { NeighborRecord($0) }
    }
}
