import Wire

/// Which of two events came first, as far as their clocks can tell.
public enum Order: Hashable, Sendable {
    /// The first came first, whatever the clocks' uncertainty.
    case before
    /// The second came first, whatever the clocks' uncertainty.
    case after
    /// Their uncertainties overlap: too close to order.
    case undecided
}

extension TimelineEvent {
    /// The event did not happen before this instant.
    public var earliestTime: Instant { time - uncertainty }
}

extension Timeline {
    /// How the first event stands to the second; two events of one instant are undecided.
    public static func order(_ first: TimelineEvent, _ second: TimelineEvent) -> Order {
        if first.time < second.earliestTime { return .before }
        if second.time < first.earliestTime { return .after }
        return .undecided
    }
}
