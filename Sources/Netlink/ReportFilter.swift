import CMNL
import Glibc

/// Keeps interfaces from telling their link which groups they listen to (IGMP, MLD) and from asking it for routers, in
/// the calling thread's namespace.
///
/// The kernel says both by itself, with the interface's Ethernet address, and has no setting against the first. An
/// nf_tables table drops it before it leaves.
public struct ReportFilter: ~Copyable, Sendable {
    private var door: FilterDoor

    /// - Parameter table: its name; whoever has the same name shares the table.
    public init(table: String) throws(NetlinkError) {
        door = try FilterDoor(table: table)
    }

    /// Makes the table, in the place of one that was there, so that there is no moment without one.
    ///
    /// - Parameter interfaces: names that are silent from now on; there need not be such interfaces yet.
    public mutating func raise(over interfaces: [String]) throws(NetlinkError) {
        try door.change("make the filter table \(door.table)") { batch in
            batch.addTable()
            batch.removeTable()
            batch.addTable()
            // As the nft tool numbers ifname.
            batch.addSet(Self.set, keyType: 41, keyLength: Int(IFNAMSIZ), number: 1)
            batch.addChain(Self.chain, at: NF_INET_LOCAL_OUT)
            batch.addRule(to: Self.chain) { rule in
                rule.putMeta(UInt32(NFT_META_L4PROTO.rawValue))
                rule.putComparison([UInt8(IPPROTO_IGMP)])
                rule.putDropFromMembers(of: Self.set)
            }
            for type in Self.types {
                batch.addRule(to: Self.chain) { rule in
                    rule.putComparison(icmpv6: type)
                    rule.putDropFromMembers(of: Self.set)
                }
            }
            let first = interfaces.prefix(Self.limit)
            if !first.isEmpty { batch.change(Self.set, .add, first.map(interfaceNameKey)) }
        }
        try cover(Array(interfaces.dropFirst(Self.limit)))
    }

    /// Takes the table away: nothing is silent any more.
    public mutating func lower() throws(NetlinkError) {
        try door.change("remove the filter table \(door.table)") { $0.removeTable() }
    }

    /// Silences interfaces by name; those that are silent already are as good.
    public mutating func cover(_ interfaces: [String]) throws(NetlinkError) {
        for start in stride(from: 0, to: interfaces.count, by: Self.limit) {
            let names = interfaces[start...].prefix(Self.limit)
            try door.change("silence \(names.joined(separator: ", "))") {
                $0.change(Self.set, .add, names.map(interfaceNameKey))
            }
        }
    }

    /// Lets interfaces speak again; one that is not silent is an error, and nothing is done then.
    public mutating func uncover(_ interfaces: [String]) throws(NetlinkError) {
        try door.change("no longer silence \(interfaces.joined(separator: ", "))") {
            $0.change(Self.set, .remove, interfaces.map(interfaceNameKey))
        }
    }

    private static let chain = "output"
    private static let set = "silent"
    /// So many names fit into a message.
    private static let limit = 500
    /// MLD's report, its end, router solicitation, and the report of MLDv2.
    private static let types: [UInt8] = [131, 132, 133, 143]
}

extension AttributeWriter where Space == ExpressionList {
    /// `oifname @SET; drop`.
    fileprivate func putDropFromMembers(of set: String) {
        putMeta(UInt32(NFT_META_OIFNAME.rawValue))
        putLookup(set)
        putVerdict(verdictDrop)
    }
}
