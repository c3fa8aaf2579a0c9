import Wire

/// What is to be done at which instant, the soonest first; what is due at the same instant keeps its order.
struct TimerQueue<Item> {
    private struct Entry {
        var due: Instant
        var number: Int
        var item: Item

        func isBefore(_ other: Entry) -> Bool { (due, number) < (other.due, other.number) }
    }

    /// A heap: no entry is before the one at half its position.
    private var entries: [Entry] = []
    private var nextNumber = 0

    /// When there is something to do next.
    var nextDue: Instant? { entries.first?.due }

    mutating func add(_ item: Item, due: Instant) {
        entries.append(Entry(due: due, number: nextNumber, item: item))
        nextNumber += 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the first item that is due by now.
    mutating func popDue(at now: Instant) -> Item? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].isBefore(entries[smallest]) {
                smallest = child
            }
            guard smallest != parent else { return first.item }
            entries.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
