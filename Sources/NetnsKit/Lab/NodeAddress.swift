import Wire

/// An address that an interface of a node has.
public struct NodeAddress: Hashable, Sendable {
    public var interface: String
    public var prefix: IPPrefix
    /// IPv4 only; the interface's name when nobody chose another.
    public var label: String?
}
