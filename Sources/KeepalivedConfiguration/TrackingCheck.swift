import VRRPCore

/// The scripts, files and processes that can be tracked, by name.
struct KnownItems {
    struct Item {
        /// The how manieth of its kind.
        let index: Int
        let weight: TrackedWeight
    }

    private(set) var scripts: [String: Item] = [:]
    private(set) var files: [String: Item] = [:]
    private(set) var processes: [String: Item] = [:]

    /// - Parameter usable: the names of those that can really be watched.
    init(_ daemon: DaemonDraft, usable: (scripts: Set<String>, files: Set<String>, processes: Set<String>)) {
        for (index, script) in daemon.scripts.enumerated() where usable.scripts.contains(script.name.value) {
            scripts[script.name.value] = Item(index: index, weight: script.weight)
        }
        for (index, file) in daemon.files.enumerated() where usable.files.contains(file.name.value) {
            files[file.name.value] = Item(index: index, weight: file.weight)
        }
        for (index, process) in daemon.processes.enumerated() where usable.processes.contains(process.name.value) {
            processes[process.name.value] = Item(index: index, weight: process.weight)
        }
    }
}

/// Who watches.
struct TrackingRule {
    let subject: String
    /// Nothing but a fault moves an owner of the addresses.
    var isOwner = false
    /// A router's own interface, which it watches anyway.
    var interface: String?
}

extension TrackingDraft {
    /// What is watched, with each weight that counts.
    func checked(
        under rule: TrackingRule, _ known: KnownItems, _ count: DefinitionCount, _ diagnostics: inout Diagnostics
    ) -> (scripts: [TrackedItem], interfaces: [TrackedItem], files: [TrackedItem], processes: [TrackedItem]) {
        (
            items(scripts, "script", known.scripts, before: count.scripts, rule, &diagnostics),
            trackedInterfaces(under: rule, &diagnostics),
            items(files, "file", known.files, before: count.files, rule, &diagnostics),
            items(processes, "process", known.processes, before: count.processes, rule, &diagnostics)
        )
    }

    private func items(
        _ lines: [TrackedLine], _ kind: String, _ known: [String: KnownItems.Item], before count: Int,
        _ rule: TrackingRule, _ diagnostics: inout Diagnostics
    ) -> [TrackedItem] {
        var items: [TrackedItem] = []
        var names: Set<String> = []
        for line in lines {
            guard let item = known[line.name.value] else {
                let sentence = "track \(kind) \(line.name.value) not found, ignoring..."
                diagnostics.error(rule.subject + sentence, at: line.name.location)
                continue
            }
            if item.index >= count {
                diagnostics.warning(
                    "\(rule.subject)track \(kind) \(line.name.value) is defined later, where keepalived does not find "
                        + "it: move its block to the beginning", at: line.name.location)
            }
            let weight = line.weight ?? item.weight
            guard isNew(line, kind, &names, rule, &diagnostics), counts(weight, line, kind, rule, &diagnostics) else {
                continue
            }
            items.append(TrackedItem(line, weight))
        }
        return items
    }

    private func trackedInterfaces(
        under rule: TrackingRule, _ diagnostics: inout Diagnostics
    ) -> [TrackedItem] {
        var items: [TrackedItem] = []
        var names: Set<String> = []
        for line in interfaces {
            if line.name.value == rule.interface {
                diagnostics.warning(
                    "\(rule.subject)Ignoring track_interface \(line.name.value) since own interface",
                    at: line.name.location)
                continue
            }
            let weight = line.weight ?? TrackedWeight()
            guard isNew(line, "interface", &names, rule, &diagnostics),
                counts(weight, line, "interface", rule, &diagnostics)
            else { continue }
            items.append(TrackedItem(line, weight))
        }
        return items
    }

    private func isNew(
        _ line: TrackedLine, _ kind: String, _ names: inout Set<String>, _ rule: TrackingRule,
        _ diagnostics: inout Diagnostics
    ) -> Bool {
        if names.insert(line.name.value).inserted { return true }
        diagnostics.warning(
            "\(rule.subject)\(kind) \(line.name.value) is tracked twice - ignoring", at: line.name.location)
        return false
    }

    private func counts(
        _ weight: TrackedWeight, _ line: TrackedLine, _ kind: String, _ rule: TrackingRule,
        _ diagnostics: inout Diagnostics
    ) -> Bool {
        guard rule.isOwner, weight.value != 0 else { return true }
        diagnostics.warning(
            "\(rule.subject)ignoring tracked \(kind) \(line.name.value) with weights due to address_owner",
            at: line.name.location)
        return false
    }
}
