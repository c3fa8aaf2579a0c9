extension TopologyDrawing {
    /// A flowchart in Mermaid's language, as GitHub draws it from a code block: routers are hexagons, switches are
    /// round, and a point-to-point link is a line between two nodes.
    public var mermaid: String {
        let segments = segments
        let nodes = topology.nodes.enumerated().map { index, node in
            let label = ([node.name] + node.loopbackAddresses.map { "lo \($0)" }).mermaidLabel
            return "    n\(index)" + (node.isRouter ? "{{\(label)}}" : "[\(label)]")
        }
        let isCable = segments.map { $0.kind == .pointToPoint && topology.ends(of: $0.name).count == 2 }
        let switches = segments.indices.filter { !isCable[$0] }.map {
            "    s\($0)([\([segments[$0].title].mermaidLabel)])"
        }
        let lines = segments.indices.flatMap { index in
            isCable[index] ? [cable(segments[index])] : wires(to: index, segments[index])
        }
        return (["flowchart LR"] + nodes + switches + lines).map { "\($0)\n" }.joined()
    }

    private func wires(to index: Int, _ segment: SegmentDescription) -> [String] {
        plugs(of: segment).map { "    n\($0.node) ---|\($0.words.mermaidLabel)| s\(index)" }
    }

    private func cable(_ segment: SegmentDescription) -> String {
        let plugs = plugs(of: segment)
        let ends = plugs.map { $0.words.joined(separator: " ") }
        let label = [ends[0], segment.title, ends[1]].mermaidLabel
        return "    n\(plugs[0].node) ---|\(label)| n\(plugs[1].node)"
    }

    /// The interfaces on a segment: the place of the node, and what is to be said of the interface.
    private func plugs(of segment: SegmentDescription) -> [(node: Int, words: [String])] {
        topology.nodes.enumerated().flatMap { index, node in
            node.interfaces.filter { $0.segment == segment.name }.map { (index, [$0.name] + $0.addresses) }
        }
    }
}

extension [String] {
    /// Lines as a quoted text, in which Mermaid and HTML find nothing of their own.
    fileprivate var mermaidLabel: String {
        "\"" + map(\.mermaidText).joined(separator: "<br/>") + "\""
    }
}

extension String {
    /// Letters, digits and what stands in addresses and names; all else by number, as Mermaid spells it.
    fileprivate var mermaidText: String {
        printable.unicodeScalars.map { scalar in
            let isPlain =
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || " .:/_-(),".unicodeScalars.contains(scalar)
            return isPlain ? String(scalar) : "#\(scalar.value);"
        }.joined()
    }
}
