import Wire

/// What the world means for one virtual router: whether it may take part, from which address, and how strongly.
struct Conditions: Hashable, Sendable {
    /// Empty when nothing stands in the way.
    var blockers: Set<VirtualRouter.Blocker> = []
    var source: IPAddress?
    /// The configured priority and all weights, unbounded.
    var totalPriority: Int

    /// Whether a router that takes part must leave: what is merely not known yet only keeps it from entering.
    var areFaulty: Bool { blockers.contains(where: \.isFault) }
}

/// What is known of interfaces and scripts, and the one place where that becomes faults and weights.
///
/// Conditions are computed afresh each time instead of being counted up and down: nothing can get out of step.
struct Tracker: Hashable, Sendable {
    private var interfaces: [String: InterfaceState] = [:]
    private var scripts: [String: TrackedScript]

    init(_ scripts: [ScriptConfiguration]) {
        self.scripts = Dictionary(scripts.map { ($0.name, TrackedScript($0)) }) { first, _ in first }
    }

    /// Takes over other scripts; what is known of those that had the same name stays known.
    mutating func replaceScripts(_ replacements: [ScriptConfiguration]) {
        let former = scripts
        scripts = Dictionary(replacements.map { ($0.name, TrackedScript($0, succeeding: former[$0.name])) }) {
            first, _ in first
        }
    }

    /// Notes an interface's state and returns the former one, nil if there was none.
    mutating func note(_ state: InterfaceState, of interface: String) -> InterfaceState? {
        interfaces.updateValue(state, forKey: interface)
    }

    /// Counts a run of a script. Returns whether its verdict is new; false for a script that nobody configured.
    mutating func count(_ succeeded: Bool, of script: String) -> Bool {
        scripts[script]?.count(succeeded) ?? false
    }

    func conditions(for router: VirtualRouterConfiguration) -> Conditions {
        let interface = interfaces[router.interface] ?? .absent
        var conditions = Conditions(
            source: router.sourceAddress ?? interface.source(for: router.family),
            totalPriority: Int(router.priority.rawValue))
        if !interface.isUp { conditions.blockers.insert(.interfaceDown) }
        if conditions.source == nil { conditions.blockers.insert(.noSourceAddress) }
        for item in router.trackedInterfaces {
            let isUp = (interfaces[item.name] ?? .absent).isUp
            conditions.judge(item, isGood: isUp, blocker: .trackedInterface(item.name))
        }
        for item in router.trackedScripts {
            // keepalived: a script that cannot be found is as good as not tracked.
            guard let script = scripts[item.name] else { continue }
            conditions.judge(item, script)
        }
        return conditions
    }
}

extension Conditions {
    fileprivate mutating func judge(_ item: TrackedItem, _ script: TrackedScript) {
        switch script.verdict {
        case .good: judge(item, isGood: true, blocker: .trackedScript(item.name))
        case .failed: judge(item, isGood: false, blocker: .trackedScript(item.name))
        case nil: if item.weight == 0 { blockers.insert(.scriptPending(item.name)) }
        }
    }

    /// A weight above zero counts while the item is good, one below zero while it is not; zero is a matter of fault.
    fileprivate mutating func judge(_ item: TrackedItem, isGood: Bool, blocker: VirtualRouter.Blocker) {
        guard item.weight != 0 else {
            if isGood == item.isReversed { blockers.insert(blocker) }
            return
        }
        guard isGood == (item.weight > 0) else { return }
        totalPriority += item.isReversed ? -item.weight : item.weight
    }
}

extension InterfaceState {
    fileprivate func source(for family: AddressFamily) -> IPAddress? {
        switch family {
        case .ipv4: primaryIPv4.map { .v4($0) }
        case .ipv6: linkLocalIPv6.map { .v6($0) }
        }
    }
}
