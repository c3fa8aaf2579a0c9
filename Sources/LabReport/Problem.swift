import LabCourse

/// Something that did not pass, in the answers that a reader wants first: what, when, why, how to see it again.
public struct Problem: Hashable, Sendable {
    /// Such as `step2/tie [keepalived:ours] run 2`.
    public var label: String
    public var verdict: Verdict
    /// The claim that did not hold.
    public var what: String
    public var expected: String
    public var observed: String
    /// In seconds from the lab's start.
    public var when: Double?
    public var why: String?
    /// A command for a shell.
    public var again: String
    /// Where its captures and logs are, below the run's directory.
    public var directory: String
}

extension RunDocument {
    /// What did not pass, failures before what was inconclusive; one for each scenario: its first check of the kind.
    public var problems: [Problem] {
        let all = scenarios.compactMap(\.problem)
        return all.filter { $0.verdict == .fail } + all.filter { $0.verdict == .inconclusive }
    }
}

extension ScenarioDocument {
    /// The scenario as one of several that may differ only in daemons or repetition.
    public var label: String {
        "\(record.id) [\(record.daemon)]" + (record.repetition.map { " run \($0)" } ?? "")
    }

    /// The first answer that counts for the whole; nil when it passed or was skipped.
    public var problem: Problem? {
        guard record.verdict > .pass, let check = checks.first(where: { $0.verdict == record.verdict }) else {
            return nil
        }
        return Problem(
            label: label, verdict: record.verdict, what: check.title, expected: check.expected,
            observed: check.observed, when: check.t, why: check.explanation, again: command, directory: directory)
    }
}
