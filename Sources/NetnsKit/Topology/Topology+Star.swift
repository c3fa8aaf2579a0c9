import Wire

extension Topology {
    /// Nodes with one interface each, `eth0`, on one segment; their hosts are numbered from 1 in every network.
    ///
    /// - Parameters:
    ///   - segment: a bridge of the kernel.
    ///   - names: the nodes, the first with the lowest address.
    ///   - networks: such as `10.0.0.0/24`, of which the first node gets `10.0.0.1/24`, and `fd00::/64`. One that
    ///     cannot be read, or is too small, is a mistake that `validate` names.
    public static func star(_ segment: String, _ names: [String], networks: String...) -> Self {
        star(SegmentDescription(segment), names, networks)
    }

    /// Two nodes and a point-to-point link between their `eth0`; the segment is called after both, as in `left-right`.
    ///
    /// - Parameters:
    ///   - first: the node with the lower addresses.
    ///   - second: the node with the higher ones.
    ///   - networks: as for a star.
    public static func link(_ first: String, _ second: String, networks: String...) -> Self {
        star(SegmentDescription("\(first)-\(second)", kind: .pointToPoint), [first, second], networks)
    }

    private static func star(_ segment: SegmentDescription, _ names: [String], _ networks: [String]) -> Self {
        let nodes = names.enumerated().map { index, name in
            let addresses = networks.map { address(index + 1, in: $0) }
            return NodeDescription(name, [InterfaceDescription("eth0", on: segment.name, addresses)])
        }
        // A switch needs no description.
        return Topology(nodes, segments: segment.kind == .bridge ? [] : [segment])
    }

    /// Where there is no such address, what is put there says so when it is refused.
    private static func address(_ number: Int, in network: String) -> String {
        guard let prefix = IPPrefix(network), network.contains("/") else { return network }
        return prefix.host(number).map { "\($0)" } ?? "host \(number) of \(network)"
    }
}
