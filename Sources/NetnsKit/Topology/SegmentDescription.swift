/// A segment that is more than a name: how its frames are carried.
///
/// A segment that no description names is a bridge of the kernel.
public struct SegmentDescription: Hashable, Sendable {
    /// The segment's name, as interfaces say it.
    public var name: String
    /// What the segment looks like: a switch with many ports, or one cable.
    public var kind: Kind
    /// Who carries its frames.
    public var fabric: Fabric

    /// What a segment looks like to its nodes.
    public enum Kind: Hashable, Sendable {
        /// A switch with a port for every interface.
        case bridge
        /// A cable between exactly two interfaces: each sees the other's carrier, and every frame passes.
        case pointToPoint
    }

    /// Who carries the frames.
    public enum Fabric: Hashable, Sendable {
        /// The kernel's own bridge: fast, with a real forwarding table.
        case kernel
        /// A switch in this process, on TAP devices, whose impairments are decided by the topology's seed.
        case userSpace
    }

    /// Describes a segment that some interface names; the defaults are what it would be without a description.
    public init(_ name: String, kind: Kind = .bridge, fabric: Fabric = .kernel) {
        self.name = name
        self.kind = kind
        self.fabric = fabric
    }
}
