/// What hosts and routers say about membership in multicast groups.
///
/// IGMP (RFC 1112, RFC 2236, RFC 3376) and MLD (RFC 2710, RFC 3810) say the same with addresses of different length.
public struct GroupMessage: Hashable, Sendable {
    /// The protocol number of IGMP; MLD is ICMPv6.
    public static let igmp: UInt8 = 2

    /// 1...3 in IGMP, 1 or 2 in MLD.
    public var version: UInt8
    /// What the message asks or reports.
    public var content: Content

    /// What is said.
    public enum Content: Hashable, Sendable {
        /// A router asks who listens: to one group, or, when nil, to any; the answer is due within the time.
        case query(group: IPAddress?, sources: [IPAddress], answerWithin: Duration)
        /// A host listens to a group, in the older versions.
        case report(IPAddress)
        /// A host has left a group.
        case leave(IPAddress)
        /// What a host listens to, in the newest version of either.
        case records([GroupRecord])
    }
}

/// How a host listens to one group (RFC 3376 §4.2.4, RFC 3810 §5.2).
public struct GroupRecord: Hashable, Sendable {
    /// The change or the state that a record tells.
    public enum Kind: UInt8, Hashable, Sendable {
        /// The host listens to `sources` and no others.
        case isInclude = 1
        /// The host listens to all sources but `sources`: with none, to everybody.
        case isExclude = 2
        /// From now on the host listens to `sources` only; with none, it leaves the group.
        case changeToInclude = 3
        /// From now on the host listens to all but `sources`; with none, it joins the group.
        case changeToExclude = 4
        /// The host wants `sources` as well.
        case allowSources = 5
        /// The host wants `sources` no more.
        case blockSources = 6
    }

    /// What it says about `sources`.
    public var kind: Kind
    /// The group that it is about.
    public var group: IPAddress
    /// The senders that it names, often none.
    public var sources: [IPAddress]
}

// MARK: - Reading

extension GroupMessage {
    /// Reads what an IPv4 packet of protocol 2 carries; the checksum is not judged.
    public init(parsingIGMP octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        let type = try reader.uint8()
        let code = try reader.uint8()
        _ = try reader.uint16()
        switch type {
        case 0x11:
            let group = try reader.address(.ipv4)
            version = reader.remaining > 0 ? 3 : code == 0 ? 1 : 2
            let tenths = version == 3 ? Self.expanded(UInt16(code), mantissaBits: 4) : Int(code)
            content = try Self.query(group, &reader, answerWithin: .milliseconds(100 * tenths))
        case 0x12: (version, content) = (1, .report(try reader.address(.ipv4)))
        case 0x16: (version, content) = (2, .report(try reader.address(.ipv4)))
        case 0x17: (version, content) = (2, .leave(try reader.address(.ipv4)))
        case 0x22: (version, content) = (3, try Self.records(.ipv4, &reader))
        default: throw .badValue(field: "IGMP type", value: Int(type))
        }
    }

    /// Reads an ICMPv6 message of types 130, 131, 132 and 143; the checksum is not judged.
    public init(parsingMLD octets: [UInt8]) throws(WireError) {
        var reader = ByteReader(octets)
        let type = try reader.uint8()
        _ = try reader.uint8()
        _ = try reader.uint16()
        if type == 143 {
            (version, content) = (2, try Self.records(.ipv6, &reader))
            return
        }
        guard (130...132).contains(type) else { throw .badValue(field: "MLD type", value: Int(type)) }
        let code = try reader.uint16()
        _ = try reader.uint16()
        let group = try reader.address(.ipv6)
        switch type {
        case 130:
            version = reader.remaining > 0 ? 2 : 1
            let milliseconds = version == 2 ? Self.expanded(code, mantissaBits: 12) : Int(code)
            content = try Self.query(group, &reader, answerWithin: .milliseconds(milliseconds))
        case 131: (version, content) = (1, .report(group))
        default: (version, content) = (1, .leave(group))
        }
    }

    /// The rest of a query, which only the newest versions have: flags, the querier's interval, and sources.
    private static func query(
        _ group: IPAddress, _ reader: inout ByteReader, answerWithin limit: Duration
    ) throws(WireError) -> Content {
        var sources: [IPAddress] = []
        if reader.remaining > 0 {
            _ = try reader.uint16()
            let count = try reader.uint16()
            for _ in 0..<count { sources.append(try reader.address(group.family)) }
        }
        let isGeneral = group.octets.allSatisfy { $0 == 0 }
        return .query(group: isGeneral ? nil : group, sources: sources, answerWithin: limit)
    }

    private static func records(_ family: AddressFamily, _ reader: inout ByteReader) throws(WireError) -> Content {
        _ = try reader.uint16()
        let count = try reader.uint16()
        var records: [GroupRecord] = []
        for _ in 0..<count {
            let number = try reader.uint8()
            guard let kind = GroupRecord.Kind(rawValue: number) else {
                throw .badValue(field: "group record type", value: Int(number))
            }
            let auxiliaryWords = Int(try reader.uint8())
            let sourceCount = try reader.uint16()
            var record = GroupRecord(kind: kind, group: try reader.address(family), sources: [])
            for _ in 0..<sourceCount { record.sources.append(try reader.address(family)) }
            _ = try reader.octets(4 * auxiliaryWords)
            records.append(record)
        }
        return .records(records)
    }

    /// A code whose highest bit makes it a number with an exponent of three bits (RFC 3376 §4.1.1, RFC 3810 §5.1.3).
    private static func expanded(_ code: UInt16, mantissaBits: Int) -> Int {
        let code = Int(code)
        guard code >> (mantissaBits + 3) != 0 else { return code }
        let mantissa = code & (1 << mantissaBits - 1) | 1 << mantissaBits
        return mantissa << (code >> mantissaBits & 0x7 + 3)
    }
}

// MARK: - For people

extension GroupMessage: CustomStringConvertible {
    /// Such as `v3 report: 224.0.0.18 exclude {}`.
    public var description: String {
        let text =
            switch content {
            case .query(let group, let sources, _):
                "query" + (group.map { " for \($0)" } ?? "") + Self.list(sources, before: " from ")
            case .report(let group): "report \(group)"
            case .leave(let group): "leave \(group)"
            case .records(let records): "report: " + records.map(\.description).joined(separator: ", ")
            }
        return "v\(version) \(text)"
    }

    private static func list(_ sources: [IPAddress], before: String) -> String {
        sources.isEmpty ? "" : before + sources.map(\.description).joined(separator: " ")
    }
}

extension GroupRecord: CustomStringConvertible {
    /// Such as `224.0.0.18 to exclude {}`.
    public var description: String {
        let verb =
            switch kind {
            case .isInclude: "include"
            case .isExclude: "exclude"
            case .changeToInclude: "to include"
            case .changeToExclude: "to exclude"
            case .allowSources: "allow"
            case .blockSources: "block"
            }
        return "\(group) \(verb) {\(sources.map(\.description).joined(separator: " "))}"
    }
}
