import LabCourse
import Wire

extension Mistake {
    static let equalPriorities = Mistake(
        .equalPriorities, "equal priorities", .warning,
        symptom: "It works, but which node is the master depends on who started first, and in a tie on the addresses.",
        reason: """
            Of two masters with the same priority the one with the higher address stays, here .12: `state` decides \
            nothing. A backup never takes over from an equal, so the first to start keeps the address; and weights \
            that were made for a distance between the priorities now move it at the first failed check.
            """,
        wrong: "node1   priority 150\nnode2   priority 150",
        right: "node1   priority 150\nnode2   priority 100",
        Contradiction(
            keywords: ["priority"],
            written: { "priority \($0.priority)" },
            sent: { "priority \($0.priority)" },
            isWritten: { $0.first.priority == $0.second.priority },
            isSent: { first, second in
                first.isSameGroup(as: second) && first.priority == second.priority
                    && first.says(second.packet, to: second.carrier.destination)
            },
            logged: [],
            consequence: "the files do not say who is to be the master",
            remedy: "give the node that is to hold the address the higher priority"),
        specimens: [
            .pair("VR208-both-high", [.setting("priority", "priority 150", in: LabFile.backup)]),
            .pair("VR208-both-low", [.setting("priority", "priority 100", in: LabFile.master)]),
        ],
        demonstration: .addressDecides)
}
