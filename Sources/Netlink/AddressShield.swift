import CMNL
import Glibc
import LinuxSystem
import Wire

/// Keeps packets away from addresses of this host, in the calling thread's namespace.
///
/// An nf_tables table of its own drops what is sent to them, neighbor discovery excepted; ARP does not come by there.
public struct AddressShield: ~Copyable, Sendable {
    private let socket: MNLSocket
    private let table: String
    private var sequence: UInt32 = 0

    /// - Parameter table: its name; whoever has the same name shares the table.
    public init(table: String) throws(NetlinkError) {
        do {
            socket = try MNLSocket(bus: NETLINK_NETFILTER)
        } catch {
            throw NetlinkError("open a packet filter socket", error)
        }
        self.table = table
    }

    /// Makes the table, in the place of one that was there: nothing is shielded yet.
    public mutating func raise() throws(NetlinkError) {
        try? lower()
        let table = table
        var buffer = MessageBuffer()
        mark(&buffer, NFNL_MSG_BATCH_BEGIN)
        add(&buffer, NFT_MSG_NEWTABLE, NLM_F_CREATE, FilterTable.self) { $0.put(.name, table) }
        for family in AddressFamily.allCases { addSet(&buffer, family) }
        add(&buffer, NFT_MSG_NEWCHAIN, NLM_F_CREATE, FilterChain.self) { chain in
            chain.put(.table, table)
            chain.put(.name, Self.chain)
            chain.put(.type, "filter")
            chain.nest(.hook) { hook in
                hook.put(.number, BigEndian(UInt32(NF_INET_LOCAL_IN.rawValue)))
                hook.put(.priority, BigEndian(0))
            }
            chain.put(.policy, BigEndian(verdictAccept))
        }
        for type: UInt8 in [135, 136] {
            addRule(&buffer) { $0.putAccept(icmpv6: type) }
        }
        for family in AddressFamily.allCases {
            addRule(&buffer) { $0.putDrop(toMembersOf: Self.set(family), family) }
        }
        mark(&buffer, NFNL_MSG_BATCH_END)
        try socket.exchange(buffer, "make the filter table \(table)")
    }

    /// Takes the table away, and every shield with it.
    public mutating func lower() throws(NetlinkError) {
        let table = table
        var buffer = MessageBuffer()
        mark(&buffer, NFNL_MSG_BATCH_BEGIN)
        add(&buffer, NFT_MSG_DELTABLE, 0, FilterTable.self) { $0.put(.name, table) }
        mark(&buffer, NFNL_MSG_BATCH_END)
        try socket.exchange(buffer, "remove the filter table \(table)")
    }

    /// Shields addresses; those that are shielded already are as good.
    public mutating func cover(_ addresses: [IPAddress]) throws(NetlinkError) {
        try change(NFT_MSG_NEWSETELEM, NLM_F_CREATE, addresses, "shield")
    }

    /// Shields addresses no longer; one that is not shielded is an error, and nothing is done then.
    public mutating func uncover(_ addresses: [IPAddress]) throws(NetlinkError) {
        try change(NFT_MSG_DELSETELEM, 0, addresses, "no longer shield")
    }

    private static let chain = "input"

    private static func set(_ family: AddressFamily) -> String { family == .ipv4 ? "shielded4" : "shielded6" }

    private mutating func change(
        _ kind: nf_tables_msg_types, _ flags: Int32, _ addresses: [IPAddress], _ verb: String
    ) throws(NetlinkError) {
        let table = table
        var buffer = MessageBuffer()
        mark(&buffer, NFNL_MSG_BATCH_BEGIN)
        for (family, members) in Dictionary(grouping: addresses, by: \.family) {
            add(&buffer, kind, flags, FilterSetElements.self) { list in
                list.put(.table, table)
                list.put(.set, Self.set(family))
                list.nest(.elements) { elements in
                    for member in members {
                        elements.nest(.element) { $0.nest(.key) { $0.put(.value, Octets(member.octets)) } }
                    }
                }
            }
        }
        mark(&buffer, NFNL_MSG_BATCH_END)
        try socket.exchange(buffer, "\(verb) \(addresses.map(\.description).joined(separator: ", "))")
    }

    private mutating func addSet(_ buffer: inout MessageBuffer, _ family: AddressFamily) {
        let table = table
        add(&buffer, NFT_MSG_NEWSET, NLM_F_CREATE, FilterSet.self) { set in
            set.put(.table, table)
            set.put(.name, Self.set(family))
            // As the nft tool numbers ipv4_addr and ipv6_addr, for its eyes only.
            set.put(.keyType, BigEndian(family == .ipv4 ? 7 : 8))
            set.put(.keyLength, BigEndian(UInt32(family.bits / 8)))
            set.put(.identifier, BigEndian(family == .ipv4 ? 4 : 6))
        }
    }

    private mutating func addRule(
        _ buffer: inout MessageBuffer, _ body: (AttributeWriter<ExpressionList>) -> Void
    ) {
        let table = table
        add(&buffer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, FilterRule.self) { rule in
            rule.put(.table, table)
            rule.put(.chain, Self.chain)
            rule.nest(.expressions) { body($0) }
        }
    }

    private mutating func mark(_ buffer: inout MessageBuffer, _ type: Int32) {
        sequence &+= 1
        let header = nfgenmsg(
            nfgen_family: UInt8(AF_UNSPEC), version: 0, res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        buffer.add(type: Int(type), flags: 0, sequence: sequence, extra: header, Never.self)
    }

    private mutating func add<Space>(
        _ buffer: inout MessageBuffer, _ kind: nf_tables_msg_types, _ flags: Int32, _ space: Space.Type,
        _ body: (AttributeWriter<Space>) -> Void
    ) {
        sequence &+= 1
        buffer.add(
            type: Int(NFNL_SUBSYS_NFTABLES) << 8 | Int(kind.rawValue), flags: NLM_F_ACK | flags, sequence: sequence,
            extra: nfgenmsg(nfgen_family: UInt8(NFPROTO_INET), version: 0, res_id: 0), space, body)
    }
}

/// The attribute spaces of sets.
enum FilterSet {}
enum FilterSetElements {}
enum FilterSetElementList {}
enum FilterSetElement {}
enum LookupExpression {}

extension AttributeKey where Space == FilterSet, Value == String {
    fileprivate static var table: Self { Self(Int(NFTA_SET_TABLE.rawValue)) }
    fileprivate static var name: Self { Self(Int(NFTA_SET_NAME.rawValue)) }
}
extension AttributeKey where Space == FilterSet, Value == BigEndian {
    fileprivate static var keyType: Self { Self(Int(NFTA_SET_KEY_TYPE.rawValue)) }
    fileprivate static var keyLength: Self { Self(Int(NFTA_SET_KEY_LEN.rawValue)) }
    fileprivate static var identifier: Self { Self(Int(NFTA_SET_ID.rawValue)) }
}
extension AttributeKey where Space == FilterSetElements, Value == String {
    fileprivate static var table: Self { Self(Int(NFTA_SET_ELEM_LIST_TABLE.rawValue)) }
    fileprivate static var set: Self { Self(Int(NFTA_SET_ELEM_LIST_SET.rawValue)) }
}
extension NestKey where Space == FilterSetElements, Inner == FilterSetElementList {
    fileprivate static var elements: Self { Self(Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)) }
}
extension NestKey where Space == FilterSetElementList, Inner == FilterSetElement {
    fileprivate static var element: Self { Self(Int(NFTA_LIST_ELEM.rawValue)) }
}
extension NestKey where Space == FilterSetElement, Inner == ExpressionData {
    fileprivate static var key: Self { Self(Int(NFTA_SET_ELEM_KEY.rawValue)) }
}
extension NestKey where Space == Expression, Inner == LookupExpression {
    fileprivate static var lookup: Self { Self(Int(NFTA_EXPR_DATA.rawValue)) }
}
extension AttributeKey where Space == LookupExpression, Value == String {
    fileprivate static var set: Self { Self(Int(NFTA_LOOKUP_SET.rawValue)) }
}
extension AttributeKey where Space == LookupExpression, Value == BigEndian {
    fileprivate static var source: Self { Self(Int(NFTA_LOOKUP_SREG.rawValue)) }
}

extension AttributeWriter where Space == ExpressionList {
    /// `meta l4proto icmpv6; icmpv6 type N; accept`.
    fileprivate func putAccept(icmpv6 type: UInt8) {
        putMeta(UInt32(NFT_META_L4PROTO.rawValue))
        putComparison([UInt8(IPPROTO_ICMPV6)])
        putPayload(UInt32(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue), offset: 0, length: 1)
        putComparison([type])
        putVerdict(verdictAccept)
    }

    /// `meta nfproto FAMILY; ip daddr @SET; drop`.
    fileprivate func putDrop(toMembersOf set: String, _ family: AddressFamily) {
        putMeta(UInt32(NFT_META_NFPROTO.rawValue))
        putComparison([UInt8(family == .ipv4 ? NFPROTO_IPV4 : NFPROTO_IPV6)])
        putPayload(
            UInt32(NFT_PAYLOAD_NETWORK_HEADER.rawValue), offset: family == .ipv4 ? 16 : 24,
            length: UInt32(family.bits / 8))
        putExpression("lookup") { expression in
            expression.nest(.lookup) { lookup in
                lookup.put(.set, set)
                lookup.put(.source, register)
            }
        }
        putVerdict(verdictDrop)
    }
}
