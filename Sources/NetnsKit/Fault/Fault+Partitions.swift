// Partitions that are computed from a list of nodes; its order decides who goes where.
extension Fault {
    /// The first half of the nodes, larger by one when there is an odd one, without the other.
    public static func halves(of nodes: [String], on segment: String) -> Fault {
        let middle = (nodes.count + 1) / 2
        return .partition(segment: segment, [Array(nodes[..<middle]), Array(nodes[middle...])])
    }

    /// One node without all others.
    public static func isolation(of node: String, from nodes: [String], on segment: String) -> Fault {
        .partition(segment: segment, [nodes.filter { $0 != node }, [node]])
    }

    /// Two halves that do not hear each other, with one node that hears both and is heard by both.
    public static func bridge(over node: String, between nodes: [String], on segment: String) -> [Fault] {
        let others = nodes.filter { $0 != node }
        let middle = (others.count + 1) / 2
        let (left, right) = (Array(others[..<middle]), Array(others[middle...]))
        guard !right.isEmpty else { return [] }
        return [
            .oneWay(segment: segment, from: left, to: right), .oneWay(segment: segment, from: right, to: left),
        ]
    }

    /// Every node hears a majority, itself included, and no two hear the same: its nearest in a ring. Three nodes and
    /// fewer all hear each other, so nothing is cut then.
    public static func ringOfMajorities(of nodes: [String], on segment: String) -> [Fault] {
        let reach = (nodes.count / 2 + 1) / 2
        return nodes.indices.compactMap { sender in
            let far = nodes.indices.filter { receiver in
                let distance = abs(sender - receiver)
                return min(distance, nodes.count - distance) > reach
            }
            guard !far.isEmpty else { return nil }
            return .oneWay(segment: segment, from: [nodes[sender]], to: far.map { nodes[$0] })
        }
    }
}
