import Wire

extension Topology {
    /// Everything that is wrong with the topology, found without touching the machine; empty when it can be built.
    ///
    /// What only the machine knows, such as a mount's source that is not there, is a `LabError` of the construction.
    public var mistakes: [TopologyError] {
        nodeMistakes + segmentMistakes + addressMistakes
    }

    /// Finds what could not be built before anything is.
    ///
    /// - Throws: the mistake, or `TopologyError.several` with all of them.
    public func validate() throws(TopologyError) {
        let mistakes = mistakes
        guard let first = mistakes.first else { return }
        throw mistakes.count == 1 ? first : .several(mistakes)
    }

    private var nodeMistakes: [TopologyError] {
        var names: Set<String> = []
        return nodes.flatMap { node in
            (names.insert(node.name).inserted ? [] : [.duplicateNode(node.name)]) + node.mistakes
        }
    }

    private var segmentMistakes: [TopologyError] {
        var described: Set<String> = []
        let ofDescriptions = segments.flatMap { segment -> [TopologyError] in
            guard described.insert(segment.name).inserted else { return [.duplicateSegment(segment.name)] }
            let count = ends(of: segment.name).count
            if count == 0 { return [.unusedSegment(segment.name)] }
            return segment.kind == .pointToPoint && count != 2 ? [.badEndCount(count, segment: segment.name)] : []
        }
        let ofNames = segmentNames.filter { name in
            name.isEmpty || name.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        return ofDescriptions + ofNames.map { .badSegmentName($0) }
    }

    /// What must be unique on a segment.
    private var addressMistakes: [TopologyError] {
        segmentNames.flatMap { segment -> [TopologyError] in
            var owners: [IPAddress: String] = [:]
            var stations: [MACAddress: LinkEnd] = [:]
            var mistakes: [TopologyError] = []
            for node in nodes {
                for interface in node.interfaces where interface.segment == segment {
                    for address in interface.prefixes.map(\.address) {
                        guard let other = owners.updateValue(node.name, forKey: address) else { continue }
                        mistakes.append(.duplicateAddress(address, other, node.name, segment: segment))
                    }
                    let end = LinkEnd(node.name, interface.name)
                    guard let station = interface.macAddress, let other = stations.updateValue(end, forKey: station)
                    else { continue }
                    mistakes.append(.duplicateMACAddress(station, other, end, segment: segment))
                }
            }
            return mistakes
        }
    }
}
