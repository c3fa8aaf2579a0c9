import CMNL
import Glibc
import Wire

/// The attribute space of routing rules, `FRA_*`.
enum Rule {}

extension AttributeKey where Space == Rule, Value == IPAddress {
    fileprivate static var destination: Self { Self(FRA_DST) }
    fileprivate static var source: Self { Self(FRA_SRC) }
}
extension AttributeKey where Space == Rule, Value == String {
    fileprivate static var inputInterface: Self { Self(FRA_IIFNAME) }
    fileprivate static var outputInterface: Self { Self(FRA_OIFNAME) }
}
extension AttributeKey where Space == Rule, Value == UInt32 {
    static var priority: Self { Self(FRA_PRIORITY) }
    fileprivate static var goTo: Self { Self(FRA_GOTO) }
    fileprivate static var mark: Self { Self(FRA_FWMARK) }
    fileprivate static var markMask: Self { Self(FRA_FWMASK) }
    fileprivate static var realms: Self { Self(FRA_FLOW) }
    fileprivate static var table: Self { Self(FRA_TABLE) }
    fileprivate static var suppressedGroup: Self { Self(FRA_SUPPRESS_IFGROUP) }
    fileprivate static var suppressedLength: Self { Self(FRA_SUPPRESS_PREFIXLEN) }
}
extension AttributeKey where Space == Rule, Value == UInt8 {
    fileprivate static var ipProtocol: Self { Self(FRA_IP_PROTO) }
    fileprivate static var masterDevices: Self { Self(FRA_L3MDEV) }
    fileprivate static var origin: Self { Self(FRA_PROTOCOL) }
}
extension AttributeKey where Space == Rule, Value == Octets {
    fileprivate static var sourcePorts: Self { Self(FRA_SPORT_RANGE) }
    fileprivate static var destinationPorts: Self { Self(FRA_DPORT_RANGE) }
    fileprivate static var users: Self { Self(FRA_UID_RANGE) }
}

/// A rule that says which routing table is asked for which packets.
public struct RuleEntry: Hashable, Sendable {
    /// What is done with packets that match.
    public enum Action: Hashable, Sendable {
        /// Looks the destination up; 254 is the main table.
        case lookUp(table: UInt32)
        /// Goes on with another rule.
        case goTo(priority: UInt32)
        case blackhole, unreachable, prohibit
    }

    public var family: AddressFamily
    public var action: Action
    /// Rules are tried from the lowest to the highest.
    public var priority: UInt32
    public var source: IPPrefix?
    public var destination: IPPrefix?
    public var inputInterface: String?
    public var outputInterface: String?
    public var mark: UInt32?
    public var markMask: UInt32?
    public var typeOfService: UInt8 = 0
    public var realms: UInt32?
    public var ipProtocol: UInt8?
    public var sourcePorts: ClosedRange<UInt16>?
    public var destinationPorts: ClosedRange<UInt16>?
    public var users: ClosedRange<UInt32>?
    /// Routes with a prefix of this length or shorter, or by interfaces of this group, do not count.
    public var suppressedPrefixLength: UInt32?
    public var suppressedInterfaceGroup: UInt32?
    /// The table is the one of the packet's VRF.
    public var isForMasterDevices = false
    /// Packets that do not match are meant.
    public var isInverted = false
    /// `RTPROT_*`: who made it.
    public var origin: UInt8 = 4

    public init(_ family: AddressFamily, _ action: Action, priority: UInt32) {
        self.family = family
        self.action = action
        self.priority = priority
    }

    fileprivate var header: fib_rule_hdr {
        var header = fib_rule_hdr()
        header.family = UInt8(family == .ipv4 ? AF_INET : AF_INET6)
        header.dst_len = UInt8(destination?.length ?? 0)
        header.src_len = UInt8(source?.length ?? 0)
        header.tos = typeOfService
        header.action =
            switch action {
            case .lookUp: UInt8(FR_ACT_TO_TBL)
            case .goTo: UInt8(FR_ACT_GOTO)
            case .blackhole: UInt8(FR_ACT_BLACKHOLE)
            case .unreachable: UInt8(FR_ACT_UNREACHABLE)
            case .prohibit: UInt8(FR_ACT_PROHIBIT)
            }
        if isInverted { header.flags = UInt32(FIB_RULE_INVERT) }
        return header
    }

    fileprivate func put(into rule: AttributeWriter<Rule>) {
        rule.put(.priority, priority)
        rule.put(.origin, origin)
        switch action {
        case .lookUp(let table): if !isForMasterDevices { rule.put(.table, table) }
        case .goTo(let priority): rule.put(.goTo, priority)
        case .blackhole, .unreachable, .prohibit: break
        }
        if let source, source.length > 0 { rule.put(.source, source.address) }
        if let destination, destination.length > 0 { rule.put(.destination, destination.address) }
        if let inputInterface { rule.put(.inputInterface, inputInterface) }
        if let outputInterface { rule.put(.outputInterface, outputInterface) }
        if let mark { rule.put(.mark, mark) }
        if let markMask { rule.put(.markMask, markMask) }
        if let realms { rule.put(.realms, realms) }
        if let ipProtocol { rule.put(.ipProtocol, ipProtocol) }
        if let sourcePorts { rule.put(.sourcePorts, Octets(sourcePorts)) }
        if let destinationPorts { rule.put(.destinationPorts, Octets(destinationPorts)) }
        if let users { rule.put(.users, Octets(users)) }
        if let suppressedPrefixLength { rule.put(.suppressedLength, suppressedPrefixLength) }
        if let suppressedInterfaceGroup { rule.put(.suppressedGroup, suppressedInterfaceGroup) }
        if isForMasterDevices { rule.put(.masterDevices, 1) }
    }
}

extension Octets {
    /// The two ends of a range, in the machine's order.
    fileprivate init<Bound: AttributeValue>(_ range: ClosedRange<Bound>) {
        self.init(range.lowerBound.attribute + range.upperBound.attribute)
    }
}

extension RouteSocket {
    /// Adds rules; one that is there already is refused.
    ///
    /// - Returns: for each rule its refusal, or nil when it is in place.
    public mutating func addRules(_ entries: [RuleEntry]) -> [NetlinkError?] {
        requestEach(
            entries, type: RTM_NEWRULE, flags: NLM_F_CREATE | NLM_F_EXCL, Rule.self,
            describe: { "add the \($0.family.rawValue) rule \($0.priority)" }, extra: \.header
        ) { entry, rule in entry.put(into: rule) }
    }

    /// Removes rules.
    ///
    /// - Returns: for each rule its refusal, or nil when it was removed.
    public mutating func removeRules(_ entries: [RuleEntry]) -> [NetlinkError?] {
        requestEach(
            entries, type: RTM_DELRULE, Rule.self,
            describe: { "remove the \($0.family.rawValue) rule \($0.priority)" }, extra: \.header
        ) { entry, rule in entry.put(into: rule) }
    }
}
