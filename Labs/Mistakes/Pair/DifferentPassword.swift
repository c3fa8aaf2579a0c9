import LabCourse
import VRRPCore
import Wire

extension Mistake {
    static let differentPassword = Mistake(
        .differentPassword, "authentication differs",
        symptom: "Both nodes are masters; both logs repeat that a password or an authentication type is wrong.",
        reason: """
            A version 2 advertisement bears the password in the clear, in eight octets. A node drops every packet \
            whose eight octets are not its own, and one whose type of authentication is another. Only these eight \
            count: secret123 and secret12 are the same password.
            """,
        wrong: "node1   auth_pass secret12\nnode2   auth_pass secret99",
        right: "node1   auth_pass secret12\nnode2   auth_pass secret12",
        message: "(VI_1) received an invalid passwd!",
        Contradiction(
            keywords: ["auth_pass", "auth_type", "authentication"],
            written: { $0.password },
            sent: { $0.password },
            isWritten: { pair in
                pair.both.allSatisfy { $0.router.version == .v2 }
                    && pair.first.router.authentication != pair.second.router.authentication
            },
            isSent: { first, second in
                first.isSameGroup(as: second) && first.packet.version == 2 && second.packet.version == 2
                    && first.packet.authentication != second.packet.authentication
            },
            logged: ["invalid passwd", " auth, expecting "],
            consequence: "neither believes the other, and both become the master",
            remedy: "write the same auth_type and the same first eight characters of auth_pass on both nodes"),
        specimens: [
            .pair("VR202-word", [.setting("auth_pass", "    auth_pass secret99", in: LabFile.backup)]),
            .pair("VR202-case", [.setting("auth_pass", "    auth_pass Secret12", in: LabFile.master)]),
            .pair("VR202-none", [.removingBlock("authentication", from: LabFile.backup)]),
        ],
        demonstration: .twoMasters("Each drops what the other says for its password, and both are masters"))
}

extension PairedRouter {
    fileprivate var password: String {
        switch router.authentication {
        case .none: "no authentication"
        case .password(let octets): "the password '\(String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self))'"
        case .header: "an authentication header"
        }
    }
}
