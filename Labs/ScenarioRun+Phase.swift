import LabCourse
import NetnsKit
import Timeline
import Wire

extension ScenarioRun {
    /// Does a fault, at the chosen moment of a master's interval if one was chosen, else at once.
    ///
    /// - Parameters:
    ///   - node: whose advertisements time it.
    ///   - phase: how far into the interval, 0..<1; the run's own choice when nil.
    func inject(_ fault: Fault, timedBy node: String, phase: Double? = nil) async throws -> FaultWindow {
        if let phase = phase ?? choices.phase { try await awaitMoment(phase, after: node) }
        return try lab.inject(fault)
    }

    /// Waits for an advertisement of a master, and then for a part of its interval.
    func awaitMoment(_ phase: Double, after node: String) async throws {
        let begin = lab.step("wait for an advertisement of \(node)")
        let interval = try times(of: node).interval
        let advertisement = try await require("\(node) advertises", within: interval * 2, since: begin) {
            $0.isClaim(by: node)
        }
        try await lab.watch(for: interval * phase, since: advertisement.time)
    }

    /// Lets a part of an interval pass that the seed chooses, so that nodes do not always start in the same step.
    ///
    /// - Parameter name: what the time is for; each has a choice of its own.
    func awaitJitter(_ name: String, since start: Instant) async throws {
        let share = choices.share(name)
        if share > 0 { try await lab.watch(for: try interval * share, since: start) }
    }

    /// Judges when a node took over, counted from the fault itself: that is its patience less what had passed of it.
    ///
    /// - Parameters:
    ///   - heard: the last advertisement that it heard; at most an interval before the fault.
    ///   - first: its own first.
    func checkFromFault(_ fault: Instant, heard: Instant, first: TimelineEvent, by node: String) throws {
        let (times, patience) = (try times(of: node), try silence(of: node))
        let (passed, reason): (ClosedRange<Duration>, String)
        switch choices.phase {
        case .some where !choices.isPhaseDrawn:
            passed = fault - heard...fault - heard
            reason = "T less what had passed since the last advertisement"
        default:
            // A fault takes a moment, in which a last advertisement may pass.
            passed = min(fault - heard, .zero)...max(times.interval, fault - heard)
            reason = "T less a part of the interval that chance decides"
        }
        let bound = patience - passed.upperBound...patience - passed.lowerBound
        let theory: Theory? =
            choices.phase == nil
            ? nil
            : choices.isPhaseDrawn
                ? Theory(uniform: patience - times.interval...patience, reason)
                : Theory(exactly: bound.lowerBound, reason)
        check(
            "\(node), counted from the fault", first.time - fault,
            within: times.bound(bound.lowerBound).lowerBound...times.bound(bound.upperBound).upperBound,
            window: min(heard, fault)...first.time, theory: theory)
    }
}
