import LinuxSystem
import Timeline
import Wire

/// A claim about a lab that did not hold.
public struct ExpectationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was claimed, as its author wrote it.
    public var claim: String
    /// What was seen instead.
    public var observation: String
    /// When that was certain.
    public var time: Instant

    public init(claim: String, observation: String, time: Instant) {
        self.claim = claim
        self.observation = observation
        self.time = time
    }

    public var description: String { "expected: \(claim); observed: \(observation)" }
}

// `expect` and `expectNever` are the only two places in a lab that wait.
extension Lab {
    /// Waits for an event; those that were recorded since `start` count, so a claim may be stated a little late.
    ///
    /// - Parameters:
    ///   - limit: counted from `start`; an event after it does not count, even when it is seen in time.
    ///   - start: when the claim begins to hold, such as the beginning of a fault.
    /// - Returns: the first event that matches.
    /// - Throws: `ExpectationFailure` when the time is over, `CancellationError` when the task is canceled.
    @discardableResult
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent {
        try await settle(claim, within: limit, since: start) { timeline, newest in
            Self.first(in: timeline, newest, since: start, matches)
        }
    }

    /// The newest event if it matches, or, when none is the newest, the first of all that does.
    private static func first(
        in timeline: Timeline, _ newest: TimelineEvent?, since start: Instant, _ matches: (TimelineEvent) -> Bool
    ) -> TimelineEvent? {
        guard let newest else { return timeline.first(after: start, where: matches) }
        return newest.time >= start && matches(newest) ? newest : nil
    }

    /// Waits until the timeline as a whole shows what is claimed.
    ///
    /// - Parameter answer: looks at the timeline, and at the instant from which on events count; the event that it
    ///   returns is the one that settled the claim.
    @discardableResult
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant,
        inTimeline answer: @escaping @Sendable (Timeline, _ start: Instant) -> TimelineEvent?
    ) async throws -> TimelineEvent {
        try await settle(claim, within: limit, since: start) { timeline, _ in answer(timeline, start) }
    }

    private func settle(
        _ claim: String, within limit: Duration, since start: Instant, _ question: @escaping Recorder.Question
    ) async throws -> TimelineEvent {
        let deadline = start + limit
        let found = await wait(until: deadline) { timeline, newest in
            question(timeline, newest).flatMap { $0.time <= deadline ? $0 : nil }
        }
        try Task.checkCancellation()
        guard let found else {
            record(.verdict(claim, passed: false))
            throw ExpectationFailure(
                claim: claim, observation: "nothing of the kind for \(limit.inSeconds) s", time: deadline)
        }
        record(.verdict(claim, passed: true))
        return found
    }

    /// Watches that an event does not happen for a while; what was recorded since `start` counts.
    public func expectNever(
        _ claim: String, for span: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws {
        let deadline = start + span
        let found = await wait(until: deadline) { timeline, newest in
            Self.first(in: timeline, newest, since: start, matches).flatMap { $0.time <= deadline ? $0 : nil }
        }
        try Task.checkCancellation()
        record(.verdict(claim, passed: found == nil))
        if let found {
            throw ExpectationFailure(
                claim: claim, observation: "it happened after \((found.time - start).inSeconds) s", time: found.time)
        }
    }
}
