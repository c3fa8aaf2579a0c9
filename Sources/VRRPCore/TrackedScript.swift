/// The verdict on a track script: `rise` successes in a row make it good, `fall` failures in a row make it failed.
struct TrackedScript: Hashable, Sendable {
    enum Verdict: Hashable, Sendable {
        case good, failed
    }

    /// Nil until the first result.
    private(set) var verdict: Verdict?
    private let rise: Int
    private let fall: Int
    /// Results in a row that speak against the verdict.
    private var contrary = 0

    init(_ configuration: ScriptConfiguration) {
        rise = configuration.rise
        fall = configuration.fall
        verdict = configuration.startsFailed ? .failed : nil
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
        guard verdict == nil || contrary >= (succeeded ? rise : fall) else { return false }
        verdict = result
        contrary = 0
        return true
    }
}
