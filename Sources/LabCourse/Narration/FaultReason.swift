import NetnsKit
import Timeline
import VRRPCore
import Wire

/// What the protocol says will follow from a fault, with the numbers of the configuration.
public struct FaultReason: Sendable {
    /// The virtual routers of each node.
    public var routers: [String: [VirtualRouterConfiguration]]
    /// The checks that nodes run.
    public var checks: [String: [ScriptConfiguration]]
    /// The name of the daemon that each router runs.
    public var daemons: [String: String]
    /// The nodes that advertise as masters.
    public var masters: Set<String>

    public init(
        routers: [String: [VirtualRouterConfiguration]], checks: [String: [ScriptConfiguration]] = [:],
        daemons: [String: String], masters: Set<String>
    ) {
        self.routers = routers
        self.checks = checks
        self.daemons = daemons
        self.masters = masters
    }

    /// One or two sentences; nil where the protocol says nothing about it.
    public func text(of fault: Fault) -> String? {
        switch fault {
        case .kill(let process, let scope):
            return isDaemon(process) ? killed(process, scope) : service(of: process.node, process.process)
        case .terminate(let process): return isDaemon(process) ? terminated(process.node) : nil
        case .pause(let process), .hang(let process): return isDaemon(process) ? frozen(process.node) : nil
        case .linkDown(let end), .carrierLoss(let end), .removal(let end): return unplugged(end)
        case .silence(let end): return parted(end.node)
        case .partition(_, let groups): return groups.flatMap(\.self).first(where: masters.contains).flatMap(parted)
        case .mute(let end, _): return muted(end.node)
        case .oneWay(_, let senders, _): return senders.first(where: masters.contains).flatMap(muted)
        case .deaf(let end, _), .filter(let end, _): return deafened(end.node)
        default: return nil
        }
    }

    private func isDaemon(_ process: ProcessName) -> Bool { daemons[process.node] == process.process }

    // MARK: Who waits for whom

    /// The one that takes over when a node's first virtual router is silent.
    private func heir(of node: String) -> Heir? {
        guard let router = routers[node]?.first else { return nil }
        let others = routers.filter { $0.key != node }.flatMap { name, own in own.map { Heir(node: name, router: $0) } }
        let rivals = others.filter { $0.router.virtualRouterID == router.virtualRouterID }
        return rivals.max { ($0.priority, $1.node) < ($1.priority, $0.node) }
    }

    private struct Heir {
        var node: String
        var router: VirtualRouterConfiguration
        var priority: Int { Int(router.priority.rawValue) }
        var times: ProtocolTimes { ConfigurationReading.times(of: router) }

        /// How long it waits for one that falls silent.
        var silence: String {
            "\(node) must hear nothing for 3 x \(times.interval.short) + \(times.skew(priority).short) skew = "
                + "\(times.masterDown(priority).short) before it takes over"
        }
        /// How long it waits after a resignation.
        var skew: String {
            "\(node) waits only its skew, (256 - \(priority)) / 256 of \(unit.short) = \(times.skew(priority).short)"
        }
        private var unit: Duration { times.isVersion3 ? times.interval : .seconds(1) }
    }

    /// The sentence for one that is no master; nil when it is one.
    private func bystander(_ node: String) -> String? {
        masters.contains(node) || masters.isEmpty ? nil : "\(node) is not the master: the address stays where it is"
    }

    // MARK: Programs

    private func killed(_ process: ProcessName, _ scope: KillScope) -> String? {
        let node = process.node
        if let bystander = bystander(node) { return bystander }
        guard let heir = heir(of: node) else { return "nobody is there to take over" }
        switch scope {
        case .tree: return "no goodbye: \(heir.silence); the dead node's kernel keeps the address"
        case .parent:
            return "a child that loses its parent resigns: \(heir.skew). A daemon of one process is just dead, and "
                + heir.silence
        case .children:
            guard let own = routers[node]?.first else { return nil }
            let wait = ConfigurationReading.times(of: own).masterDown(Int(own.priority.rawValue))
            return "the parent starts a new child, which waits \(wait.short) as after any start; \(heir.silence)"
        }
    }

    private func terminated(_ node: String) -> String? {
        if let bystander = bystander(node) { return bystander }
        guard let heir = heir(of: node) else { return "it resigns, and nobody is there to take over" }
        return "it resigns with priority 0 and removes the address: \(heir.skew)"
    }

    private func frozen(_ node: String) -> String? {
        if let bystander = bystander(node) { return bystander }
        return heir(of: node).map { "it is silent and keeps the address: \($0.silence), and then two have it" }
    }

    // MARK: Links

    private func unplugged(_ end: LinkEnd) -> String? {
        guard routers[end.node]?.contains(where: { $0.interface == end.interface }) ?? false else { return nil }
        if let bystander = bystander(end.node) {
            return "\(bystander), and \(end.node) is in FAULT until its link is up"
        }
        guard let heir = heir(of: end.node) else { return nil }
        return "\(end.node) sees it, gives the address up, and has no way to say so: \(heir.silence)"
    }

    private func parted(_ node: String) -> String? {
        guard let heir = heir(of: masters.contains(node) ? node : masters.first ?? node) else { return nil }
        return "no link is down, so nobody notices: \(heir.silence), and both are masters until they hear each other"
    }

    private func muted(_ node: String) -> String? {
        if let bystander = bystander(node) { return bystander }
        return heir(of: node).map { "\(node) goes on and does not know: \($0.silence), and then two have the address" }
    }

    private func deafened(_ node: String) -> String? {
        guard let master = masters.first(where: { $0 != node }), let own = routers[node]?.first else {
            return bystander(node) ?? "a master that hears nobody stays a master"
        }
        let times = ConfigurationReading.times(of: own)
        let heir = Heir(node: node, router: own)
        return "\(heir.silence), although \(master) is alive: it has \(times.interval.short) between adverts"
    }

    // MARK: Checks

    /// A check that finds its service dead.
    private func service(of node: String, _ process: String) -> String? {
        guard let router = routers[node]?.first, let item = router.trackedScripts.first,
            let check = checks[node]?.first(where: { $0.name == item.name })
        else { return nil }
        let time = (check.interval * check.fall).short
        let verdict = "\(item.name) fails after \(check.fall) x \(check.interval.short), within about \(time)"
        guard item.weight != 0 else { return "\(verdict); it has no weight, so \(node) goes to FAULT and resigns" }
        let own = Int(router.priority.rawValue)
        let lower = item.weight < 0 ? own + item.weight : own
        let words = item.weight < 0 ? "\(own) - \(-item.weight) = \(lower)" : "\(own) without the bonus"
        guard let heir = heir(of: node) else { return "\(verdict): priority \(words)" }
        let full = item.weight < 0 ? heir.priority : heir.priority + item.weight
        let result =
            lower < full
            ? "below \(heir.node)'s \(full): it takes over" : "not below \(heir.node)'s \(full): nothing moves"
        return "\(verdict): priority \(words), \(result)"
    }
}

extension Duration {
    /// Seconds without zeros at the end: `1 s`, `0.609 s`.
    fileprivate var short: String {
        var text = decimalSeconds()
        while text.hasSuffix("0"), text.contains(".") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text + " s"
    }
}
