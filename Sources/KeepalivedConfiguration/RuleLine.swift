import VRRPCore
import Wire

/// One line of `virtual_rules` or `static_rules`.
struct RuleLine: Sendable {
    var rule: VirtualRule
    /// keepalived's own numbers are given out when all rules are known.
    var hasPriority: Bool
    var location: SourceLocation

    /// nil when the rule cannot be used, with a word about it.
    static func read(_ directive: Directive, _ diagnostics: inout Diagnostics) -> RuleLine? {
        var parser = RuleParser(reader: LineReader(directive))
        do throws(LineRefusal) {
            let rule = try parser.rule(&diagnostics)
            return RuleLine(rule: rule, hasPriority: parser.hasPriority, location: directive.keyword.location)
        } catch {
            diagnostics.error("\(error.reason) - ignoring the rule", at: error.location)
            return nil
        }
    }
}

private struct RuleParser {
    var reader: LineReader
    private(set) var hasPriority = false
    private var action: VirtualRule.Action?
    private var family: AddressFamily?
    private var rule = VirtualRule(.ipv4, .blackhole, priority: 0)

    init(reader: LineReader) {
        self.reader = reader
    }

    mutating func rule(_ diagnostics: inout Diagnostics) throws(LineRefusal) -> VirtualRule {
        var first: Word?
        while let word = reader.next() {
            first = first ?? word
            try take(word, &diagnostics)
        }
        // The device's own table is meant where no other is named.
        guard let action = action ?? (rule.isForMasterDevices ? .lookUp(table: 0) : nil) else {
            throw LineRefusal(
                reason: "No action or table specified for the rule",
                location: first?.location ?? SourceLocation.whole(""))
        }
        rule.action = action
        rule.family = family ?? .ipv4
        return rule
    }

    private mutating func take(_ word: Word, _ diagnostics: inout Diagnostics) throws(LineRefusal) {
        switch word.text {
        case "from": rule.source = try network(after: word)
        case "to": rule.destination = try network(after: word)
        case "iif", "dev": rule.inputInterface = try reader.value(of: word).text
        case "oif": rule.outputInterface = try reader.value(of: word).text
        case "fwmark": try takeMark(after: word)
        case "tos", "dsfield": rule.typeOfService = UInt8(try reader.number(of: word, in: 0...255))
        case "table", "lookup": action = .lookUp(table: try reader.table(of: word))
        case "goto": action = .goTo(priority: try reader.number32(of: word))
        case "blackhole": action = .blackhole
        case "unreachable": action = .unreachable
        case "prohibit": action = .prohibit
        case "preference", "priority", "order", "pref":
            rule.priority = try reader.number32(of: word)
            hasPriority = true
        case "not": rule.isInverted = true
        case "no_track": rule.isTracked = false
        case "inet": family = .ipv4
        case "inet6": family = .ipv6
        case "track_group":
            _ = try reader.value(of: word)
            diagnostics.noteWithoutEffect(word)
        default: try takeSelector(word)
        }
    }

    /// The words that few rules have.
    private mutating func takeSelector(_ word: Word) throws(LineRefusal) {
        switch word.text {
        case "realms", "realm": try takeRealms(after: word)
        case "ipproto": rule.ipProtocol = try ipProtocol(after: word)
        case "sport": rule.sourcePorts = try range(after: word, 65_535)
        case "dport": rule.destinationPorts = try range(after: word, 65_535)
        case "uidrange":
            let users: ClosedRange<UInt32> = try range(after: word, 4_294_967_294)
            rule.users = users
        case "suppress_prefixlength", "suppress_prefixlen":
            rule.suppressedPrefixLength = try reader.number32(of: word)
        case "suppress_ifgroup", "suppress_group": rule.suppressedInterfaceGroup = try reader.number32(of: word)
        case "l3mdev": rule.isForMasterDevices = true
        case "protocol", "tun_id":
            throw LineRefusal(reason: "'\(word.text)' is not supported by vrrpd", location: word.location)
        default:
            throw LineRefusal(reason: "unknown rule keyword \(word.text)", location: word.location)
        }
    }

    /// nil for `all`, which means every address.
    private mutating func network(after word: Word) throws(LineRefusal) -> IPPrefix? {
        if let text = reader.upcoming, ["all", "any", "default"].contains(text) {
            _ = reader.next()
            return nil
        }
        let prefix = try reader.prefix(of: word)
        guard family == nil || family == prefix.address.family else {
            throw LineRefusal(reason: "the rule mixes address families", location: word.location)
        }
        family = prefix.address.family
        return prefix
    }

    /// `VALUE[/MASK]`, in any radix that C knows.
    private mutating func takeMark(after word: Word) throws(LineRefusal) {
        let value = try reader.value(of: word)
        let numbers = value.text.split(separator: "/", maxSplits: 1).map { part -> UInt32? in
            part.hasPrefix("0x") ? UInt32(part.dropFirst(2), radix: 16) : UInt32(part)
        }
        guard let mark = numbers.first, let mark else {
            throw LineRefusal(reason: "fwmark '\(value.text)' is not a number", location: value.location)
        }
        rule.mark = mark
        rule.markMask = numbers.count > 1 ? numbers[1] : nil
    }

    /// `[SOURCE/]DESTINATION`.
    private mutating func takeRealms(after word: Word) throws(LineRefusal) {
        let value = try reader.value(of: word)
        let numbers = value.text.split(separator: "/", maxSplits: 1).map { UInt16($0) }
        guard let last = numbers.last, let destination = last, let first = numbers.first, let source = first else {
            throw LineRefusal(reason: "realms '\(value.text)' are not numbers", location: value.location)
        }
        rule.realms = numbers.count > 1 ? UInt32(source) << 16 | UInt32(destination) : UInt32(destination)
    }

    private mutating func ipProtocol(after word: Word) throws(LineRefusal) -> UInt8 {
        let names: [String: UInt8] = ["icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "vrrp": 112, "sctp": 132]
        let value = try reader.value(of: word)
        if let number = names[value.text] ?? UInt8(value.text) { return number }
        throw LineRefusal(reason: "ipproto '\(value.text)' is not known: write its number", location: value.location)
    }

    /// `FIRST-LAST`, or one number.
    private mutating func range<Bound: FixedWidthInteger>(
        after word: Word, _ most: Int
    ) throws(LineRefusal) -> ClosedRange<Bound> {
        let value = try reader.value(of: word)
        let numbers = value.text.split(separator: "-", maxSplits: 1).map { Bound($0) }
        guard let first = numbers.first, let least = first, let last = numbers.last, let greatest = last,
            least <= greatest, Int(greatest) <= most
        else { throw LineRefusal(reason: "\(word.text) '\(value.text)' is not a range", location: value.location) }
        return least...greatest
    }
}
