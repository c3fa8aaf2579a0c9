import CMNL
import Glibc
import LinuxSystem

/// Which frames a filter on an interface drops.
public struct DropRule: Hashable, Sendable {
    /// Seen from the filter's own namespace.
    public enum Direction: Hashable, Sendable {
        /// Frames that come in from the interface's link.
        case incoming
        /// Frames that are about to leave through it.
        case outgoing
    }

    public var direction: Direction
    /// Only IP packets of this protocol, in IPv6 as the header itself names it; nil drops every frame.
    public var ipProtocol: UInt8?

    public init(_ direction: Direction, ipProtocol: UInt8? = nil) {
        self.direction = direction
        self.ipProtocol = ipProtocol
    }
}

/// nf_tables' filters of one namespace: on single interfaces, before bridges and IP, or between the ports of bridges.
public struct PacketFilter: ~Copyable, Sendable {
    /// Where a filter stands.
    public enum Place: Sendable {
        case interfaces
        case bridges

        fileprivate var family: UInt8 { UInt8(self == .interfaces ? NFPROTO_NETDEV : NFPROTO_BRIDGE) }
    }

    private let socket: MNLSocket
    private let place: Place
    private var sequence: UInt32 = 0

    public init(in namespace: borrowing NamespaceDescriptor, for place: Place = .interfaces) throws(NetlinkError) {
        self.place = place
        do {
            socket = try NamespaceBroker.shared.enter(namespace) { () throws(SystemError) in
                try MNLSocket(bus: NETLINK_NETFILTER)
            }
        } catch {
            throw NetlinkError("open a packet filter socket", error)
        }
    }

    /// Puts a rule on an interface under a name of the caller's choice, all at once or not at all.
    ///
    /// - Throws: an error that `isAlreadyThere` when a rule has that name.
    public mutating func install(_ rule: DropRule, named name: String, on interface: String) throws(NetlinkError) {
        var buffer = MessageBuffer()
        begin(&buffer)
        add(&buffer, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, FilterTable.self) { $0.put(.name, name) }
        add(&buffer, NFT_MSG_NEWCHAIN, NLM_F_CREATE, FilterChain.self) { chain in
            chain.put(.table, name)
            chain.put(.name, "drop")
            chain.put(.type, "filter")
            chain.nest(.hook) { hook in
                hook.put(.number, BigEndian(rule.direction == .incoming ? 0 : 1))
                hook.put(.priority, BigEndian(0))
                hook.put(.device, interface)
            }
            chain.put(.policy, BigEndian(rule.ipProtocol == nil ? verdictDrop : verdictAccept))
        }
        for header in IPHeader.all {
            guard let ipProtocol = rule.ipProtocol else { break }
            add(&buffer, NFT_MSG_NEWRULE, NLM_F_CREATE, FilterRule.self) { rule in
                rule.put(.table, name)
                rule.put(.chain, "drop")
                rule.nest(.expressions) { $0.putDrop(ipProtocol: ipProtocol, in: header) }
            }
        }
        end(&buffer)
        try socket.exchange(buffer, "filter \(interface)")
    }

    /// Keeps what comes in by some ports of bridges from going out by some others; the filter stands between bridges'
    /// ports.
    ///
    /// - Throws: an error that `isAlreadyThere` when a rule has that name.
    public mutating func install(
        dropping paths: [(from: String, to: String)], named name: String
    ) throws(NetlinkError) {
        var buffer = MessageBuffer()
        begin(&buffer)
        add(&buffer, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, FilterTable.self) { $0.put(.name, name) }
        add(&buffer, NFT_MSG_NEWCHAIN, NLM_F_CREATE, FilterChain.self) { chain in
            chain.put(.table, name)
            chain.put(.name, "drop")
            chain.put(.type, "filter")
            chain.nest(.hook) { hook in
                // The bridge family numbers its hooks as IP does.
                hook.put(.number, BigEndian(UInt32(NF_INET_FORWARD.rawValue)))
                hook.put(.priority, BigEndian(0))
            }
            chain.put(.policy, BigEndian(verdictAccept))
        }
        for path in paths {
            add(&buffer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, FilterRule.self) { rule in
                rule.put(.table, name)
                rule.put(.chain, "drop")
                rule.nest(.expressions) { $0.putDrop(from: path.from, to: path.to) }
            }
        }
        end(&buffer)
        try socket.exchange(buffer, "filter between ports")
    }

    /// Takes the rule of that name away.
    public mutating func remove(named name: String) throws(NetlinkError) {
        var buffer = MessageBuffer()
        begin(&buffer)
        add(&buffer, NFT_MSG_DELTABLE, 0, FilterTable.self) { $0.put(.name, name) }
        end(&buffer)
        try socket.exchange(buffer, "remove the filter \(name)")
    }

    private mutating func begin(_ buffer: inout MessageBuffer) {
        addBatchMark(&buffer, Int(NFNL_MSG_BATCH_BEGIN))
    }

    private mutating func end(_ buffer: inout MessageBuffer) {
        addBatchMark(&buffer, Int(NFNL_MSG_BATCH_END))
    }

    private mutating func addBatchMark(_ buffer: inout MessageBuffer, _ type: Int) {
        sequence += 1
        let header = nfgenmsg(
            nfgen_family: UInt8(AF_UNSPEC), version: 0, res_id: UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
        buffer.add(type: type, flags: 0, sequence: sequence, extra: header, Never.self)
    }

    private mutating func add<Space>(
        _ buffer: inout MessageBuffer, _ kind: nf_tables_msg_types, _ flags: Int32, _ space: Space.Type,
        _ body: (AttributeWriter<Space>) -> Void
    ) {
        sequence += 1
        buffer.add(
            type: Int(NFNL_SUBSYS_NFTABLES) << 8 | Int(kind.rawValue),
            flags: NLM_F_ACK | flags, sequence: sequence,
            extra: nfgenmsg(nfgen_family: place.family, version: 0, res_id: 0), space, body)
    }
}

/// Where the headers of IPv4 and IPv6 say what is inside.
private struct IPHeader {
    var etherType: [UInt8]
    var protocolOffset: UInt32

    static let all = [
        IPHeader(etherType: [0x08, 0x00], protocolOffset: 9), IPHeader(etherType: [0x86, 0xdd], protocolOffset: 6),
    ]
}

let verdictDrop: UInt32 = 0
let verdictAccept: UInt32 = 1
let register = BigEndian(1)

/// An interface's name as nf_tables compares it: filled up with zeros.
func interfaceNameKey(_ name: String) -> [UInt8] {
    let octets = Array(name.utf8.prefix(Int(IFNAMSIZ)))
    return octets + [UInt8](repeating: 0, count: Int(IFNAMSIZ) - octets.count)
}

extension AttributeWriter where Space == ExpressionList {
    /// `meta protocol ip; ip protocol N; drop`, in nf_tables' instructions, or the same for IPv6.
    fileprivate func putDrop(ipProtocol: UInt8, in header: IPHeader) {
        putMeta(UInt32(NFT_META_PROTOCOL.rawValue))
        putComparison(header.etherType)
        putPayload(UInt32(NFT_PAYLOAD_NETWORK_HEADER.rawValue), offset: header.protocolOffset, length: 1)
        putComparison([ipProtocol])
        putVerdict(verdictDrop)
    }

    /// `iifname FROM; oifname TO; drop`.
    fileprivate func putDrop(from: String, to: String) {
        putMeta(UInt32(NFT_META_IIFNAME.rawValue))
        putComparison(interfaceNameKey(from))
        putMeta(UInt32(NFT_META_OIFNAME.rawValue))
        putComparison(interfaceNameKey(to))
        putVerdict(verdictDrop)
    }

    /// Loads a fact about the packet, `NFT_META_*`.
    func putMeta(_ key: UInt32) {
        putExpression("meta") { expression in
            expression.nest(.meta) { meta in
                meta.put(.key, BigEndian(key))
                meta.put(.target, register)
            }
        }
    }

    /// Loads octets of the packet, counted from a base, `NFT_PAYLOAD_*`.
    func putPayload(_ base: UInt32, offset: UInt32, length: UInt32) {
        putExpression("payload") { expression in
            expression.nest(.payload) { payload in
                payload.put(.target, register)
                payload.put(.base, BigEndian(base))
                payload.put(.offset, BigEndian(offset))
                payload.put(.length, BigEndian(length))
            }
        }
    }

    /// Goes on only if what was loaded is this.
    func putComparison(_ value: [UInt8]) {
        putExpression("cmp") { expression in
            expression.nest(.compare) { compare in
                compare.put(.source, register)
                compare.put(.operation, BigEndian(UInt32(NFT_CMP_EQ.rawValue)))
                compare.nest(.data) { $0.put(.value, Octets(value)) }
            }
        }
    }

    /// Decides about the packet.
    func putVerdict(_ verdict: UInt32) {
        putExpression("immediate") { expression in
            expression.nest(.immediate) { immediate in
                immediate.put(.target, BigEndian(UInt32(NFT_REG_VERDICT.rawValue)))
                immediate.nest(.data) { data in
                    data.nest(.verdict) { $0.put(.code, BigEndian(verdict)) }
                }
            }
        }
    }

    func putExpression(_ name: String, _ body: (AttributeWriter<Expression>) -> Void) {
        nest(.element) { expression in
            expression.put(.name, name)
            body(expression)
        }
    }
}
