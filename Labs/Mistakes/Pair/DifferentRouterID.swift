import LabCourse
import VRRPCore
import Wire

extension Mistake {
    static let differentRouterID = Mistake(
        .differentRouterID, "virtual_router_id differs",
        symptom: "Both nodes are masters and hold the address; neither log says a word about the other.",
        reason: """
            The number says which virtual router a packet is for. A node drops packets with another number before it \
            looks at anything else, so each hears nobody and becomes a master after its own silence, 3.4 s and 3.6 s. \
            Only log_unknown_vrids makes a daemon name the stranger.
            """,
        wrong: "node1   virtual_router_id 51\nnode2   virtual_router_id 52",
        right: "node1   virtual_router_id 51\nnode2   virtual_router_id 51",
        message: "Unknown VRID(52) received on interface(eth0). Ignoring...",
        Contradiction(
            keywords: ["virtual_router_id"],
            written: { "virtual_router_id \($0.router.virtualRouterID)" },
            sent: { "virtual router ID \($0.packet.virtualRouterID)" },
            isWritten: { pair in
                pair.first.router.virtualRouterID != pair.second.router.virtualRouterID
                    && pair.first.router.family == pair.second.router.family
            },
            isSent: { first, second in
                !first.isSameGroup(as: second) && !first.addresses.isDisjoint(with: second.addresses)
                    && first.carrier.source.family == second.carrier.source.family
            },
            logged: ["Unknown VRID"],
            consequence: "each is a virtual router of its own, and both take the address",
            remedy: "write the same virtual_router_id on both nodes"),
        specimens: [
            .pair("VR201-backup", [.setting("virtual_router_id", "virtual_router_id 52", in: LabFile.backup)]),
            .pair("VR201-master", [.setting("virtual_router_id", "virtual_router_id 61", in: LabFile.master)]),
        ],
        demonstration: .twoMasters("Two virtual routers share one address, and both take it"))
}
