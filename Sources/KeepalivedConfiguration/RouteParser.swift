import VRRPCore
import Wire

/// Reads the words of a route, in any order.
struct RouteParser {
    var reader: LineReader
    private(set) var hasOrigin = false
    private var kind = VirtualRoute.Kind.unicast
    private var destination: IPPrefix?
    private var isDefault = false
    private var hop = VirtualRoute.NextHop()
    private var otherHops: [VirtualRoute.NextHop] = []
    /// What the other words say; its destination is put in last.
    private var draft = VirtualRoute(to: IPPrefix(host: .v4(IPv4Address(0, 0, 0, 0))))

    init(reader: LineReader) {
        self.reader = reader
    }

    static let kinds: [String: VirtualRoute.Kind] = [
        "unicast": .unicast, "local": .local, "broadcast": .broadcast, "anycast": .anycast, "multicast": .multicast,
        "blackhole": .blackhole, "unreachable": .unreachable, "prohibit": .prohibit, "throw": .throw,
    ]

    /// Metrics of the kernel's, by their names.
    static let metrics: [String: UInt16] = [
        "mtu": 2, "window": 3, "rtt": 4, "rttvar": 5, "ssthresh": 6, "cwnd": 7, "advmss": 8, "reordering": 9,
        "hoplimit": 10, "initcwnd": 11, "rto_min": 13, "initrwnd": 14, "quickack": 15, "fastopen_no_cookie": 17,
    ]

    static let origins: [String: UInt8] = [
        "redirect": 1, "kernel": 2, "boot": 3, "static": 4, "gated": 8, "ra": 9, "mrt": 10, "zebra": 11, "bird": 12,
        "dnrouted": 13, "xorp": 14, "ntk": 15, "dhcp": 16, "mrouted": 17, "keepalived": 18, "babel": 42, "bgp": 186,
        "isis": 187, "ospf": 188, "rip": 189, "eigrp": 192,
    ]

    static let unsupported: Set = ["encap", "as", "pref", "ttl-propagate", "fastopen_no_cookie"]

    mutating func route(_ diagnostics: inout Diagnostics) throws(LineRefusal) -> VirtualRoute {
        var first: Word?
        while let word = reader.next() {
            first = first ?? word
            try take(word, &diagnostics)
        }
        var route = draft
        route.kind = kind
        route.destination = try finishedDestination(at: first)
        if hop.gateway != nil || hop.interface != nil { otherHops.insert(hop, at: 0) }
        route.nextHops = otherHops
        let families = otherHops.compactMap(\.gateway?.family) + [route.preferredSource?.family].compactMap(\.self)
        guard families.allSatisfy({ $0 == route.destination.address.family }), let first else {
            throw LineRefusal(
                reason: "route to \(route.destination) mixes address families",
                location: first?.location ?? SourceLocation.whole(""))
        }
        let isDeadEnd = [.blackhole, .unreachable, .prohibit, .throw].contains(kind)
        if otherHops.isEmpty, !isDeadEnd {
            throw LineRefusal(
                reason: "route to \(route.destination) needs 'via GATEWAY' or 'dev INTERFACE'", location: first.location
            )
        }
        return route
    }

    private func finishedDestination(at first: Word?) throws(LineRefusal) -> IPPrefix {
        if let destination { return destination }
        guard isDefault else {
            throw LineRefusal(
                reason: "Route has no destination", location: first?.location ?? SourceLocation.whole(""))
        }
        let family = hop.gateway?.family ?? draft.preferredSource?.family ?? otherHops.first?.gateway?.family
        let zero: IPAddress =
            family == .ipv6 ? .v6(IPv6Address(high: 0, low: 0)) : .v4(IPv4Address(0, 0, 0, 0))
        return IPPrefix(zero, length: 0) ?? IPPrefix(host: zero)
    }

    private mutating func take(_ word: Word, _ diagnostics: inout Diagnostics) throws(LineRefusal) {
        switch word.text {
        case "to": try takeDestination(reader.value(of: word))
        case "via", "gw": try takeGateway(after: word)
        case "or": otherHops.append(VirtualRoute.NextHop(gateway: try reader.address(of: word)))
        case "dev", "oif": hop.interface = try reader.value(of: word).text
        case "onlink": hop.isOnLink = true
        case "nexthop": try takeNextHops()
        case "src": draft.preferredSource = try reader.address(of: word)
        case "table": draft.table = try reader.table(of: word)
        case "metric", "preference", "priority": draft.priority = try reader.number32(of: word)
        case "scope": draft.scope = try scope(reader.value(of: word))
        case "protocol", "proto": try takeOrigin(reader.value(of: word))
        case "tos", "dsfield": draft.typeOfService = UInt8(try reader.number(of: word, in: 0...255))
        case "congctl":
            takeLock(of: 16)
            draft.congestionControl = try reader.value(of: word).text
        case "features":
            guard try reader.value(of: word).text == "ecn" else {
                throw LineRefusal(reason: "features: only 'ecn' is known", location: word.location)
            }
            draft.metrics[VirtualRoute.Metric(rawValue: 12)] = 1
        case "no_track": draft.isTracked = false
        case "realms", "track_group":
            _ = try reader.value(of: word)
            diagnostics.noteWithoutEffect(word)
        default: try takeOther(word)
        }
    }

    private mutating func takeOther(_ word: Word) throws(LineRefusal) {
        if Self.unsupported.contains(word.text) {
            throw LineRefusal(reason: "'\(word.text)' is not supported by vrrpd", location: word.location)
        }
        if let number = Self.metrics[word.text] {
            takeLock(of: number)
            draft.metrics[VirtualRoute.Metric(rawValue: number)] = try metric(word)
        } else if let kind = Self.kinds[word.text] {
            self.kind = kind
        } else {
            try takeDestination(word)
        }
    }

    private mutating func takeLock(of metric: UInt16) {
        guard reader.upcoming == "lock" else { return }
        _ = reader.next()
        draft.lockedMetrics |= 1 << UInt32(metric)
    }

    /// Times may bear a unit; the kernel counts `rtt` in eighths and `rttvar` in quarters of a millisecond.
    private mutating func metric(_ word: Word) throws(LineRefusal) -> UInt32 {
        let factors: [String: Int] = ["rtt": 8, "rttvar": 4, "rto_min": 1]
        guard let factor = factors[word.text], let text = reader.upcoming, text.hasSuffix("s") else {
            return try reader.number32(of: word)
        }
        let value = try reader.value(of: word)
        let isMilliseconds = text.hasSuffix("ms")
        guard let number = Int(text.dropLast(isMilliseconds ? 2 : 1)), (0...4_000_000).contains(number) else {
            throw LineRefusal(reason: "\(word.text): '\(text)' is not a time", location: value.location)
        }
        return UInt32(truncatingIfNeeded: number * factor * (isMilliseconds ? 1 : 1000))
    }

    private mutating func takeDestination(_ word: Word) throws(LineRefusal) {
        guard destination == nil, !isDefault else {
            throw LineRefusal(reason: "unknown route keyword \(word.text)", location: word.location)
        }
        if word.text == "default" {
            isDefault = true
        } else if word.text == "default6" {
            destination = IPPrefix(.v6(IPv6Address(high: 0, low: 0)), length: 0)
        } else if let prefix = IPPrefix(word.text) {
            destination = prefix
        } else {
            throw LineRefusal(reason: "unknown route keyword \(word.text)", location: word.location)
        }
    }

    private mutating func takeGateway(after word: Word) throws(LineRefusal) {
        if let family = reader.upcoming, ["inet", "inet6"].contains(family) { _ = reader.next() }
        hop.gateway = try reader.address(of: word)
    }

    /// `nexthop via G dev I weight W onlink …`, as often as it comes; the words belong to the last one.
    private mutating func takeNextHops() throws(LineRefusal) {
        var next = VirtualRoute.NextHop()
        while let text = reader.upcoming, ["via", "dev", "weight", "onlink"].contains(text) {
            guard let option = reader.next() else { break }
            switch text {
            case "via": next.gateway = try reader.address(of: option)
            case "dev": next.interface = try reader.value(of: option).text
            case "weight": next.weight = try reader.number(of: option, in: 1...256)
            default: next.isOnLink = true
            }
        }
        otherHops.append(next)
    }

    private func scope(_ word: Word) throws(LineRefusal) -> AddressScope {
        if let scope = AddressScope(named: word.text) { return scope }
        throw LineRefusal(reason: "Invalid scope '\(word.text)'", location: word.location)
    }

    private mutating func takeOrigin(_ word: Word) throws(LineRefusal) {
        guard let origin = Self.origins[word.text] ?? UInt8(word.text) else {
            throw LineRefusal(
                reason: "protocol '\(word.text)' is not known: write its number", location: word.location)
        }
        draft.origin = origin
        hasOrigin = true
    }
}
