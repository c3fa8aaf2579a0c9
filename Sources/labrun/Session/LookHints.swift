import Wire

/// A node that says on the wire that it is the master, as others see it.
struct LookClaim: Hashable {
    var node: String
    /// When it advertised last, and what.
    var time: Instant
    var packet: VRRPPacket
    /// Whether that went to one router alone.
    var isUnicast: Bool
    /// The nodes whose interfaces it reached.
    var reached: Set<String>
    /// By which equal priorities are decided.
    var source: IPAddress
}

/// What two masters of one address may have done wrong.
enum LookHints {
    /// Explains why both go on; the one that must win is named by priority, and by address when that is equal.
    static func contest(_ one: LookClaim, _ other: LookClaim) -> LookHint {
        let (a, b) = (one.packet, other.packet)
        let names = "\(one.node) and \(other.node)"
        if a.virtualRouterID != b.virtualRouterID {
            return LookHint(
                code: "VR201",
                sentence: "\(names) advertise one address as routers \(a.virtualRouterID) and \(b.virtualRouterID).")
        }
        if one.isUnicast != other.isUnicast {
            let (peer, group) = one.isUnicast ? (one.node, other.node) : (other.node, one.node)
            return LookHint(
                code: "VR207",
                sentence: "\(peer) advertises to a peer and \(group) to the group: neither listens to the other.")
        }
        if a.version != b.version {
            return LookHint(code: "VR204", sentence: "\(names) speak VRRPv\(a.version) and VRRPv\(b.version).")
        }
        if a.authentication != b.authentication {
            return LookHint(code: "VR202", sentence: "\(names) do not send the same authentication.")
        }
        if Set(a.addresses) != Set(b.addresses) {
            return LookHint(code: "VR205", sentence: "\(names) advertise different lists of addresses.")
        }
        if a.version == 2, a.interval != b.interval {
            return LookHint(
                code: "VR203",
                sentence: "\(names) advertise every \(a.interval.inSeconds) s and every \(b.interval.inSeconds) s.")
        }
        return dispute(one, other)
    }

    /// They agree in everything, so the weaker one cannot have heard the stronger.
    private static func dispute(_ one: LookClaim, _ other: LookClaim) -> LookHint {
        let isFirst =
            one.packet.priority == other.packet.priority
            ? other.source.octets.lexicographicallyPrecedes(one.source.octets)
            : one.packet.priority > other.packet.priority
        let (winner, loser) = isFirst ? (one, other) : (other, one)
        if winner.reached.contains(loser.node) {
            return LookHint(
                code: "VR206",
                sentence: """
                    Advertisements of \(winner.node) reach \(loser.node)'s port, and \(loser.node) goes on as if it \
                    heard nothing: something on \(loser.node) drops IP protocol 112.
                    """)
        }
        return LookHint(
            code: nil,
            sentence:
                "Advertisements of \(winner.node) do not reach \(loser.node): the network between them loses them.")
    }
}
