import Timeline

/// What a check, a scenario or a run came to; the worst of several counts for all.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// It was not looked at, and there is a reason.
    case skip
    case pass
    /// The host stood still at the wrong moment, or the scenario could not be set up: nothing was learned.
    case inconclusive
    case fail
}

extension Verdict {
    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .passed: .pass
            case .inconclusive: .inconclusive
            case .failed: .fail
            }
    }
}

extension Verdict: Comparable {
    public static func < (left: Verdict, right: Verdict) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .skip: 0
        case .pass: 1
        case .inconclusive: 2
        case .fail: 3
        }
    }
}
