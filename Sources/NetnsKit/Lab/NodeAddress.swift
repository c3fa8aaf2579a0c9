import Wire

/// An address that an interface of a node has.
public struct NodeAddress: Hashable, Sendable {
    /// The interface that has it.
    public var interface: String
    /// The address itself, and how long its network's prefix is.
    public var prefix: IPPrefix
    /// IPv4 only; the interface's name when nobody chose another.
    public var label: String?
}
