/// The verdict on a track script: `rise` successes in a row make it good, `fall` failures in a row make it failed.
struct TrackedScript: Hashable, Sendable {
    enum Verdict: Hashable, Sendable {
        case good, failed
    }

    /// Nil until the first result.
    private(set) var verdict: Verdict?
    private let configuration: ScriptConfiguration
    /// Results in a row that speak against the verdict.
    private var contrary = 0

    init(_ configuration: ScriptConfiguration) {
        self.configuration = configuration
        verdict = configuration.startsFailed ? .failed : nil
    }

    /// Goes on where a script of the same name was: its verdict holds until there is another, and results in a row
    /// count on when they are counted as before.
    init(_ configuration: ScriptConfiguration, succeeding former: TrackedScript?) {
        self.init(configuration)
        guard let former else { return }
        verdict = former.verdict ?? verdict
        if former.configuration == configuration { contrary = former.contrary }
    }

    /// Counts one run. Returns whether the verdict is new.
    mutating func count(_ succeeded: Bool) -> Bool {
        let result = succeeded ? Verdict.good : .failed
        guard result != verdict else {
            contrary = 0
            return false
        }
        contrary += 1
        // keepalived: the first result decides alone, whatever `rise` and `fall` say.
        guard verdict == nil || contrary >= (succeeded ? configuration.rise : configuration.fall) else { return false }
        verdict = result
        contrary = 0
        return true
    }
}
