import KeepalivedConfiguration
import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// Puts routes and rules in place, remembers for whom, puts back what somebody takes away, and removes them again.
struct RouteInstaller: ~Copyable {
    /// Whose routes are there as long as the daemon is.
    static let daemon = ""

    private var socket: RouteSocket
    private let monitor: RoutingMonitor
    private var routes: [VirtualRoute: Set<String>] = [:]
    private var rules: [VirtualRule: Set<String>] = [:]

    init() throws(NetlinkError) {
        // First the ear, so that nothing of ours goes unnoticed.
        let monitor = try RoutingMonitor()
        let socket = try RouteSocket()
        self.monitor = monitor
        self.socket = socket
    }

    /// Readable when something changed.
    var descriptor: Int32 { monitor.descriptor }

    /// Nothing is in place, so nothing can be missed.
    var isIdle: Bool { routes.isEmpty && rules.isEmpty }

    /// Installs routes, then rules; one that is there already is as good. Returns what went wrong.
    mutating func install(
        _ newRoutes: [VirtualRoute], _ newRules: [VirtualRule], for router: String,
        among interfaces: [String: Interface]
    ) -> [LogEntry] {
        for route in newRoutes { routes[route, default: []].insert(router) }
        for rule in newRules { rules[rule, default: []].insert(router) }
        let refusals = add(newRoutes, newRules, among: interfaces).compactMap(\.self)
        return refusals.filter { !$0.isAlreadyThere }.map { LogEntry(.notice, "(\(router)) \($0)") }
    }

    /// Removes rules, then routes, except what another router holds too; what is not there is as good.
    ///
    /// - Returns: what went wrong.
    mutating func remove(
        _ oldRoutes: [VirtualRoute], _ oldRules: [VirtualRule], for router: String,
        among interfaces: [String: Interface]
    ) -> [LogEntry] {
        let released = (
            routes: oldRoutes.filter { routes.release($0, by: router) },
            rules: oldRules.filter { rules.release($0, by: router) }
        )
        // To the kernel it is the same entry, whether somebody watches over it or not.
        let goneRoutes = released.routes.filter { route in !routes.keys.contains { $0.untracked == route.untracked } }
        let goneRules = released.rules.filter { rule in !rules.keys.contains { $0.untracked == rule.untracked } }
        let refusals =
            socket.removeRules(goneRules.map(RuleEntry.init))
            + socket.removeRoutes(goneRoutes.compactMap { RouteEntry($0, among: interfaces) })
        return refusals.compactMap(\.self).filter { !$0.isNotThere }.map { LogEntry(.notice, "(\(router)) \($0)") }
    }

    /// Undoes whatever is still in place.
    mutating func removeAll(among interfaces: [String: Interface]) {
        _ = socket.removeRules(rules.keys.map(RuleEntry.init))
        _ = socket.removeRoutes(routes.keys.compactMap { RouteEntry($0, among: interfaces) })
        routes = [:]
        rules = [:]
    }

    /// For each its refusal, the routes first; nil where it is in place now.
    private mutating func add(
        _ routes: [VirtualRoute], _ rules: [VirtualRule], among interfaces: [String: Interface]
    ) -> [NetlinkError?] {
        let entries = routes.map { RouteEntry($0, among: interfaces) }
        var results = socket.addRoutes(entries.compactMap(\.self))
        for index in entries.indices where entries[index] == nil {
            results.insert(
                NetlinkError("add the route to \(routes[index].destination)", code: ErrorNumber.noDevice), at: index)
        }
        return results + socket.addRules(rules.map(RuleEntry.init))
    }
}

// MARK: - What somebody takes away

extension RouteInstaller {
    /// Takes in what was taken away, and returns it as far as it is ours.
    mutating func hear(among interfaces: [String: Interface]) throws(NetlinkError) -> [RouterEvent] {
        var lostRoutes: Set<VirtualRoute> = []
        var lostRules: Set<VirtualRule> = []
        var isComplete = false
        // What others do to their own routes may come by the thousand.
        if routes.isEmpty, rules.isEmpty { monitor.discard() }
        while Readiness.canRead(monitor.descriptor) {
            for loss in try monitor.receive() {
                switch loss {
                case .route(let destination, let table):
                    guard !routes.isEmpty else { continue }
                    lostRoutes.formUnion(
                        routes.keys.filter { $0.destination.isSameNetwork(as: destination) && $0.table == table })
                case .rule(let family, let priority):
                    lostRules.formUnion(rules.keys.filter { $0.family == family && $0.priority == priority })
                case .overflow: isComplete = true
                }
            }
            if isComplete { monitor.discard() }
        }
        if isComplete { return putBack(among: interfaces) }
        return putBack(Array(lostRoutes), Array(lostRules), among: interfaces)
    }

    /// Puts back everything that is not there, and returns what it was: the kernel takes routes away with their
    /// interface or address without a word.
    mutating func putBack(among interfaces: [String: Interface]) -> [RouterEvent] {
        putBack(Array(routes.keys), Array(rules.keys), among: interfaces)
    }

    /// The kernel is asked to add each; only what was missing it takes.
    private mutating func putBack(
        _ candidates: [VirtualRoute], _ ruleCandidates: [VirtualRule], among interfaces: [String: Interface]
    ) -> [RouterEvent] {
        let wanted = candidates.filter(\.isTracked)
        let wantedRules = ruleCandidates.filter(\.isTracked)
        let results = add(wanted, wantedRules, among: interfaces)
        var events: [RouterEvent] = []
        for (route, result) in zip(wanted, results) where result == nil {
            events += (routes[route] ?? []).sorted().map { .routeLost(route, router: $0) }
        }
        for (rule, result) in zip(wantedRules, results.dropFirst(wanted.count)) where result == nil {
            events += (rules[rule] ?? []).sorted().map { .ruleLost(rule, router: $0) }
        }
        return events
    }
}

extension Dictionary where Value == Set<String> {
    /// Whether nobody holds the key any more.
    fileprivate mutating func release(_ key: Key, by router: String) -> Bool {
        self[key]?.remove(router)
        guard self[key]?.isEmpty ?? true else { return false }
        self[key] = nil
        return true
    }
}

extension IPPrefix {
    /// The kernel knows a network by its first bits only.
    fileprivate func isSameNetwork(as other: IPPrefix) -> Bool {
        length == other.length && contains(other.address)
    }
}

// MARK: - In the kernel's terms

extension VirtualRoute {
    fileprivate var untracked: VirtualRoute {
        var route = self
        route.isTracked = false
        return route
    }
}

extension VirtualRule {
    fileprivate var untracked: VirtualRule {
        var rule = self
        rule.isTracked = false
        return rule
    }
}

extension RouteEntry {
    /// Nil while an interface that the route needs is not there.
    fileprivate init?(_ route: VirtualRoute, among interfaces: [String: Interface]) {
        self.init(to: route.destination)
        kind = route.kind.rawValue
        preferredSource = route.preferredSource
        table = route.table
        priority = route.priority
        scope = route.scope?.rawValue
        origin = route.origin
        typeOfService = route.typeOfService
        metrics = Dictionary(uniqueKeysWithValues: route.metrics.map { ($0.key.rawValue, $0.value) })
        lockedMetrics = route.lockedMetrics
        congestionControl = route.congestionControl
        for hop in route.nextHops {
            let index = hop.interface.map { interfaces[$0]?.index }
            if case .some(.none) = index { return nil }
            hops.append(
                Hop(
                    gateway: hop.gateway, interfaceIndex: index ?? nil, weight: hop.weight, isOnLink: hop.isOnLink))
        }
    }
}

extension RuleEntry {
    fileprivate init(_ rule: VirtualRule) {
        self.init(rule.family, Action(rule.action), priority: rule.priority)
        source = rule.source
        destination = rule.destination
        inputInterface = rule.inputInterface
        outputInterface = rule.outputInterface
        mark = rule.mark
        markMask = rule.markMask
        typeOfService = rule.typeOfService
        realms = rule.realms
        ipProtocol = rule.ipProtocol
        sourcePorts = rule.sourcePorts
        destinationPorts = rule.destinationPorts
        users = rule.users
        suppressedPrefixLength = rule.suppressedPrefixLength
        suppressedInterfaceGroup = rule.suppressedInterfaceGroup
        isForMasterDevices = rule.isForMasterDevices
        isInverted = rule.isInverted
        origin = keepalivedOrigin
    }
}

extension RuleEntry.Action {
    fileprivate init(_ action: VirtualRule.Action) {
        self =
            switch action {
            case .lookUp(let table): .lookUp(table: table)
            case .goTo(let priority): .goTo(priority: priority)
            case .blackhole: .blackhole
            case .unreachable: .unreachable
            case .prohibit: .prohibit
            }
    }
}

/// `RTPROT_KEEPALIVED`.
private let keepalivedOrigin: UInt8 = 18
