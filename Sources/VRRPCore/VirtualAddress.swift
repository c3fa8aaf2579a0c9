import Wire

/// One address that a virtual router installs while it is the master.
public struct VirtualAddress: Hashable, Sendable {
    public var prefix: IPPrefix
    /// The interface that gets the address; where the router has a virtual one, mostly that.
    public var interface: String
    /// At most 15 octets; IPv4 only.
    public var label: String?
    public var scope: AddressScope
    /// IPv4 only; nil is none (`brd`).
    public var broadcast: IPv4Address?
    /// The other end of a point-to-point link, with its prefix length.
    public var peer: IPPrefix?
    public var options: VirtualAddressOptions = []
    /// For how long the kernel prefers the address as a source; nil is for ever, zero never (`preferred_lft`).
    public var preferredLifetime: Duration?
    /// False leaves it alone when somebody takes it away (`no_track`).
    public var isTracked = true

    public init(
        _ prefix: IPPrefix, interface: String, label: String? = nil, scope: AddressScope = .global
    ) {
        self.prefix = prefix
        self.interface = interface
        self.label = label
        self.scope = scope
    }

    /// Where an address is: two that differ only in prefix length, label or scope are in the same place.
    public struct Place: Hashable, Sendable {
        public let interface: String
        public let address: IPAddress

        public init(interface: String, address: IPAddress) {
            self.interface = interface
            self.address = address
        }
    }

    public var place: Place { Place(interface: interface, address: prefix.address) }
}

/// How far an address is valid, as the kernel numbers it (`RT_SCOPE_*`).
public struct AddressScope: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public static let global = AddressScope(rawValue: 0)
    public static let site = AddressScope(rawValue: 200)
    public static let link = AddressScope(rawValue: 253)
    public static let host = AddressScope(rawValue: 254)
    public static let nowhere = AddressScope(rawValue: 255)

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// Words after an address that the kernel is told (`home`, `mngtmpaddr`, `noprefixroute`, `autojoin`, `-nodad`).
public struct VirtualAddressOptions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public static let home = VirtualAddressOptions(rawValue: 1)
    public static let managesTemporaries = VirtualAddressOptions(rawValue: 2)
    public static let noPrefixRoute = VirtualAddressOptions(rawValue: 4)
    public static let autojoin = VirtualAddressOptions(rawValue: 8)
    /// Duplicate address detection runs (`-nodad`); otherwise it does not.
    public static let detectsDuplicates = VirtualAddressOptions(rawValue: 16)

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}
