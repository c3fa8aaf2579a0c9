import Wire

/// What happened, in the order of time: the one record that a lab and a simulator both write and every checker reads.
public struct Timeline: Hashable, Sendable {
    /// Sorted by time; events of the same instant stand in the order in which they were appended.
    public private(set) var events: [TimelineEvent] = []
    /// Those of them that spoil the record: every judgement asks for them, and they are few.
    private(set) var disturbing: [TimelineEvent] = []

    /// A record of nothing yet.
    public init() {}

    /// Takes over events that are in order.
    private init(sorted events: [TimelineEvent]) {
        self.events = events
        disturbing = events.filter { $0.category == .host }
    }

    /// Takes events in any order and sorts them by time; those of one time stay as they were given.
    public init(_ events: some Sequence<TimelineEvent>) {
        for event in events { append(event) }
    }

    /// Puts an event in its place: at the end in constant time, or, when it was reported late, before all later ones.
    public mutating func append(_ event: TimelineEvent) {
        if event.category == .host {
            disturbing.insert(event, at: disturbing.firstIndex { $0.time > event.time } ?? disturbing.endIndex)
        }
        if let last = events.last, event.time < last.time {
            events.insert(event, at: index { $0 > event.time })
        } else {
            events.append(event)
        }
    }

    /// Forgets what satisfies a condition and happened before an instant.
    public mutating func forget(before end: Instant, where isForgotten: (TimelineEvent) throws -> Bool) rethrows {
        try events.removeAll { try $0.time < end && isForgotten($0) }
        try disturbing.removeAll { try $0.time < end && isForgotten($0) }
    }

    /// The first position whose time satisfies a condition that stays true once it has become true.
    private func index(where isLater: (Instant) -> Bool) -> Int {
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            if isLater(events[middle].time) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Timeline: RandomAccessCollection {
    public var startIndex: Int { events.startIndex }
    public var endIndex: Int { events.endIndex }
    public subscript(position: Int) -> TimelineEvent { events[position] }
}

// MARK: - Slices

extension Timeline {
    /// The instant of the last event, or zero when there is none.
    public var endTime: Instant { events.last?.time ?? .zero }

    /// Where the events of a window stand.
    func positions(of window: ClosedRange<Instant>) -> Range<Int> {
        index { $0 >= window.lowerBound }..<index { $0 > window.upperBound }
    }

    /// The events of a window such as `start...end`; what is outside costs nothing.
    public subscript(window: ClosedRange<Instant>) -> Timeline {
        Timeline(sorted: Array(events[positions(of: window)]))
    }

    /// The events of a window such as `start...` or `..<fault`.
    public subscript(window: some RangeExpression<Instant>) -> Timeline {
        filter { window.contains($0.time) }
    }

    /// The events that satisfy a condition, still in order.
    public func filter(_ isIncluded: (TimelineEvent) throws -> Bool) rethrows -> Timeline {
        Timeline(sorted: try events.filter(isIncluded))
    }

    /// What happened at one node, without what happened to the lab as a whole.
    public func of(node: String) -> Timeline {
        filter { $0.node == node }
    }

    /// What one kind of source reported.
    public func of(_ category: TimelineEvent.Category) -> Timeline {
        filter { $0.category == category }
    }
}

// MARK: - Looking for one event

extension Timeline {
    /// The first event at or after an instant that satisfies a condition.
    public func first(after start: Instant, where condition: (TimelineEvent) -> Bool) -> TimelineEvent? {
        events[index { $0 >= start }...].first(where: condition)
    }

    /// The last event before an instant that satisfies a condition; an event of that very instant is not before it.
    public func last(before end: Instant, where condition: (TimelineEvent) -> Bool) -> TimelineEvent? {
        events[..<index { $0 >= end }].last(where: condition)
    }

    /// The stalls of the host that overlap a window and are longer than a tolerance.
    ///
    /// A stall is recorded when it is over, so it covers the time before its event. A bound that was missed while the
    /// host stood still says nothing about the program under test.
    public func stalls(
        in window: ClosedRange<Instant>, longerThan tolerance: Duration = .milliseconds(20)
    ) -> [TimelineEvent] {
        disturbing.filter { event in
            guard case .stall(let length) = event.kind, length > tolerance else { return false }
            return event.earliestTime - length <= window.upperBound && event.time >= window.lowerBound
        }
    }

    /// What spoils a window for claims about it: stalls and losses, in order.
    public func disturbances(in window: ClosedRange<Instant>) -> [TimelineEvent] {
        (stalls(in: window) + losses(in: window)).sorted { $0.time < $1.time }
    }

    /// The moments within a window at which a source lost events, so that what is missing proves nothing.
    public func losses(in window: ClosedRange<Instant>) -> [TimelineEvent] {
        disturbing.filter { event in
            guard case .lost = event.kind else { return false }
            return event.earliestTime <= window.upperBound && event.time >= window.lowerBound
        }
    }
}
