import Chance
import Timeline
import Wire

/// Faults in the order of time: a story that a seed told, or one that a person wrote.
public struct FaultSchedule: Hashable, Sendable {
    /// A fault and when it comes.
    public struct Entry: Hashable, Sendable {
        /// Since the beginning of the simulation.
        public var time: Duration
        public var fault: SimulatedFault

        public init(_ time: Duration, _ fault: SimulatedFault) {
            self.time = time
            self.fault = fault
        }

        /// On the clock of the simulation, which begins at zero.
        var instant: Instant { Instant.zero + time }
    }

    /// Sorted by time; those of one moment in the order in which they were given.
    public let entries: [Entry]

    public init(_ entries: [Entry]) {
        self.entries = entries.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }.map(\.element)
    }
}

extension FaultSchedule {
    /// One line for each fault, with its time in seconds.
    public var lines: [String] {
        entries.map { entry in
            let time = entry.time.decimalSeconds()
            return String(repeating: " ", count: max(10 - time.count, 0)) + time + "  \(entry.fault)"
        }
    }

    /// Swift code that makes the same schedule, for a test that keeps it.
    public var code: String {
        let lines = entries.map { "    .init(.milliseconds(\($0.time.nanoseconds / 1_000_000)), \($0.fault.code)),\n" }
        return "FaultSchedule([\n\(lines.joined())])"
    }
}

extension FaultSchedule {
    /// Leaves out every fault that a failure does not need; a simulation repeats itself, so one attempt each decides.
    ///
    /// - Returns: a schedule that still fails, and succeeds without any one of its faults.
    public func shrunk(
        whileFailing isFailing: (FaultSchedule) async throws -> Bool
    ) async rethrows -> Shrinker<FaultSchedule>.Outcome {
        try await Shrinker { (schedule: FaultSchedule) in schedule.entries.shorterLists.map { FaultSchedule($0) } }
            .shrink(self, whileFailing: isFailing)
    }
}
