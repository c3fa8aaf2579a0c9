import LabCourse
import VRRPCore
import Wire

extension Mistake {
    static let differentVersion = Mistake(
        .differentVersion, "VRRP version differs",
        symptom: "Both nodes are masters; both logs say that a packet has the wrong version.",
        reason: """
            Versions 2 and 3 write interval, authentication and checksum differently, so a packet of the other version \
            says nothing that can be relied on, and is dropped. A daemon speaks version 2 unless `version` or \
            `vrrp_version` says otherwise, or the instance has IPv6 addresses.
            """,
        wrong: "node1   (nothing: version 2)\nnode2   version 3",
        right: "node1   version 3\nnode2   version 3",
        message: "(VI_1) wrong version. Received 2 and expect 3",
        Contradiction(
            keywords: ["version"],
            written: { "version \($0.router.version.rawValue)" },
            sent: { "VRRP version \($0.packet.version)" },
            isWritten: { $0.first.router.version != $0.second.router.version },
            isSent: { first, second in
                first.isSameGroup(as: second) && first.packet.version != second.packet.version
            },
            logged: ["wrong version. Received"],
            consequence: "neither reads the other's advertisements, and both become the master",
            remedy: "write the same version on both nodes, or none on either"),
        specimens: [
            .pair(
                "VR204-backup",
                [.adding("version 3", to: LabFile.backup), .removingBlock("authentication", from: LabFile.backup)]),
            .pair(
                "VR204-master",
                [.adding("version 3", to: LabFile.master), .removingBlock("authentication", from: LabFile.master)]),
        ],
        demonstration: .twoMasters("Each drops packets of the other version, and both are masters"))
}
