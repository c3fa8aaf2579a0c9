/// The point-to-point links of a topology: which ports must be down so that both ends of each share one carrier.
///
/// A port is the far end of an interface; while it is down, the interface has no carrier.
struct Cables {
    /// What is known of one end.
    private struct Standing {
        /// The node's own interface is there; without it there is no port either.
        var isThere = true
        /// The node has set it up.
        var isUp = true
        var isPulled = false
        /// Whether its port is up now.
        var isPortUp = true
    }

    private var standings: [LinkEnd: Standing] = [:]
    private var peers: [LinkEnd: LinkEnd] = [:]

    init(_ topology: Topology) {
        for segment in topology.segments where segment.kind == .pointToPoint {
            let ends = topology.ends(of: segment.name)
            guard ends.count == 2 else { continue }
            peers[ends[0]] = ends[1]
            peers[ends[1]] = ends[0]
            for end in ends { standings[end] = Standing() }
        }
    }

    /// The interfaces of a node that are an end of such a link.
    func interfaces(of node: String) -> Set<String> {
        Set(peers.keys.filter { $0.node == node }.map(\.interface))
    }

    func contains(_ end: LinkEnd) -> Bool { peers[end] != nil }

    mutating func pull(_ end: LinkEnd, _ isPulled: Bool) {
        standings[end]?.isPulled = isPulled
    }

    /// The node set its interface up or down, or it is gone: nil.
    mutating func note(_ end: LinkEnd, isUp: Bool?) {
        standings[end]?.isThere = isUp != nil
        standings[end]?.isUp = isUp ?? false
    }

    /// The interface was made anew, with a port that is up.
    mutating func replace(_ end: LinkEnd) {
        standings[end]?.isThere = true
        standings[end]?.isPortUp = true
    }

    /// The ports that must change, and how; they count as changed from now on.
    mutating func takeChanges() -> [(end: LinkEnd, isUp: Bool)] {
        var changes: [(end: LinkEnd, isUp: Bool)] = []
        for (end, peer) in peers.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let mine = standings[end], let other = standings[peer] else { continue }
            let isUp = !mine.isPulled && !other.isPulled && other.isUp
            guard mine.isThere, isUp != mine.isPortUp else { continue }
            standings[end]?.isPortUp = isUp
            changes.append((end, isUp))
        }
        return changes
    }
}
