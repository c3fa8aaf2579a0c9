import Wire

/// A named judgement of a timeline: pure, so that a lab, a simulator and a recorded night are judged by the same words.
public struct Checker: Sendable {
    /// What must hold, as a claim for people.
    public var name: String
    /// Everything that speaks against the claim, in the order of time; empty when it holds.
    public var violations: @Sendable (Timeline) -> [Violation]

    /// Makes a claim of a function; a checker of one's own names each violation with its time.
    public init(_ name: String, violations: @escaping @Sendable (Timeline) -> [Violation]) {
        self.name = name
        self.violations = violations
    }

    /// Judges with the third value: what was violated only while the host stood still or events were lost is not the
    /// program's fault, and is not its merit either.
    public func judge(_ timeline: Timeline) -> Judgement {
        let violations = violations(timeline)
        if violations.isEmpty { return .passed }
        let breaches = violations.filter { !$0.isDoubt }
        guard breaches.allSatisfy({ !timeline.disturbances(in: $0.window).isEmpty }) else { return .failed(breaches) }
        let reasons = Set(violations.flatMap { timeline.disturbances(in: $0.window) })
        return .inconclusive(violations, because: timeline.disturbing.filter(reasons.contains))
    }
}

/// What a checker says in the end.
public enum Judgement: Hashable, Sendable {
    /// Nothing speaks against the claim.
    case passed
    /// The claim does not hold, and the record can be trusted where it fails.
    case failed([Violation])
    /// The claim does not hold, but the record cannot be trusted where it fails, for these events; or nothing speaks
    /// against it, and that proves nothing.
    case inconclusive([Violation], because: [TimelineEvent])

    /// Which of the three it is, without the reasons.
    public var outcome: Outcome {
        switch self {
        case .passed: .passed
        case .failed: .failed
        case .inconclusive: .inconclusive
        }
    }

    /// What speaks against the claim, or leaves it in doubt.
    public var violations: [Violation] {
        switch self {
        case .passed: []
        case .failed(let violations), .inconclusive(let violations, _): violations
        }
    }
}

/// One thing that speaks against a claim.
public struct Violation: Hashable, Sendable {
    /// When it was so.
    public var time: Instant
    /// The node that is to blame, or nil when none is more than another.
    public var node: String?
    /// A sentence with what was observed and what is allowed.
    public var text: String
    /// The time that was judged: a disturbance in it makes the judgement inconclusive.
    public var window: ClosedRange<Instant>
    /// Nothing speaks against the claim, and yet it cannot be called proven: this never makes it worse than
    /// inconclusive.
    public var isDoubt: Bool

    /// Without a window, the instant alone was judged.
    public init(
        at time: Instant, node: String? = nil, _ text: String, window: ClosedRange<Instant>? = nil,
        isDoubt: Bool = false
    ) {
        self.time = time
        self.node = node
        self.text = text
        self.window = window ?? time...time
        self.isDoubt = isDoubt
    }
}

// MARK: - Claims about anything

extension Checker {
    /// The first event of each kind, at or after an instant, come in this order.
    ///
    /// Every kind must occur. Two events that are too close to order are not held against the claim.
    public static func order(after start: Instant, _ landmarks: [Landmark]) -> Checker {
        Checker("order: " + landmarks.map(\.name).joined(separator: ", ")) { timeline in
            inversions(of: landmarks, in: timeline, during: start...Swift.max(start, timeline.endTime))
        }
    }

    /// The first event of each kind in a window come in this order.
    public static func order(during window: ClosedRange<Instant>, _ landmarks: [Landmark]) -> Checker {
        Checker("order: " + landmarks.map(\.name).joined(separator: ", ")) { timeline in
            inversions(of: landmarks, in: timeline[window], during: window)
        }
    }

    private static func inversions(
        of landmarks: [Landmark], in timeline: Timeline, during window: ClosedRange<Instant>
    ) -> [Violation] {
        let found = landmarks.map { timeline.first(after: window.lowerBound, where: $0.matches) }
        let absences = zip(landmarks, found).filter { $0.1 == nil }.map {
            Violation(at: window.upperBound, "\($0.0.name) did not happen", window: window)
        }
        let named = zip(landmarks, found).compactMap { landmark, event in event.map { (landmark.name, $0) } }
        let inversions = zip(named, named.dropFirst()).filter { Timeline.order($0.1, $1.1) == .after }.map {
            let (earlier, later) = ($1.1, $0.1)
            let text = "\($1.0) came \((later.time - earlier.time).text) before \($0.0)"
            return Violation(at: earlier.time, node: earlier.node, text, window: earlier.earliestTime...later.time)
        }
        return (inversions + absences).sorted { $0.time < $1.time }
    }

    /// Nothing in a window satisfies a condition; what the condition means is said in words.
    public static func never(
        _ what: String, during window: some RangeExpression<Instant> & Sendable,
        where condition: @escaping @Sendable (TimelineEvent) -> Bool
    ) -> Checker {
        Checker("never \(what)") { timeline in
            timeline[window].filter(condition).map {
                Violation(at: $0.time, node: $0.node, "\(what) was seen", window: $0.earliestTime...$0.time)
            }
        }
    }
}
