import CMNL
import Glibc
import Wire

/// An attribute as the kernel sent it, to be sent back.
struct SavedAttribute: Hashable, Sendable {
    var type: UInt16
    var value: [UInt8]

    func put<Space>(into writer: AttributeWriter<Space>) {
        writer.put(AttributeKey<Space, Octets>(Int(type)), Octets(value))
    }
}

/// An address exactly as the kernel listed it, so that it can be put back with its label, flags and lifetimes.
public struct SavedAddress: Hashable, Sendable {
    public let prefix: IPPrefix
    public let interfaceIndex: Int32
    private let scope: UInt8
    private let attributes: [SavedAttribute]

    init?(_ message: ReceivedMessage) {
        guard let record = AddressRecord(message), let header = message.extra(as: ifaddrmsg.self) else { return nil }
        prefix = record.prefix
        interfaceIndex = record.interfaceIndex
        scope = header.ifa_scope
        attributes = message.attributes(of: Address.self, after: ifaddrmsg.self).values.map {
            SavedAttribute(type: $0.type, value: $0.value)
        }
    }

    fileprivate func header(on index: Int32) -> ifaddrmsg {
        var header = ifaddrmsg()
        header.ifa_family = UInt8(prefix.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ifa_prefixlen = UInt8(prefix.length)
        header.ifa_scope = scope
        header.ifa_index = UInt32(bitPattern: index)
        return header
    }

    fileprivate func put(into address: AttributeWriter<Address>) {
        for attribute in attributes { attribute.put(into: address) }
    }

    /// What tells it from others; lifetimes grow shorter meanwhile.
    private var identity: [SavedAttribute] {
        attributes.filter { [Int(IFA_ADDRESS), Int(IFA_LOCAL)].contains(Int($0.type)) }
    }

    /// Whether both are the same address, however old.
    public func isSame(as other: SavedAddress) -> Bool {
        prefix == other.prefix && interfaceIndex == other.interfaceIndex && identity == other.identity
    }
}

extension RouteSocket {
    /// The addresses of an interface, a primary one before its secondaries.
    public mutating func savedAddresses(of index: Int32) throws(NetlinkError) -> [SavedAddress] {
        try dump("list the addresses", type: RTM_GETADDR, extra: ifaddrmsg()).compactMap { SavedAddress($0) }
            .filter { $0.interfaceIndex == index }
    }

    /// Puts addresses back, in order; one that is there already is as good.
    public mutating func restore(_ addresses: [SavedAddress]) throws(NetlinkError) {
        let refusals = requestEach(
            addresses, type: RTM_NEWADDR, flags: NLM_F_CREATE | NLM_F_EXCL, Address.self,
            describe: { "put back address \($0.prefix)" }, extra: { $0.header(on: $0.interfaceIndex) }
        ) { saved, address in saved.put(into: address) }
        for case let refusal? in refusals where !refusal.isAlreadyThere { throw refusal }
    }
}
