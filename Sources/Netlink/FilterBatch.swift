import CMNL
import Glibc
import LinuxSystem
import Wire

/// One of nf_tables' tables for packets of both IP families, in the namespace of the thread that opens it.
struct FilterDoor: ~Copyable, Sendable {
    private let socket: MNLSocket
    let table: String
    private var sequence: UInt32 = 0

    init(table: String) throws(NetlinkError) {
        do {
            socket = try MNLSocket(bus: NETLINK_NETFILTER)
        } catch {
            throw NetlinkError("open a packet filter socket", error)
        }
        self.table = table
    }

    /// Changes the table by everything that the body adds, or by nothing.
    mutating func change(_ what: String, _ body: (inout FilterBatch) -> Void) throws(NetlinkError) {
        var batch = FilterBatch(table, after: sequence)
        batch.mark(NFNL_MSG_BATCH_BEGIN)
        body(&batch)
        batch.mark(NFNL_MSG_BATCH_END)
        sequence = batch.sequence
        try socket.exchange(batch.buffer, what)
    }
}

/// Changes of one table that take effect together.
struct FilterBatch: ~Copyable {
    private(set) var buffer = MessageBuffer()
    private(set) var sequence: UInt32
    private let table: String

    fileprivate init(_ table: String, after sequence: UInt32) {
        self.table = table
        self.sequence = sequence
    }

    fileprivate mutating func mark(_ type: Int32) {
        sequence &+= 1
        let header = nfgenmsg(
            nfgen_family: UInt8(AF_UNSPEC), version: 0, res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        buffer.add(type: Int(type), flags: 0, sequence: sequence, extra: header, Never.self)
    }

    /// Makes the table; one that is there is as good.
    mutating func addTable() {
        let table = table
        add(NFT_MSG_NEWTABLE, NLM_F_CREATE, FilterTable.self) { $0.put(.name, table) }
    }

    mutating func removeTable() {
        let table = table
        add(NFT_MSG_DELTABLE, 0, FilterTable.self) { $0.put(.name, table) }
    }

    /// Makes a chain that packets pass at one of `NF_INET_*`; what no rule decides about goes on.
    mutating func addChain(_ name: String, at hook: nf_inet_hooks) {
        let table = table
        add(NFT_MSG_NEWCHAIN, NLM_F_CREATE, FilterChain.self) { chain in
            chain.put(.table, table)
            chain.put(.name, name)
            chain.put(.type, "filter")
            chain.nest(.hook) { place in
                place.put(.number, BigEndian(UInt32(hook.rawValue)))
                place.put(.priority, BigEndian(0))
            }
            chain.put(.policy, BigEndian(verdictAccept))
        }
    }

    /// Makes a set.
    ///
    /// - Parameters:
    ///   - keyType: as the nft tool numbers types, for its eyes only.
    ///   - keyLength: in octets.
    ///   - number: another one for each set of a batch.
    mutating func addSet(_ name: String, keyType: UInt32, keyLength: Int, number: UInt32) {
        let table = table
        add(NFT_MSG_NEWSET, NLM_F_CREATE, FilterSet.self) { set in
            set.put(.table, table)
            set.put(.name, name)
            set.put(.keyType, BigEndian(keyType))
            set.put(.keyLength, BigEndian(UInt32(keyLength)))
            set.put(.identifier, BigEndian(number))
        }
    }

    /// Puts members into a set, those that are in it already among them, or takes members out.
    mutating func change(_ set: String, _ change: MemberChange, _ members: [[UInt8]]) {
        let table = table
        add(change.message, change == .add ? NLM_F_CREATE : 0, FilterSetElements.self) { list in
            list.put(.table, table)
            list.put(.set, set)
            list.nest(.elements) { elements in
                for member in members {
                    elements.nest(.element) { $0.nest(.key) { $0.put(.value, Octets(member)) } }
                }
            }
        }
    }

    enum MemberChange {
        case add
        case remove

        fileprivate var message: nf_tables_msg_types { self == .add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM }
    }

    /// Puts a rule at the end of a chain.
    mutating func addRule(to chain: String, _ body: (AttributeWriter<ExpressionList>) -> Void) {
        let table = table
        add(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, FilterRule.self) { rule in
            rule.put(.table, table)
            rule.put(.chain, chain)
            rule.nest(.expressions) { body($0) }
        }
    }

    private mutating func add<Space>(
        _ kind: nf_tables_msg_types, _ flags: Int32, _ space: Space.Type, _ body: (AttributeWriter<Space>) -> Void
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
    /// Goes on only if what was loaded is in a set.
    func putLookup(_ set: String) {
        putExpression("lookup") { expression in
            expression.nest(.lookup) { lookup in
                lookup.put(.set, set)
                lookup.put(.source, register)
            }
        }
    }

    /// `meta l4proto icmpv6; icmpv6 type N`.
    func putComparison(icmpv6 type: UInt8) {
        putMeta(UInt32(NFT_META_L4PROTO.rawValue))
        putComparison([UInt8(IPPROTO_ICMPV6)])
        putPayload(UInt32(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue), offset: 0, length: 1)
        putComparison([type])
    }
}
