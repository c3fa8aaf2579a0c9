/// A network to be built: nodes, and the segments that their interfaces are plugged into.
public struct Topology: Hashable, Sendable {
    /// The hosts, in the order in which drawings show them.
    public var nodes: [NodeDescription]
    /// Those segments that are more than a bridge of the kernel.
    public var segments: [SegmentDescription]
    /// Decides every chance in the lab; the same seed makes the same decisions for ever.
    public var seed: UInt64

    /// Describes a network; nothing is checked before `validate`, or created before a lab runs.
    public init(_ nodes: [NodeDescription], segments: [SegmentDescription] = [], seed: UInt64 = 1) {
        self.nodes = nodes
        self.segments = segments
        self.seed = seed
    }

    /// How a segment's frames are carried.
    public func segment(_ name: String) -> SegmentDescription {
        segments.first { $0.name == name } ?? SegmentDescription(name)
    }

    /// Every segment that an interface names, in order of first mention.
    public var segmentNames: [String] {
        var seen: Set<String> = []
        return nodes.flatMap(\.interfaces).map(\.segment).filter { seen.insert($0).inserted }
    }

    /// The interfaces that are plugged into a segment, in the order of the nodes.
    public func ends(of segment: String) -> [LinkEnd] {
        nodes.flatMap { node in
            node.interfaces.filter { $0.segment == segment }.map { LinkEnd(node.name, $0.name) }
        }
    }
}
