import LabCourse
import Wire

extension Mistake {
    static let unicastAgainstMulticast = Mistake(
        .unicastAgainstMulticast, "one unicast, one multicast",
        symptom: "Both nodes are masters, and no log says anything about it: only a capture tells.",
        reason: """
            With unicast_peer a node talks to its peers alone and listens to nobody else; without it, it talks to \
            224.0.0.18 and expects the same of others. keepalived drops what comes the other way without a word, so \
            each waits out its silence and takes over. vrrpd drops it too, and says so once.
            """,
        wrong: "node1   (nothing: multicast)\nnode2   unicast_peer { 192.168.1.11 }",
        right: "node1   unicast_peer { 192.168.1.12 }\nnode2   unicast_peer { 192.168.1.11 }",
        Contradiction(
            keywords: ["unicast_peer"],
            written: { $0.isUnicast ? "unicast_peer" : "no unicast_peer" },
            sent: { "advertisements to \($0.carrier.destination)" },
            isWritten: { $0.first.isUnicast != $0.second.isUnicast },
            isSent: { first, second in first.isSameGroup(as: second) && first.isUnicast != second.isUnicast },
            logged: ["Expected unicast packet", "Expected multicast packet"],
            consequence: "neither listens where the other talks, and both become the master",
            remedy: "give both nodes a unicast_peer with the other's address, or neither"),
        specimens: [
            .pair("VR207-backup", [.adding("unicast_peer {", "    192.168.1.11", "}", to: LabFile.backup)]),
            .pair("VR207-master", [.adding("unicast_peer {", "    192.168.1.12", "}", to: LabFile.master)]),
        ],
        demonstration: .twoMasters("One talks to the group and one to its peer: both are masters"))
}
