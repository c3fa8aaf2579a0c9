import Wire

/// What is known of the world that virtual routers watch, and the one place where it becomes faults and weights.
///
/// Conditions are computed afresh each time instead of being counted up and down: nothing can get out of step.
struct Tracker: Hashable, Sendable {
    private var interfaces: [String: TrackedInterface] = [:]
    private var scripts: [String: TrackedScript] = [:]
    private var processes: [String: TrackedProcess] = [:]
    /// The numbers in files; those that nobody told of hold 0.
    private var files: [String: Int] = [:]
    private var knownFiles: Set<String> = []
    private var delays: [String: InterfaceDelay] = [:]
    /// When a change will have lasted long enough to count.
    private(set) var nextDeadline: Instant?

    init(_ configuration: RouterConfiguration) {
        adopt(configuration)
    }

    /// Takes over another configuration; what is known of things that had the same name stays known.
    mutating func adopt(_ configuration: RouterConfiguration) {
        let (formerScripts, formerProcesses) = (scripts, processes)
        scripts = Dictionary(
            configuration.scripts.map { ($0.name, TrackedScript($0, succeeding: formerScripts[$0.name])) }
        ) { first, _ in first }
        processes = Dictionary(
            configuration.processes.map { ($0.name, TrackedProcess($0, succeeding: formerProcesses[$0.name])) }
        ) { first, _ in first }
        knownFiles = Set(configuration.files.map(\.name))
        files = files.filter { knownFiles.contains($0.key) }
        delays = configuration.interfaceDelays
        findDeadline()
    }

    /// An interface as it counts; nil when nobody told of it.
    func interface(_ name: String) -> InterfaceState? { interfaces[name]?.state }

    mutating func note(_ state: InterfaceState, of interface: String, at now: Instant) {
        let isDelayed = delays[interface] != nil || interfaces[interface]?.changesAt != nil
        interfaces[interface, default: TrackedInterface(state)].note(state, under: delays[interface], at: now)
        if isDelayed { findDeadline() }
    }

    /// Counts a run of a script. Returns whether its verdict is new; false for a script that nobody configured.
    mutating func count(_ succeeded: Bool, of script: String) -> Bool {
        scripts[script]?.count(succeeded) ?? false
    }

    /// Notes the number in a file. Returns whether it is another one; false for a file that nobody configured.
    mutating func note(_ value: Int, in file: String) -> Bool {
        guard knownFiles.contains(file), files[file, default: 0] != value else { return false }
        files[file] = value
        return true
    }

    /// Counts processes. Returns whether that counts at once; false for a process that nobody configured.
    mutating func count(_ number: Int, ofProcess process: String, at now: Instant) -> Bool {
        defer { findDeadline() }
        return processes[process]?.count(number, at: now) ?? false
    }

    /// Whether there are enough of a process; nil while they were not counted, and for one that nobody configured.
    func isGood(process: String) -> Bool? { processes[process]?.isGood }

    /// The interfaces whose change counts from now on, in alphabetical order.
    mutating func settleInterfaces(at now: Instant) -> [String] {
        defer { findDeadline() }
        return interfaces.keys.filter { interfaces[$0]?.settle(at: now) == true }.sorted()
    }

    /// The processes whose change counts from now on, in alphabetical order.
    mutating func settleProcesses(at now: Instant) -> [String] {
        defer { findDeadline() }
        return processes.keys.filter { processes[$0]?.settle(at: now) == true }.sorted()
    }

    private mutating func findDeadline() {
        let changes = interfaces.values.compactMap(\.changesAt) + processes.values.compactMap(\.changesAt)
        nextDeadline = changes.min()
    }
}

extension Tracker {
    /// What the world means for a virtual router that watches these things.
    func conditions(for router: VirtualRouterConfiguration, watching list: WatchList) -> Conditions {
        let interface = interface(router.interface) ?? .absent
        var conditions = Conditions(
            source: router.sourceAddress ?? interface.source(for: router.family),
            totalPriority: Int(router.priority.rawValue))
        if !router.ignoresOwnInterface, !interface.isUp || isDown(router.virtualInterface) {
            conditions.blockers.insert(.interfaceDown)
        }
        if conditions.source == nil { conditions.blockers.insert(.noSourceAddress) }
        if router.lacksPeers { conditions.blockers.insert(.noPeers) }
        if let source = router.sourceAddress, router.tracksSourceAddress,
            !interfaces.values.contains(where: { $0.state.addresses.contains(source) })
        {
            conditions.blockers.insert(.sourceAddressAbsent(source))
        }
        for entry in list.entries { judge(entry.item, entry.kind, &conditions) }
        return conditions
    }

    /// The host makes this interface: before it was heard of, nothing is wrong with it.
    private func isDown(_ virtualInterface: VirtualInterface?) -> Bool {
        virtualInterface.flatMap { interface($0.name) }.map { !$0.isUp } ?? false
    }

    /// keepalived: a script, file or process that cannot be found is as good as not tracked.
    private func judge(_ item: TrackedItem, _ kind: WatchList.Kind, _ conditions: inout Conditions) {
        switch kind {
        case .interface:
            let isUp = interface(item.name)?.isUp ?? false
            conditions.judge(item, isGood: isUp, blocker: .trackedInterface(item.name))
        case .script:
            guard let script = scripts[item.name] else { return }
            conditions.judge(
                item, isGood: script.verdict.map { $0 == .good }, blocker: .trackedScript(item.name),
                pending: .scriptPending(item.name))
        case .process:
            guard let process = processes[item.name] else { return }
            conditions.judge(
                item, isGood: process.isGood, blocker: .trackedProcess(item.name), pending: .processPending(item.name))
        case .file:
            guard knownFiles.contains(item.name) else { return }
            conditions.judge(item, number: files[item.name, default: 0])
        }
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
