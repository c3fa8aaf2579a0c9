import Wire

/// What the world means for one virtual router: whether it may take part, from which address, and how strongly.
struct Conditions: Hashable, Sendable {
    /// Empty when nothing stands in the way.
    var blockers: Set<VirtualRouter.Blocker> = []
    var source: IPAddress?
    /// The configured priority and all weights, unbounded.
    var totalPriority: Int
    /// Another member of the sync group is the one who goes first: it has said farewell with more emphasis.
    var followsAnother = false

    /// Whether a router that takes part must leave: what is merely not known yet only keeps it from entering.
    var areFaulty: Bool { blockers.contains(where: \.isFault) }
}

extension Conditions {
    /// Judges what may not be known yet.
    mutating func judge(
        _ item: TrackedItem, isGood: Bool?, blocker: VirtualRouter.Blocker, pending: VirtualRouter.Blocker
    ) {
        if let isGood {
            judge(item, isGood: isGood, blocker: blocker)
        } else if item.weight == 0 {
            blockers.insert(pending)
        }
    }

    /// A weight above zero counts while the item is good, one below zero while it is not; zero is a matter of fault.
    mutating func judge(_ item: TrackedItem, isGood: Bool, blocker: VirtualRouter.Blocker) {
        guard item.weight != 0 else {
            if isGood == item.isReversed { blockers.insert(blocker) }
            return
        }
        guard isGood == (item.weight > 0) else { return }
        totalPriority += item.isReversed ? -item.weight : item.weight
    }

    /// The number in a file counts as often as the weight says; -254 and less is a fault, and so is any number where
    /// there is no weight.
    mutating func judge(_ file: TrackedItem, number: Int) {
        guard file.weight != 0 else {
            if (number == 0) == file.isReversed { blockers.insert(.trackedFile(file.name)) }
            return
        }
        // Whatever stands in the file, the product is small.
        let number = min(max(number, -1_000_000), 1_000_000)
        let change = min(number * (file.isReversed ? -file.weight : file.weight), 253)
        guard change > -254 else {
            blockers.insert(.trackedFile(file.name))
            return
        }
        totalPriority += change
    }
}
