import CMNL
import Glibc
import Wire

/// How sure a host is of a neighbor, `NUD_*`.
public enum NeighborState: UInt16, Sendable {
    /// Until it grows old, or is contradicted.
    case reachable = 2
    /// Until somebody takes it away.
    case permanent = 0x80
}

extension NeighborRecord {
    /// Whether it was learned, and not set for ever or implied by the address itself (`NUD_NOARP`).
    public var isLearned: Bool { state & (0x80 | 0x40) == 0 }

    fileprivate var header: ndmsg {
        var header = ndmsg()
        header.ndm_family = UInt8(address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ndm_ifindex = interfaceIndex
        header.ndm_state = state
        return header
    }
}

extension RouteSocket {
    /// Makes this namespace believe in a neighbor, whatever it believed before.
    public mutating func setNeighbor(
        _ address: IPAddress, at macAddress: MACAddress, on interfaceIndex: Int32, _ state: NeighborState
    ) throws(NetlinkError) {
        let record = NeighborRecord(
            address, interfaceIndex: interfaceIndex, macAddress: macAddress, state: state.rawValue)
        try request(
            "believe \(address) at \(macAddress)", type: RTM_NEWNEIGH, flags: NLM_F_CREATE | NLM_F_REPLACE,
            extra: record.header, Neighbor.self
        ) { neighbor in
            neighbor.put(.destination, address)
            neighbor.put(.linkAddress, macAddress)
        }
    }

    /// Forgets neighbors; one that is forgotten already is as good.
    public mutating func forget(_ neighbors: [NeighborRecord]) throws(NetlinkError) {
        let refusals = requestEach(
            neighbors, type: RTM_DELNEIGH, Neighbor.self, describe: { "forget the neighbor \($0.address)" },
            extra: \.header
        ) { record, neighbor in neighbor.put(.destination, record.address) }
        for case let refusal? in refusals where !refusal.isNotThere { throw refusal }
    }
}
