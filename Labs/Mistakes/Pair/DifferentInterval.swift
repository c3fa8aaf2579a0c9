import LabCourse
import Timeline
import VRRPCore
import Wire

extension Mistake {
    static let differentInterval = Mistake(
        .differentInterval, "advert_int differs",
        symptom: "All is well for some seconds; then both nodes are masters, and both logs speak of a mismatch.",
        reason: """
            In version 2 both sides must be configured with the same interval: a packet that says another one is \
            dropped, so neither hears the other. The one with 2 s waits 6.6 s before it takes over, so that a short \
            look finds nothing wrong. Version 3 has no such rule: a backup follows the interval of its master.
            """,
        wrong: "node1   advert_int 1\nnode2   advert_int 2",
        right: "node1   advert_int 1\nnode2   advert_int 1",
        message: "(VI_1) advertisement interval mismatch mine=2 sec rcv'd=1 sec",
        Contradiction(
            keywords: ["advert_int"],
            written: { "advert_int \($0.interval.wholeText)" },
            sent: { "an interval of \($0.packet.interval.text)" },
            isWritten: { pair in
                pair.both.allSatisfy { $0.router.version == .v2 } && pair.first.interval != pair.second.interval
            },
            isSent: { first, second in
                first.isSameGroup(as: second) && first.packet.version == 2 && second.packet.version == 2
                    && first.packet.interval != second.packet.interval
            },
            logged: ["advertisement interval mismatch"],
            consequence: "each drops the other's advertisements, and after the longer wait both are masters",
            remedy: "write the same advert_int on both nodes"),
        specimens: [
            .pair("VR203-backup", [.setting("advert_int", "advert_int 2", in: LabFile.backup)]),
            .pair("VR203-master", [.setting("advert_int", "advert_int 2", in: LabFile.master)]),
        ],
        demonstration: .twoMasters("After the wait of the slower node both are masters"))
}

extension Duration {
    /// Seconds without decimals where there are none.
    fileprivate var wholeText: String {
        nanoseconds % 1_000_000_000 == 0 ? decimalSeconds(digits: 0) : decimalSeconds(digits: 2)
    }
}
