import Wire

/// What a backup does about a master of lower priority: the protocol's flag and keepalived's delay.
enum LowerPriorityVerdict: Hashable {
    /// `nopreempt`, or the delay still runs: the master is honored as if it were stronger.
    case honor
    /// As `honor`, and the delay began with this advertisement.
    case honorFromNowOn
    /// The advertisement is thrown away; the timer that runs out then is the preemption.
    case ignore
}

extension VirtualRouter.Backup {
    /// Judges a lower-priority advertisement; the first one starts the delay (`preempt_delay`).
    mutating func judgeLowerPriority(
        under configuration: VirtualRouterConfiguration, at now: Instant
    ) -> LowerPriorityVerdict {
        guard configuration.preempts else { return .honor }
        guard configuration.preemptDelay > .zero else { return .ignore }
        if let preemptAt { return now < preemptAt ? .honor : .ignore }
        preemptAt = now + configuration.preemptDelay
        return .honorFromNowOn
    }

    /// A master that deserves its place was heard: the delay starts over with the next one that does not.
    ///
    /// Returns whether it had been running.
    mutating func stopPreemptDelay() -> Bool {
        defer { preemptAt = nil }
        return preemptAt != nil
    }
}
