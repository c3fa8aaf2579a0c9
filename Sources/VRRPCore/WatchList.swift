/// Everything that one virtual router watches: by itself, and with its sync group.
struct WatchList: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case interface, script, file, process
    }

    struct Entry: Hashable, Sendable {
        var kind: Kind
        var item: TrackedItem
    }

    private(set) var entries: [Entry]

    /// Alone.
    init(_ router: VirtualRouterConfiguration) {
        entries =
            Self.entries(.interface, router.trackedInterfaces) + Self.entries(.script, router.trackedScripts)
            + Self.entries(.file, router.trackedFiles) + Self.entries(.process, router.trackedProcesses)
    }

    /// In a group: without its weights, or with those of everybody, each thing once.
    ///
    /// keepalived does not track at all what has a weight in a group that does not use weights.
    init(
        _ router: VirtualRouterConfiguration, in group: SyncGroupConfiguration, of members: [VirtualRouterConfiguration]
    ) {
        self.init(router)
        entries +=
            Self.entries(.interface, group.trackedInterfaces) + Self.entries(.script, group.trackedScripts)
            + Self.entries(.file, group.trackedFiles) + Self.entries(.process, group.trackedProcesses)
        guard group.usesWeights else {
            entries.removeAll { $0.item.weight != 0 }
            return
        }
        for member in members where member.name != router.name {
            entries += WatchList(member).entries.filter { $0.item.weight != 0 }
        }
        var weighed: Set<[String]> = []
        entries.removeAll { $0.item.weight != 0 && !weighed.insert(["\($0.kind)", $0.item.name]).inserted }
    }

    private static func entries(_ kind: Kind, _ items: [TrackedItem]) -> [Entry] {
        items.map { Entry(kind: kind, item: $0) }
    }
}
