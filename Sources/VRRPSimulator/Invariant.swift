import Timeline
import Wire

/// Something that holds of every story, with the bound within which it does.
///
/// VRRP cannot promise that an address has one owner at every moment. Each of these says what it can promise, and under
/// what circumstances; where VRRP must fail, the bound that is true there is another invariant's.
public struct Invariant: Sendable {
    /// A claim that a story could contradict.
    public let name: String
    /// What speaks against it, in the order of time.
    public let violations: @Sendable (History) -> [Violation]

    init(_ name: String, violations: @escaping @Sendable (History) -> [Violation]) {
        self.name = name
        self.violations = violations
    }

    /// Everything that is asked of a story.
    public static let all: [Invariant] = [
        .oneOwner, .mastersMeetAfterCut, .mastersMeetAfterPause, .noVacancy, .successionAfterResignation,
        .briefOverlap, .addressFollowsState, .highestPriority, .quietOnceSettled, .noUsurper,
    ]

    /// The same claim about any timeline of a scenario.
    public func checker(of scenario: Scenario) -> Checker {
        let violations = violations
        return Checker(name) { timeline in
            violations(History(timeline, of: scenario, until: Instant.zero + scenario.duration))
        }
    }
}

// MARK: - What becomes true

extension Invariant {
    /// Among hosts that all hear each other without loss, one owns the address MDI_max + 4L after the last change.
    ///
    /// VRRP promises nothing where reachability is not mutual or not transitive: two hosts that do not hear each other
    /// and a third that hears both have two owners for ever. Neither where a host stands still with the address, or a
    /// dead daemon left it behind: nobody can take it from there.
    public static let oneOwner = Invariant("one owner among hosts that hear each other") { history in
        history.settled { era, circumstances in
            guard !circumstances.live.isEmpty, era.owners.count != 1 else { return nil }
            return "owners: \(era.owners)"
        }
    }

    /// MDI_max + 4L after the last change, the owner has the highest priority, when all preempt.
    ///
    /// Between equals, whoever came first stays: a backup does not compare addresses (RFC 9568 §6.4.2).
    public static let highestPriority = Invariant("the highest priority owns") { history in
        history.settled { era, circumstances in
            let live = circumstances.live
            guard era.owners.count == 1, let owner = era.owners.numbers.first,
                history.scenario.preempting.isSuperset(of: live),
                let best = live.numbers.map({ circumstances.priorities[$0 - 1] }).max(),
                circumstances.priorities[owner - 1] < best
            else { return nil }
            return "node\(owner) with \(circumstances.priorities[owner - 1]) owns, although somebody has \(best)"
        }
    }

    /// From MDI_max + 4L after the last change on, nobody gains or loses the address.
    public static let quietOnceSettled = Invariant("no transition once settled") { history in
        var first: HostSet?
        var stretch = -1
        return history.settled { era, _ in
            if era.stretch != stretch { (stretch, first) = (era.stretch, era.owners) }
            guard era.owners != first else { return nil }
            return "the owner changed to \(era.owners) without cause"
        }
    }
}

extension History {
    /// Asks about every era that lies, at least partly, more than the settling time after the last change, among hosts
    /// that hear each other.
    func settled(_ objection: (Era, Circumstances) -> String?) -> [Violation] {
        var violations: [Violation] = []
        for stretch in stretches where stretch.circumstances.areClique {
            let start = stretch.from + settlingTime
            guard start < stretch.until else { continue }
            for position in eras(from: start, until: stretch.until) {
                let era = eras[position]
                let circumstances = stretch.circumstances
                let beyondReach = circumstances.paused.union(circumstances.abandoned)
                guard era.owners.isDisjoint(with: beyondReach), let text = objection(era, circumstances) else {
                    continue
                }
                let time = max(era.from, start)
                let claim = "\(text), \((time - stretch.from).text) after the last change"
                violations.append(Violation(at: time, claim, window: stretch.from...end(ofEra: position)))
            }
        }
        return violations
    }
}
