import Timeline
import Wire

/// A claim about a lab that did not hold, or of which nothing was learned.
public struct ExpectationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was claimed, as its author wrote it.
    public var claim: String
    /// What was seen instead.
    public var observation: String
    /// When that was certain.
    public var time: Instant
    /// `failed` or `inconclusive`; what is inconclusive is worth another run.
    public var outcome: Outcome
    /// Why the record cannot be trusted, and what was seen last: lines for people.
    public var details: [String]

    /// Says that a claim does not hold; one that is merely unproven has the outcome `inconclusive`.
    public init(
        claim: String, observation: String, time: Instant, outcome: Outcome = .failed, details: [String] = []
    ) {
        self.claim = claim
        self.observation = observation
        self.time = time
        self.outcome = outcome
        self.details = details
    }

    public var description: String {
        let head = "\(outcome == .inconclusive ? "inconclusive, " : "")expected: \(claim); observed: \(observation)"
        return ([head] + details.map { "    \($0)" }).joined(separator: "\n")
    }
}

extension ExpectationFailure {
    /// Tells what a judgement found, with everything that a reader needs to see why.
    ///
    /// - Parameter nearest: what came closest to what was expected.
    init(
        _ claim: String, _ judgement: Judgement, _ timeline: Timeline, window: ClosedRange<Instant>, nearest: NearMiss?
    ) {
        let violations = judgement.violations
        let after = { (time: Instant) in "+\((time - window.lowerBound).decimalSeconds())" }
        let miss = nearest.map { "; nearest: \($0.event.summary), \($0.difference)" } ?? ""
        var details: [String] = []
        if case .inconclusive(_, let reasons) = judgement {
            details += reasons.prefix(4).map { "because at \(after($0.time)) \($0.summary)" }
        }
        details += timeline.excerpt(of: window)
        self.init(
            claim: claim, observation: violations.map(\.text).joined(separator: "; ") + miss,
            time: violations.first?.time ?? window.upperBound, outcome: judgement.outcome, details: details)
    }
}
