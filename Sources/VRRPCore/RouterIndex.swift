import Wire

/// Who must be told what: from the names in events to the places of virtual routers.
///
/// It follows from the configuration alone, so that an event touches only those whom it concerns.
struct RouterIndex: Hashable, Sendable {
    private(set) var keys: [VirtualRouterConfiguration.Key: Int] = [:]
    private(set) var names: [String: Int] = [:]
    /// Routers that live on an interface, watch it, or put addresses there.
    private(set) var interfaces: [String: [Int]] = [:]
    private(set) var scripts: [String: [Int]] = [:]
    private(set) var files: [String: [Int]] = [:]
    private(set) var processes: [String: [Int]] = [:]
    /// Routers to which the addresses of every interface matter (`track_src_ip`).
    private(set) var sourceTrackers: [Int] = []
    /// For each router the place of its group, if it has one.
    private(set) var groups: [Int?]

    init(_ routers: [VirtualRouterConfiguration] = [], _ syncGroups: [SyncGroup] = []) {
        groups = Array(repeating: nil, count: routers.count)
        for (place, group) in syncGroups.enumerated() {
            for member in group.members { groups[member] = place }
        }
        for (index, router) in routers.enumerated() {
            keys[router.key] = keys[router.key] ?? index
            names[router.name] = names[router.name] ?? index
            let group = groups[index].map { syncGroups[$0].configuration }
            note(index, router, group)
        }
    }

    private mutating func note(_ index: Int, _ router: VirtualRouterConfiguration, _ group: SyncGroupConfiguration?) {
        let watched = (router.trackedInterfaces + (group?.trackedInterfaces ?? [])).map(\.name)
        let own = [router.interface] + (router.virtualInterface.map { [$0.name] } ?? [])
        for name in Set(own + watched + router.allAddresses.map(\.interface)) {
            interfaces[name, default: []].append(index)
        }
        for name in Set((router.trackedScripts + (group?.trackedScripts ?? [])).map(\.name)) {
            scripts[name, default: []].append(index)
        }
        for name in Set((router.trackedFiles + (group?.trackedFiles ?? [])).map(\.name)) {
            files[name, default: []].append(index)
        }
        for name in Set((router.trackedProcesses + (group?.trackedProcesses ?? [])).map(\.name)) {
            processes[name, default: []].append(index)
        }
        if router.tracksSourceAddress { sourceTrackers.append(index) }
    }
}
