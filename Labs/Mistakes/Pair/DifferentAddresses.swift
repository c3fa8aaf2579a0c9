import LabCourse
import VRRPCore
import Wire

extension Mistake {
    static let differentAddresses = Mistake(
        .differentAddresses, "address lists differ",
        symptom: "Both nodes are masters; the logs speak of an address that is missing, or of their number.",
        reason: """
            An advertisement names the addresses that move with the master. A backup that has another list does not \
            accept it as word of its own virtual router. This happens most often when an address is added on one node \
            and the other is to follow later. The order does not matter, and prefix lengths and labels do not travel.
            """,
        wrong: "node1   virtual_ipaddress { 192.168.1.100/24 }\nnode2   virtual_ipaddress { 192.168.1.101/24 }",
        right: "node1   virtual_ipaddress { 192.168.1.100/24 }\nnode2   virtual_ipaddress { 192.168.1.100/24 }",
        message: "(VI_1) ip address associated with VRID 51 not present in MASTER advert : 192.168.1.100",
        Contradiction(
            keywords: ["virtual_ipaddress"],
            written: { $0.advertised.text },
            sent: { $0.addresses.text },
            isWritten: { pair in
                pair.first.advertised != pair.second.advertised && pair.first.router.family == pair.second.router.family
            },
            isSent: { first, second in first.isSameGroup(as: second) && first.addresses != second.addresses },
            logged: ["not present in MASTER advert", "ip number count"],
            consequence: "neither accepts the other's advertisements, and both become the master",
            remedy: "write the same addresses on both nodes; change both in the same maintenance"),
        specimens: [
            .pair("VR205-more", [.extendingAddresses(by: "192.168.1.101/24 dev eth0", in: LabFile.backup)]),
            .pair(
                "VR205-other",
                [.replacing("192.168.1.100/24", with: "192.168.1.101/24", in: LabFile.backup)]),
        ],
        demonstration: .twoMasters("Each has its own list and does not accept the other's: both are masters"))
}

extension Set<IPAddress> {
    fileprivate var text: String { isEmpty ? "no addresses" : sorted().map { "\($0)" }.joined(separator: " and ") }
}
