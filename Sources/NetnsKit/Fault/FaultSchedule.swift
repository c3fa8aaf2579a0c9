import Chance
import Wire

/// Faults that come and go by a plan: a story that a seed told, or one that a person wrote.
///
/// Whatever is still in force at its end is taken back then, so that what follows sees a sound network.
public struct FaultSchedule: Hashable, Sendable {
    /// A fault, when it comes, and how long it stays.
    public struct Entry: Hashable, Sendable {
        /// Since the schedule began.
        public var time: Duration
        /// What happens then, and is healed when its length is over.
        public var fault: Fault
        /// Nil stays until the schedule ends; a fault of one moment has none.
        public var length: Duration?

        /// Plans a fault; without a length it stays until the schedule ends.
        public init(at time: Duration, _ fault: Fault, for length: Duration? = nil) {
            self.time = time
            self.fault = fault
            self.length = length
        }

        /// When it is taken back, if it is before the end.
        func healing(before end: Duration) -> Duration? {
            fault.isMomentary ? nil : min(time + (length ?? end), end)
        }
    }

    /// Sorted by time; those of one moment in the order in which they were given.
    public let entries: [Entry]
    /// When everything is taken back, since the schedule began.
    public let end: Duration

    /// Plans faults, given in any order.
    ///
    /// - Parameters:
    ///   - entries: what happens when.
    ///   - end: when what is in force is taken back, since the beginning; nil is when the last entry ends.
    public init(_ entries: [Entry], end: Duration? = nil) {
        self.entries = entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        self.end = end ?? entries.map { $0.time + ($0.length ?? .zero) }.max() ?? .zero
    }

    /// Whether no fault takes hold of what another one holds at that time, or has taken away.
    public var isConsistent: Bool {
        entries.indices.allSatisfy { index in
            let entry = entries[index]
            return entries[..<index].allSatisfy { earlier in
                earlier.fault.subjects.isDisjoint(with: entry.fault.subjects)
                    || !earlier.fault.leavesNothing && earlier.healing(before: end).map { $0 < entry.time } ?? true
            }
        }
    }
}

extension FaultSchedule: CustomStringConvertible {
    /// Swift code that makes the same schedule, for a test that keeps it.
    public var description: String {
        let lines = entries.map { entry in
            let length = entry.length.map { ", for: \($0.literal)" } ?? ""
            return "        .init(at: \(entry.time.literal), \(entry.fault.code)\(length)),\n"
        }
        return "FaultSchedule(\n    [\n\(lines.joined())    ], end: \(end.literal))"
    }
}
