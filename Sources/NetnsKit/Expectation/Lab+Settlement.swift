import LinuxSystem
import Timeline
import Wire

// How a claim becomes a verdict.
extension Lab {
    /// The newest event if it matches, or, when none is the newest, the first of all that does.
    static func first(
        in timeline: Timeline, _ newest: TimelineEvent?, since start: Instant, _ matches: (TimelineEvent) -> Bool
    ) -> TimelineEvent? {
        guard let newest else { return timeline.first(after: start, where: matches) }
        return newest.time >= start && matches(newest) ? newest : nil
    }

    /// The time that a claim is about; one that is over before it begins is a moment.
    static func window(_ start: Instant, _ span: Duration) -> ClosedRange<Instant> {
        start...max(start, start + span)
    }

    /// Waits for the event that settles a claim; a miss while the host stood still or events were lost is inconclusive.
    ///
    /// - Parameter nearest: what was looked for, to find what came closest.
    func settle(
        _ claim: String, within limit: Duration, since start: Instant, nearest: ((TimelineEvent) -> Bool)?,
        _ question: @escaping Recorder.Question
    ) async throws -> TimelineEvent {
        let window = Self.window(start, limit)
        let deadline = window.upperBound
        let timely: Recorder.Question = { timeline, newest in
            question(timeline, newest).flatMap { $0.time <= deadline ? $0 : nil }
        }
        let answer = await wait(until: deadline, timely)
        try Task.checkCancellation()
        // Who has an answer goes on at once: a timeline that is held has to be copied when the next event comes.
        if let answer {
            record(.verdict(claim, .passed))
            return answer
        }
        let timeline = timeline
        // What happened in time may have been read late.
        if let found = timely(timeline, nil) {
            record(.verdict(claim, .passed))
            return found
        }
        let isOver = MonotonicClock.now < deadline
        let text = isOver ? "the lab ended first" : "nothing of the kind for \(limit.text)"
        let checker = Checker(claim) { _ in [Violation(at: deadline, text, window: window, isDoubt: isOver)] }
        let miss = nearest.flatMap { NearMiss.search(timeline, window: window, nodes: topology.nodes.map(\.name), $0) }
        throw fail(claim, checker.judge(timeline), timeline, window: window, nearest: miss)
    }

    /// Waits until a window is over, or something in it has decided the claim, and has a checker judge it.
    ///
    /// - Returns: the timeline that was judged.
    @discardableResult
    func settle(
        _ claim: String, by checker: Checker, during window: ClosedRange<Instant>,
        _ decision: @escaping Recorder.Question
    ) async throws -> Timeline {
        let decided = await wait(until: window.upperBound) { timeline, newest in
            decision(timeline, newest).flatMap { window.contains($0.time) ? $0 : nil }
        }
        try Task.checkCancellation()
        let timeline = timeline
        var judgement = checker.judge(timeline)
        let now = MonotonicClock.now
        if decided == nil, now < window.upperBound, judgement.outcome == .passed {
            let text = "the lab ended before the window did"
            judgement = .inconclusive([Violation(at: now, text, window: window, isDoubt: true)], because: [])
        }
        guard judgement.outcome == .passed else { throw fail(claim, judgement, timeline, window: window) }
        record(.verdict(claim, .passed))
        return timeline
    }

    /// Puts a claim that did not hold on record.
    private func fail(
        _ claim: String, _ judgement: Judgement, _ timeline: Timeline, window: ClosedRange<Instant>,
        nearest: NearMiss? = nil
    ) -> ExpectationFailure {
        record(.verdict(claim, judgement.outcome))
        return ExpectationFailure(claim, judgement, timeline, window: window, nearest: nearest)
    }
}
