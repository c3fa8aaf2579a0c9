/// A topology as a picture: for a terminal, for a page that draws Mermaid, and for everyone else.
///
/// Nodes are boxes, and each interface hangs on the bus of its segment. Whatever the topology says is escaped; it need
/// not be valid.
public struct TopologyDrawing: Hashable, Sendable {
    /// The network that is drawn, sound or not.
    public let topology: Topology

    /// Prepares the drawings of a topology, which may be one that `validate` refuses.
    public init(_ topology: Topology) {
        self.topology = topology
    }

    /// In order of first mention.
    var segments: [SegmentDescription] { topology.segmentNames.map(topology.segment) }

    var nodes: [DrawnNode] {
        let names = topology.segmentNames
        return topology.nodes.map { DrawnNode($0, segments: names) }
    }
}

extension SegmentDescription {
    /// The name, with what is special about the segment.
    var title: String {
        let kind = kind == .pointToPoint ? "point-to-point" : nil
        let fabric = fabric == .userSpace ? "user space" : nil
        let remarks = [kind, fabric].compactMap { $0 }
        return name.printable + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
    }
}

extension TopologyDrawing: CustomStringConvertible {
    public var description: String { ascii }
}
