import CMNL
import Glibc
import Wire

/// The attribute space of addresses, `IFA_*`.
public enum Address {}

extension AttributeKey where Space == Address, Value == IPAddress {
    static var peer: Self { Self(IFA_ADDRESS) }
    static var local: Self { Self(IFA_LOCAL) }
}
extension AttributeKey where Space == Address, Value == String {
    static var label: Self { Self(IFA_LABEL) }
}
extension AttributeKey where Space == Address, Value == UInt32 {
    static var flags: Self { Self(IFA_FLAGS) }
}

/// An address on an interface.
public struct AddressRecord: Hashable, Sendable {
    public var interfaceIndex: Int32
    public var prefix: IPPrefix
    /// IPv4 only; the interface's name when nobody chose another.
    public var label: String?
    /// `RT_SCOPE_*`; 0 is global.
    public var scope: UInt8
    /// Another address of the same network was there first.
    public var isSecondary: Bool
    /// Duplicate address detection is still running.
    public var isTentative: Bool

    public init(_ prefix: IPPrefix, interfaceIndex: Int32, label: String? = nil, scope: UInt8 = 0) {
        self.prefix = prefix
        self.interfaceIndex = interfaceIndex
        self.label = label
        self.scope = scope
        isSecondary = false
        isTentative = false
    }

    init?(_ message: ReceivedMessage) {
        guard let header = message.extra(as: ifaddrmsg.self) else { return nil }
        let attributes = message.attributes(of: Address.self, after: ifaddrmsg.self)
        guard let address = attributes[.local] ?? attributes[.peer],
            let prefix = IPPrefix(address, length: Int(header.ifa_prefixlen))
        else { return nil }
        let flags = attributes[.flags] ?? UInt32(header.ifa_flags)
        self.init(
            prefix, interfaceIndex: Int32(bitPattern: header.ifa_index), label: attributes[.label],
            scope: header.ifa_scope)
        isSecondary = flags & UInt32(IFA_F_SECONDARY) != 0 && address.family == .ipv4
        isTentative = flags & UInt32(IFA_F_TENTATIVE) != 0
    }

    fileprivate var header: ifaddrmsg {
        var header = ifaddrmsg()
        header.ifa_family = UInt8(prefix.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ifa_prefixlen = UInt8(prefix.length)
        header.ifa_scope = scope
        header.ifa_index = UInt32(bitPattern: interfaceIndex)
        return header
    }
}

extension RouteSocket {
    /// Adds an address; IPv6 ones without duplicate address detection, so that they work at once.
    public mutating func addAddress(_ record: AddressRecord) throws(NetlinkError) {
        try request(
            "add address \(record.prefix) to interface \(record.interfaceIndex)", type: RTM_NEWADDR,
            flags: NLM_F_CREATE | NLM_F_EXCL, extra: record.header, Address.self
        ) { address in
            address.put(.local, record.prefix.address)
            address.put(.peer, record.prefix.address)
            if let label = record.label { address.put(.label, label) }
            if record.prefix.address.family == .ipv6 { address.put(.flags, UInt32(IFA_F_NODAD)) }
        }
    }

    /// Removes an address with its length; its secondaries go with a primary one, unless the kernel promotes them.
    public mutating func removeAddress(_ record: AddressRecord) throws(NetlinkError) {
        try request(
            "remove address \(record.prefix) from interface \(record.interfaceIndex)", type: RTM_DELADDR,
            extra: record.header, Address.self
        ) { address in
            address.put(.local, record.prefix.address)
        }
    }

    /// Every address of the namespace, in the kernel's order: a primary one stands before its secondaries.
    public mutating func addresses() throws(NetlinkError) -> [AddressRecord] {
        try dump("list the addresses", type: RTM_GETADDR, extra: ifaddrmsg()).compactMap { AddressRecord($0) }
    }
}
