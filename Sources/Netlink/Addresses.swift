import CMNL
import Glibc
import Wire

/// The attribute space of addresses, `IFA_*`.
public enum Address {}

extension AttributeKey where Space == Address, Value == IPAddress {
    static var peer: Self { Self(IFA_ADDRESS) }
    static var local: Self { Self(IFA_LOCAL) }
    static var broadcast: Self { Self(IFA_BROADCAST) }
}
extension AttributeKey where Space == Address, Value == Octets {
    static var lifetimes: Self { Self(IFA_CACHEINFO) }
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
    /// Duplicate address detection is still running, or has found a duplicate: the address cannot be used.
    public var isTentative: Bool
    /// IPv4 only.
    public var broadcast: IPv4Address?
    /// The other end of a point-to-point link; its length is the address's.
    public var peer: IPPrefix?
    /// What the kernel does with the address, `IFA_F_*`: as it should be, and not as it is listed.
    public var flags: AddressFlags = []
    /// Whole seconds after which the kernel takes the address away, and after which it is no source any more; nil is
    /// never. As it should be, and not as it is listed.
    public var validLifetime: UInt32?
    public var preferredLifetime: UInt32?

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
        isTentative = flags & UInt32(IFA_F_TENTATIVE | IFA_F_DADFAILED) != 0
        if let other = attributes[.peer], other != address {
            peer = IPPrefix(other, length: Int(header.ifa_prefixlen))
        }
    }

    var header: ifaddrmsg {
        var header = ifaddrmsg()
        header.ifa_family = UInt8(prefix.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ifa_prefixlen = UInt8((peer ?? prefix).length)
        header.ifa_scope = scope
        header.ifa_index = UInt32(bitPattern: interfaceIndex)
        return header
    }

    /// What tells this address from others.
    fileprivate func putIdentity(into address: AttributeWriter<Address>) {
        address.put(.local, prefix.address)
        address.put(.peer, (peer ?? prefix).address)
    }

    func put(into address: AttributeWriter<Address>) {
        putIdentity(into: address)
        if let label { address.put(.label, label) }
        if let broadcast { address.put(.broadcast, .v4(broadcast)) }
        var flags = flags
        let detectsDuplicates = flags.remove(.detectsDuplicates) != nil
        if prefix.address.family == .ipv6, !detectsDuplicates { flags.insert(.noDuplicates) }
        if !flags.isEmpty { address.put(.flags, flags.rawValue) }
        guard validLifetime != nil || preferredLifetime != nil else { return }
        let valid = validLifetime ?? .max
        let lifetimes = [min(preferredLifetime ?? .max, valid), valid, 0, 0]
        address.put(.lifetimes, Octets(lifetimes.flatMap(\.attribute)))
    }
}

/// What the kernel does with an address, `IFA_F_*`.
public struct AddressFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    /// IPv6: nobody is asked whether he has the address already; set unless `detectsDuplicates` is.
    static let noDuplicates = AddressFlags(rawValue: UInt32(IFA_F_NODAD))
    public static let home = AddressFlags(rawValue: UInt32(IFA_F_HOMEADDRESS))
    public static let managesTemporaries = AddressFlags(rawValue: UInt32(IFA_F_MANAGETEMPADDR))
    public static let noPrefixRoute = AddressFlags(rawValue: UInt32(IFA_F_NOPREFIXROUTE))
    public static let autojoin = AddressFlags(rawValue: UInt32(IFA_F_MCAUTOJOIN))
    /// Not one of the kernel's: it leaves `IFA_F_NODAD` out.
    public static let detectsDuplicates = AddressFlags(rawValue: 1 << 31)

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

extension RouteSocket {
    /// Adds an address; IPv6 ones without duplicate address detection, so that they work at once.
    public mutating func addAddress(_ record: AddressRecord) throws(NetlinkError) {
        if let refusal = addAddresses([record])[0] { throw refusal }
    }

    /// Adds many addresses with few system calls; one that is there already is refused.
    ///
    /// - Parameter replacing: renews an address that is there instead of refusing it.
    /// - Returns: for each address its refusal, or nil when it is in place.
    public mutating func addAddresses(_ records: [AddressRecord], replacing: Bool = false) -> [NetlinkError?] {
        requestEach(
            records, type: RTM_NEWADDR, flags: NLM_F_CREATE | (replacing ? NLM_F_REPLACE : NLM_F_EXCL), Address.self,
            describe: { "add address \($0.prefix) to interface \($0.interfaceIndex)" }, extra: \.header
        ) { record, address in record.put(into: address) }
    }

    /// Removes an address with its length; its secondaries go with a primary one, unless the kernel promotes them.
    public mutating func removeAddress(_ record: AddressRecord) throws(NetlinkError) {
        if let refusal = removeAddresses([record])[0] { throw refusal }
    }

    /// Removes many addresses with few system calls.
    ///
    /// - Returns: for each address its refusal, or nil when it was removed.
    public mutating func removeAddresses(_ records: [AddressRecord]) -> [NetlinkError?] {
        requestEach(
            records, type: RTM_DELADDR, Address.self,
            describe: { "remove address \($0.prefix) from interface \($0.interfaceIndex)" }, extra: \.header
        ) { record, address in record.putIdentity(into: address) }
    }

    /// Every address of the namespace, in the kernel's order: a primary one stands before its secondaries.
    public mutating func addresses() throws(NetlinkError) -> [AddressRecord] {
        try dump("list the addresses", type: RTM_GETADDR, extra: ifaddrmsg()).compactMap { AddressRecord($0) }
    }
}
