import CMNL
import Glibc

/// One thing to ask of a namespace; requests of several kinds travel together (`RouteSocket.perform`).
public enum RouteRequest: Hashable, Sendable {
    /// A veth pair, each end straight into its namespace. Only the first end can be up from the beginning: the kernel
    /// brings the second into being before it has a peer.
    case veth(VethEnd, VethEnd)
    case link(Int32, isUp: Bool)
    /// An address; IPv6 ones without duplicate address detection, so that they work at once. One that is there already
    /// is refused.
    case address(AddressRecord)
}

extension RouteRequest: CustomStringConvertible {
    public var description: String {
        switch self {
        case .veth(let first, let second): "make the link \(first.name) - \(second.name)"
        case .link(let index, let isUp): "set interface \(index) \(isUp ? "up" : "down")"
        case .address(let record): "add address \(record.prefix) to interface \(record.interfaceIndex)"
        }
    }

    func add(to buffer: inout MessageBuffer, sequence: UInt32) {
        let creation = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK
        switch self {
        case .veth(let first, let second):
            buffer.add(type: RTM_NEWLINK, flags: creation, sequence: sequence, extra: first.header, Link.self) {
                first.put(into: $0, peer: second)
            }
        case .link(let index, let isUp):
            var header = ifinfomsg()
            header.ifi_index = index
            header.ifi_flags = isUp ? UInt32(IFF_UP) : 0
            header.ifi_change = UInt32(IFF_UP)
            buffer.add(type: RTM_NEWLINK, flags: NLM_F_ACK, sequence: sequence, extra: header, Link.self)
        case .address(let record):
            buffer.add(type: RTM_NEWADDR, flags: creation, sequence: sequence, extra: record.header, Address.self) {
                record.put(into: $0)
            }
        }
    }
}

extension RouteSocket {
    /// Asks for several things at once: they are done in their order, and a refusal keeps none of the others from it.
    ///
    /// - Throws: the first refusal.
    public mutating func perform(_ requests: [RouteRequest]) throws(NetlinkError) {
        if let refusal = submit(requests).lazy.compactMap({ $0 }).first { throw refusal }
    }
}
