import LinuxSystem
import Wire

/// What became of one entry of a schedule.
public struct PerformedFault: Hashable, Sendable {
    /// What was planned.
    public var entry: FaultSchedule.Entry
    /// When it should have begun, on the lab's clock.
    public var planned: Instant
    /// When it was injected.
    public var injection: FaultWindow
    /// When it should have ended; nil for a fault of one moment.
    public var plannedHealing: Instant?
    /// When it was taken back; nil for a fault of one moment.
    public var healing: FaultWindow?

    /// How much later than planned it began.
    public var delay: Duration { injection.began - planned }
}

extension Lab {
    /// Lets a schedule happen, from now on; returns when its end has come and all its faults are taken back.
    ///
    /// Where healing and injection fall on one moment, healing is first. When a fault is refused, the task is canceled
    /// or the lab ends, those in force are taken back before the error is thrown.
    ///
    /// - Returns: what was done when, in the order of the entries.
    @discardableResult
    public func run(_ schedule: FaultSchedule) async throws -> [PerformedFault] {
        let runner = try translated { () throws(SystemError) in try ScheduleRunner() }
        keep(runner)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                startThread(named: "lab-schedule") { [self] in
                    continuation.resume(with: Result { try perform(schedule, by: runner) })
                }
            }
        } onCancel: {
            runner.stop()
        }
    }

    private func perform(_ schedule: FaultSchedule, by runner: ScheduleRunner) throws -> [PerformedFault] {
        let start = step("a schedule of \(schedule.entries.count) faults begins")
        var performed: [Int: PerformedFault] = [:]
        do {
            for action in schedule.actions {
                try runner.wait(until: start + action.time)
                let entry = schedule.entries[action.index]
                if action.isHealing {
                    performed[action.index]?.healing = try heal(entry.fault)
                } else {
                    performed[action.index] = PerformedFault(
                        entry: entry, planned: start + entry.time, injection: try inject(entry.fault),
                        plannedHealing: entry.healing(before: schedule.end).map { start + $0 })
                }
            }
            try runner.wait(until: start + schedule.end)
        } catch {
            for index in performed.keys.sorted(by: >) {
                guard let done = performed[index], done.plannedHealing != nil, done.healing == nil else { continue }
                _ = try? heal(done.entry.fault)
            }
            throw error
        }
        return performed.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension FaultSchedule {
    /// One thing to be done.
    struct Action: Hashable {
        var time: Duration
        var isHealing: Bool
        /// Of the entry.
        var index: Int
    }

    /// In order; what begins at the end or later is left out.
    var actions: [Action] {
        let pairs = entries.enumerated().filter { $0.element.time < end || $0.element.fault.isMomentary }
        let injections = pairs.map { Action(time: $0.element.time, isHealing: false, index: $0.offset) }
        let healings = pairs.compactMap { index, entry in
            entry.healing(before: end).map { Action(time: $0, isHealing: true, index: index) }
        }
        return (injections + healings).sorted { ($0.time, rank($0), $0.index) < ($1.time, rank($1), $1.index) }
    }

    /// Among those of one moment: what began before is healed, others begin, and what has no length is healed.
    private func rank(_ action: Action) -> Int {
        guard action.isHealing else { return 1 }
        return entries[action.index].time < action.time ? 0 : 2
    }
}
