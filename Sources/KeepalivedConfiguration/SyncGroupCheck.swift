import VRRPCore

extension SyncGroupDraft {
    /// The group that a draft stands for, and what membership does to its members; nil for a group of nobody.
    ///
    /// - Parameters:
    ///   - places: where each router stands among the routers, by name.
    ///   - owners: the group of each router that has one, by name.
    func checked(
        _ routers: inout [VirtualRouterConfiguration], places: [String: Int], owners: inout [String: String],
        _ known: KnownItems, _ globals: GlobalDraft, _ diagnostics: inout Diagnostics
    ) -> SyncGroupConfiguration? {
        let places = memberPlaces(places, &owners, &diagnostics)
        guard !places.isEmpty else {
            diagnostics.warning("Sync group \(name.value) has no virtual router(s) - removing", at: name.location)
            return nil
        }
        if places.count == 1 {
            diagnostics.warning(
                "Sync group \(name.value) has only 1 virtual router(s) - this probably isn't what you want",
                at: name.location)
        }
        var group = SyncGroupConfiguration(name: name.value, members: places.map { routers[$0].name })
        group.usesWeights = usesWeights?.value ?? false
        group.notifiesPriorityChanges =
            (notify.priorityChanges ?? globals.notifiesPriorityChanges)?.value ?? false
        let items = tracking.checked(under: TrackingRule(subject: subject), known, definitions, &diagnostics)
        group.trackedScripts = items.scripts
        group.trackedInterfaces = items.interfaces
        group.trackedFiles = items.files
        group.trackedProcesses = items.processes
        for place in places {
            if !group.usesWeights { dropWeights(of: &routers[place], &diagnostics) }
        }
        resetOwners(in: &routers, at: places, &diagnostics)
        return group
    }

    private func memberPlaces(
        _ places: [String: Int], _ owners: inout [String: String], _ diagnostics: inout Diagnostics
    ) -> [Int] {
        var result: [Int] = []
        for member in members {
            guard let place = places[member.value] else {
                diagnostics.error(
                    "Virtual router \(member.value) specified in sync group \(name.value) doesn't exist - ignoring",
                    at: member.location)
                continue
            }
            if let other = owners.updateValue(name.value, forKey: member.value) {
                owners[member.value] = other
                diagnostics.error(
                    "Virtual router \(member.value) specified in sync group \(name.value) is already in sync group "
                        + "\(other) - ignoring", at: member.location)
                continue
            }
            result.append(place)
        }
        return result
    }

    /// Members of a group move together, so what would move the priority of one is dropped.
    private func dropWeights(of router: inout VirtualRouterConfiguration, _ diagnostics: inout Diagnostics) {
        let kinds: [(String, WritableKeyPath<VirtualRouterConfiguration, [TrackedItem]>)] = [
            ("script", \.trackedScripts), ("interface", \.trackedInterfaces), ("file", \.trackedFiles),
            ("process", \.trackedProcesses),
        ]
        for (kind, items) in kinds {
            for item in router[keyPath: items] where item.weight != 0 {
                diagnostics.warning(
                    "(\(router.name)) ignoring tracked \(kind) \(item.name) with weights due to SYNC group",
                    at: name.location)
            }
            router[keyPath: items].removeAll { $0.weight != 0 }
        }
    }

    /// An owner that must wait for others cannot begin as the master.
    private func resetOwners(
        in routers: inout [VirtualRouterConfiguration], at places: [Int], _ diagnostics: inout Diagnostics
    ) {
        let owners = places.filter { routers[$0].priority.isOwner }
        guard !owners.isEmpty, owners.count < places.count else { return }
        for place in owners {
            routers[place].startsAsMaster = false
            diagnostics.warning(
                "(\(routers[place].name)) Sync group \(name.value) has members that are not address owners - "
                    + "starting as BACKUP", at: name.location)
        }
    }
}
