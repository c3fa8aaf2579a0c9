import CMNL
import Glibc
import Wire

/// Keeps packets away from addresses of this host, in the calling thread's namespace.
///
/// An nf_tables table of its own drops what is sent to them, neighbor discovery excepted; ARP does not come by there.
public struct AddressShield: ~Copyable, Sendable {
    private var door: FilterDoor

    /// - Parameter table: its name; whoever has the same name shares the table.
    public init(table: String) throws(NetlinkError) {
        door = try FilterDoor(table: table)
    }

    /// Makes the table, in the place of one that was there: nothing is shielded yet.
    public mutating func raise() throws(NetlinkError) {
        try? lower()
        try door.change("make the filter table \(door.table)") { batch in
            batch.addTable()
            // As the nft tool numbers ipv4_addr and ipv6_addr.
            batch.addSet(Self.set(.ipv4), keyType: 7, keyLength: 4, number: 4)
            batch.addSet(Self.set(.ipv6), keyType: 8, keyLength: 16, number: 6)
            batch.addChain(Self.chain, at: NF_INET_LOCAL_IN)
            for type: UInt8 in [135, 136] {
                batch.addRule(to: Self.chain) { rule in
                    rule.putComparison(icmpv6: type)
                    rule.putVerdict(verdictAccept)
                }
            }
            for family in AddressFamily.allCases {
                batch.addRule(to: Self.chain) { $0.putDrop(toMembersOf: Self.set(family), family) }
            }
        }
    }

    /// Takes the table away, and every shield with it.
    public mutating func lower() throws(NetlinkError) {
        try door.change("remove the filter table \(door.table)") { $0.removeTable() }
    }

    /// Shields addresses; those that are shielded already are as good.
    public mutating func cover(_ addresses: [IPAddress]) throws(NetlinkError) {
        try change(.add, addresses, "shield")
    }

    /// Shields addresses no longer; one that is not shielded is an error, and nothing is done then.
    public mutating func uncover(_ addresses: [IPAddress]) throws(NetlinkError) {
        try change(.remove, addresses, "no longer shield")
    }

    private static let chain = "input"

    private static func set(_ family: AddressFamily) -> String { family == .ipv4 ? "shielded4" : "shielded6" }

    private mutating func change(
        _ change: FilterBatch.MemberChange, _ addresses: [IPAddress], _ verb: String
    ) throws(NetlinkError) {
        try door.change("\(verb) \(addresses.map(\.description).joined(separator: ", "))") { batch in
            for (family, members) in Dictionary(grouping: addresses, by: \.family) {
                batch.change(Self.set(family), change, members.map(\.octets))
            }
        }
    }
}

extension AttributeWriter where Space == ExpressionList {
    /// `meta nfproto FAMILY; ip daddr @SET; drop`.
    fileprivate func putDrop(toMembersOf set: String, _ family: AddressFamily) {
        putMeta(UInt32(NFT_META_NFPROTO.rawValue))
        putComparison([UInt8(family == .ipv4 ? NFPROTO_IPV4 : NFPROTO_IPV6)])
        putPayload(
            UInt32(NFT_PAYLOAD_NETWORK_HEADER.rawValue), offset: family == .ipv4 ? 16 : 24,
            length: UInt32(family.bits / 8))
        putLookup(set)
        putVerdict(verdictDrop)
    }
}
