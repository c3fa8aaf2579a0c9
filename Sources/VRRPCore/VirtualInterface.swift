import Wire

/// An interface of a virtual router's own, on top of the one that it was configured with.
///
/// The host makes it. The router takes part while it was not heard of yet, and is in fault while it is down.
public struct VirtualInterface: Hashable, Sendable {
    /// What is stacked on the base.
    public enum Kind: Hashable, Sendable {
        /// A macvlan with a virtual MAC address; nil is the protocol's (RFC 9568 §7.3).
        case macvlan(MACAddress?)
        /// An ipvlan, which shares the MAC address of its base, with an address of its own.
        case ipvlan(IPPrefix?)
    }

    /// At most 15 octets.
    public var name: String
    public var kind: Kind
    /// Advertisements leave by the base interface, with its MAC address (`vmac_xmit_base`).
    public var transmitsOnBase: Bool

    public init(_ name: String, kind: Kind = .macvlan(nil), transmitsOnBase: Bool = false) {
        self.name = name
        self.kind = kind
        self.transmitsOnBase = transmitsOnBase
    }
}
