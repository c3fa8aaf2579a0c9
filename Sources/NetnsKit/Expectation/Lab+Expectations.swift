import LinuxSystem
import Timeline
import Wire

// Nothing else in a lab waits. Every claim counts from an instant, such as the beginning of a fault, and looks back at
// what was recorded since, so that it may be stated a little late; each ends as a verdict in the timeline.
extension Lab {
    /// Waits for an event; those that were recorded since `start` count, so a claim may be stated a little late.
    ///
    /// - Parameters:
    ///   - claim: what should happen, as the verdict and a failure say it.
    ///   - limit: counted from `start`; an event after it does not count, even when it is seen in time.
    ///   - start: when the claim begins to hold, such as the beginning of a fault.
    ///   - matches: whether an event is the expected one.
    /// - Returns: the first event that matches.
    /// - Throws: `ExpectationFailure` when the time is over, `CancellationError` when the task is canceled.
    @discardableResult
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent {
        try await settle(claim, within: limit, since: start, nearest: matches) { timeline, newest in
            Self.first(in: timeline, newest, since: start, matches)
        }
    }

    /// Waits until the timeline as a whole shows what is claimed.
    ///
    /// - Parameters:
    ///   - claim: what should be so, as the verdict and a failure say it.
    ///   - limit: counted from `start`.
    ///   - start: when the claim begins to hold.
    ///   - answer: looks at the timeline, and at the instant from which on events count; the event that it returns is
    ///     the one that settled the claim.
    @discardableResult
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant,
        inTimeline answer: @escaping @Sendable (Timeline, _ start: Instant) -> TimelineEvent?
    ) async throws -> TimelineEvent {
        try await settle(claim, within: limit, since: start, nearest: nil) { timeline, _ in answer(timeline, start) }
    }

    /// Waits until so many events have matched: `3...` returns with the third, `5...5` when the time is over, and one
    /// too many fails at once.
    ///
    /// - Returns: the events that matched, in order.
    @discardableResult
    public func expect(
        _ claim: String, count: some RangeExpression<Int> & Sendable, within limit: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> [TimelineEvent] {
        let window = Self.window(start, limit)
        let isOpen = count.contains(.max)
        let timeline = try await settle(
            claim, by: .count(of: "it happened", count, during: window, where: matches), during: window
        ) { timeline, newest in
            guard newest.map({ window.contains($0.time) && matches($0) }) ?? true else { return nil }
            let found = timeline[window].filter(matches)
            let isDecided =
                isOpen && count.contains(found.count)
                || found.indices.contains { count.contains($0) && !count.contains($0 + 1) }
            return isDecided ? found.events.last : nil
        }
        return timeline[window].filter(matches).events
    }

    /// Watches that an event does not happen for a while; what was recorded since `start` counts.
    ///
    /// That nothing was seen proves something only when it would have been seen. A control says how one knows: an event
    /// of the same window that the same source reports, such as `.frame(at: "node2")`. Without a control the verdict is
    /// inconclusive, which is recorded, and returned, and does not throw.
    ///
    /// - Throws: `ExpectationFailure` when it happened, or when the control did not.
    @discardableResult
    public func expectNever(
        _ claim: String, for span: Duration, since start: Instant, control: Landmark? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> Outcome {
        let window = Self.window(start, span)
        let checker = Checker.never("it happened", during: window, control: control, where: matches)
        do {
            try await settle(claim, by: checker, during: window) { timeline, newest in
                Self.first(in: timeline, newest, since: start, matches)
            }
        } catch let failure as ExpectationFailure where failure.outcome == .inconclusive && control == nil {
            return .inconclusive
        }
        return .passed
    }

    /// Watches that a condition holds at every moment of a while, as far as events tell: an address stays, a link is
    /// up.
    ///
    /// It is inconclusive when nothing tells whether it held at `start`.
    public func expectAlways(
        _ claim: String, _ condition: Condition, for span: Duration, since start: Instant
    ) async throws {
        let window = Self.window(start, span)
        try await settle(claim, by: .always(condition, during: window), during: window) { timeline, newest in
            guard let newest else { return timeline.first(after: start) { condition.told($0) == false } }
            return newest.earliestTime > start && condition.told(newest) == false ? newest : nil
        }
    }

    /// Watches that events that match never pause for longer than a limit, in a while and at both of its ends.
    public func expectNoGap(
        _ claim: String, longerThan limit: Duration, for span: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws {
        let window = Self.window(start, span)
        let checker = Checker.noGap(in: "it", longerThan: limit, during: window, where: matches)
        try await settle(claim, by: checker, during: window) { timeline, newest in
            // A gap is over when the next event comes; one that lasts is found at the end of the window.
            guard let newest, window.contains(newest.time), matches(newest) else { return nil }
            let previous = timeline.last(before: newest.time, where: matches)?.time ?? start
            return newest.time - max(previous, start) > limit ? newest : nil
        }
    }

    /// Waits until the first event of each kind has come, in this order.
    ///
    /// - Returns: how each stands to the next: two that are too close to order are `undecided`, which is no failure.
    @discardableResult
    public func expectOrder(
        _ landmarks: [Landmark], within limit: Duration, since start: Instant
    ) async throws -> [Order] {
        let window = Self.window(start, limit)
        let names = landmarks.map(\.name).joined(separator: " before ")
        let timeline = try await settle(
            names, by: .order(during: window, landmarks), during: window
        ) { timeline, _ in
            let found = landmarks.compactMap { landmark in timeline.first(after: start, where: landmark.matches) }
            return found.count == landmarks.count ? found.max { $0.time < $1.time } : nil
        }
        let events = landmarks.compactMap { timeline.first(after: start, where: $0.matches) }
        let orders = zip(events, events.dropFirst()).map { Timeline.order($0, $1) }
        for (pair, order) in zip(zip(landmarks, landmarks.dropFirst()), orders) where order == .undecided {
            step("too close to order: \(pair.0.name), \(pair.1.name)")
        }
        return orders
    }

    /// Judges what was recorded until now by a checker, as a verdict in the timeline.
    ///
    /// - Throws: `ExpectationFailure` when the claim does not hold, or nothing was learned.
    public func expect(_ checker: Checker) throws {
        let timeline = timeline
        let judgement = checker.judge(timeline)
        record(.verdict(checker.name, judgement.outcome))
        guard judgement.outcome != .passed else { return }
        let windows = judgement.violations.map(\.window)
        let begin = windows.map(\.lowerBound).min() ?? start
        let end = windows.map(\.upperBound).max() ?? timeline.endTime
        throw ExpectationFailure(checker.name, judgement, timeline, window: begin...end, nearest: nil)
    }

    /// How long it is since an instant: for windows that reach a while beyond what was just done.
    public func elapsed(since start: Instant) -> Duration {
        MonotonicClock.now - start
    }

    /// Lets time pass while the lab is watched, for claims that are made about it afterwards.
    ///
    /// - Returns: the window that was watched.
    @discardableResult
    public func watch(for span: Duration, since start: Instant? = nil) async throws -> ClosedRange<Instant> {
        let window = Self.window(start ?? MonotonicClock.now, span)
        _ = await wait(until: window.upperBound) { _, _ in nil }
        try Task.checkCancellation()
        return window
    }
}
