import Chance
import Wire

extension FaultSchedule {
    /// Makes the schedule as small as it gets while something still fails: fewer faults and nodes, shorter ones,
    /// rounder times.
    ///
    /// - Parameters:
    ///   - repeats: how often each smaller schedule is tried.
    ///   - needed: how many of these must fail for it to be taken.
    ///   - isFailing: runs a schedule, in a lab of its own, and says whether it still fails.
    /// - Returns: a schedule from which no single step can be taken any more, and how many attempts that took.
    public func shrunk(
        repeats: Int = 1, needed: Int = 1, whileFailing isFailing: (FaultSchedule) async throws -> Bool
    ) async rethrows -> Shrinker<FaultSchedule>.Outcome {
        try await Shrinker(repeats: repeats, needed: needed, simplifications: \FaultSchedule.simplifications)
            .shrink(self, whileFailing: isFailing)
    }

    /// Smaller schedules, the boldest first. Each has fewer faults, or as many that are shorter in all, or as long ones
    /// that come earlier, so that steps come to an end.
    var simplifications: [FaultSchedule] {
        let nodes = Set(entries.flatMap(\.fault.nodes)).sorted()
        let fewer =
            nodes.map { node in entries.filter { !$0.fault.nodes.contains(node) } }.filter { $0.count < entries.count }
            + entries.shorterLists + merged
        // What began at other times may now contradict each other.
        return (fewer.map { FaultSchedule($0, end: end) } + shorter + earlier).filter {
            $0.isConsistent || !isConsistent
        }
    }

    /// Two of the same fault one after the other become one.
    private var merged: [[Entry]] {
        entries.indices.compactMap { index in
            let entry = entries[index]
            guard !entry.fault.isMomentary,
                let next = entries[(index + 1)...].firstIndex(where: { $0.fault == entry.fault })
            else { return nil }
            var list = entries
            list[index].length = entries[next].length.map { entries[next].time + $0 - entry.time }
            list.remove(at: next)
            return list
        }
    }

    private static let units: [Duration] = [.seconds(1), .milliseconds(100), .milliseconds(10), .milliseconds(1)]

    /// One fault half as long, or cut to a round length.
    private var shorter: [FaultSchedule] {
        var lists: [FaultSchedule] = []
        for (index, entry) in entries.enumerated() {
            guard let end = entry.healing(before: end) else { continue }
            let length = end - entry.time
            let half = Duration.milliseconds(length.nanoseconds / 2_000_000)
            let rounded = Self.units.map { Self.floor(length, to: $0) }
            for shorter in [half] + rounded where shorter > .zero && shorter < length {
                lists.append(replacing(index) { $0.length = shorter })
            }
        }
        // At the end there is nothing to be seen any more.
        let needed = entries.map { $0.time + ($0.length ?? .zero) }.max() ?? .zero
        if needed < end, entries.allSatisfy({ $0.length != nil || $0.fault.isMomentary }) {
            lists.append(FaultSchedule(entries, end: needed))
        }
        return lists
    }

    /// All faults so much earlier that the first comes at once, or one of them at the time of another or at a round
    /// time.
    private var earlier: [FaultSchedule] {
        guard let first = entries.first else { return [] }
        var lists: [FaultSchedule] = []
        if first.time > .zero {
            let moved = entries.map { Entry(at: $0.time - first.time, $0.fault, for: $0.length) }
            lists.append(FaultSchedule(moved, end: end - first.time))
        }
        for (index, entry) in entries.enumerated() {
            let others = entries[..<index].map(\.time)
            let rounded = Self.units.map { Self.floor(entry.time, to: $0) }
            for time in Array(Set(others + rounded)).sorted() where time < entry.time {
                lists.append(replacing(index) { $0.time = time })
            }
        }
        return lists
    }

    private func replacing(_ index: Int, _ change: (inout Entry) -> Void) -> FaultSchedule {
        var list = entries
        change(&list[index])
        return FaultSchedule(list, end: end)
    }

    private static func floor(_ length: Duration, to unit: Duration) -> Duration {
        .nanoseconds(length.nanoseconds / unit.nanoseconds * unit.nanoseconds)
    }
}
