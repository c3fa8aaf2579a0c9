import Wire

// Claims about a window that was watched from its beginning to its end. What passes in one that was watched badly is
// inconclusive: events were lost, the host stood still for half of it, or nothing shows that a breach would have
// been seen. A breach is blamed on a stall only when the stall came before it.

extension Checker {
    /// Nothing in a window satisfies a condition, and something else shows that it would have been seen.
    ///
    /// - Parameters:
    ///   - what: what should not happen, as a violation says it.
    ///   - window: its first and its last instant count.
    ///   - control: what must be seen in the window to prove that the record works there; nil leaves the claim
    ///     inconclusive when nothing breaks it.
    ///   - condition: whether an event is a breach.
    public static func never(
        _ what: String, during window: ClosedRange<Instant>, control: Landmark?,
        where condition: @escaping @Sendable (TimelineEvent) -> Bool
    ) -> Checker {
        Checker("never \(what)") { timeline in
            let watched = timeline[window]
            let breaches = watched.filter(condition).map { event in
                let text = "\(what), \((event.time - window.lowerBound).text) after it began"
                return Violation(at: event.time, node: event.node, text, window: window.lowerBound...event.time)
            }
            guard breaches.isEmpty else { return breaches }
            guard let control else {
                let text = "nothing shows that it would have been seen: give a positive control"
                return [Violation(at: window.upperBound, text, window: window, isDoubt: true)]
            }
            let isProven = watched.contains(where: control.matches)
            let text = "the positive control was not seen either: \(control.name)"
            let missing = Violation(at: window.upperBound, text, window: window, isDoubt: true)
            return (isProven ? [] : [missing]) + timeline.doubts(about: window)
        }
    }

    /// A condition holds at every moment of a window, as far as events tell.
    public static func always(_ condition: Condition, during window: ClosedRange<Instant>) -> Checker {
        Checker("always \(condition.name)") { timeline in
            var state = condition.initially
            for event in timeline where event.earliestTime <= window.lowerBound {
                state = condition.told(event) ?? state
            }
            var violations: [Violation] = []
            if state == false {
                violations.append(Violation(at: window.lowerBound, "it was not so at the beginning", window: window))
            }
            let isUnknown = state == nil
            for event in timeline[window] where event.earliestTime > window.lowerBound {
                guard let told = condition.told(event) else { continue }
                if !told, state != false {
                    let text = "it ended \((event.time - window.lowerBound).text) after the beginning"
                    violations.append(
                        Violation(at: event.time, node: event.node, text, window: window.lowerBound...event.time))
                }
                state = told
            }
            guard violations.isEmpty else { return violations }
            let text = "nothing tells whether it was so at the beginning"
            let unknown = Violation(at: window.lowerBound, text, window: window, isDoubt: true)
            return (isUnknown ? [unknown] : []) + timeline.doubts(about: window)
        }
    }

    /// So many events of a window satisfy a condition, such as `5...5` or `1...`.
    public static func count(
        of what: String, _ allowed: some RangeExpression<Int> & Sendable, during window: ClosedRange<Instant>,
        where condition: @escaping @Sendable (TimelineEvent) -> Bool
    ) -> Checker {
        Checker("count of \(what)") { timeline in
            let found = timeline[window].filter(condition)
            guard !allowed.contains(found.count) else { return timeline.doubts(about: window) }
            let excess = found.indices.first { allowed.contains($0) && !allowed.contains($0 + 1) }
            let end = excess.map { found[$0].time } ?? window.upperBound
            let text = "\(what) \(found.count) times, expected \(allowed.text)"
            return [Violation(at: end, text, window: window.lowerBound...end)]
        }
    }

    /// Events that satisfy a condition never pause for longer than a limit, nor at either end of the window.
    public static func noGap(
        in what: String, longerThan limit: Duration, during window: ClosedRange<Instant>,
        where condition: @escaping @Sendable (TimelineEvent) -> Bool
    ) -> Checker {
        Checker("no gap in \(what)") { timeline in
            let marks = [window.lowerBound] + timeline[window].filter(condition).map(\.time) + [window.upperBound]
            return zip(marks, marks.dropFirst()).filter { $1 - $0 > limit }.map {
                Violation(at: $1, "\(what) paused for \(($1 - $0).text), allowed \(limit.text)", window: $0...$1)
            }
        }
    }

    /// An address moves, or goes and comes back, at most so often in a window.
    ///
    /// Only what kernels report counts. That a node gets it whom nobody had it before is no move.
    public static func noFlap(
        of address: IPAddress, moreOftenThan limit: Int, during window: ClosedRange<Instant>
    ) -> Checker {
        Checker("\(address) changes hands at most \(limit) times") { timeline in
            let spans = timeline.ownership(of: address)
            let moves = spans.dropFirst().filter { window.contains($0.from) }
            guard moves.count > limit else { return timeline.doubts(about: window) }
            let time = moves[moves.startIndex + limit].from
            let owners = spans.filter { $0.from <= window.upperBound }.suffix(moves.count + 1).map(\.node)
            let text =
                "\(address) changed hands \(moves.count) times, allowed \(limit): "
                + owners.joined(separator: ", ")
            return [Violation(at: time, text, window: window.lowerBound...time)]
        }
    }
}

extension Timeline {
    /// Why a window in which nothing was found proves nothing.
    public func doubts(about window: ClosedRange<Instant>) -> [Violation] {
        var doubts: [Violation] = []
        if !losses(in: window).isEmpty {
            doubts.append(Violation(at: window.upperBound, "events were lost", window: window, isDoubt: true))
        }
        let stalled = stalls(in: window).map { event -> Duration in
            guard case .stall(let length) = event.kind else { return .zero }
            return length
        }.reduce(Duration.zero, +)
        if stalled > .zero, stalled * 2 > window.upperBound - window.lowerBound {
            let text = "the host stood still for \(stalled.text)"
            doubts.append(Violation(at: window.upperBound, text, window: window, isDoubt: true))
        }
        return doubts
    }
}

extension RangeExpression<Int> {
    /// As people write it: `exactly 5`, `at least 3`, `2 to 4`.
    fileprivate var text: String {
        let range = relative(to: 0..<Int.max)
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        if range.count == 1 { return "exactly \(range.lowerBound)" }
        return "\(range.lowerBound) to \(range.upperBound - 1)"
    }
}
