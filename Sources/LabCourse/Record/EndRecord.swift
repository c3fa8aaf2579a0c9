/// The last line of a run.
public struct EndRecord: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "end"
    public var verdict: Verdict
    /// Numbers of checks.
    public var passed: Int
    public var failed: Int
    public var inconclusive: Int
    public var skipped: Int
    public var seconds: Double
    /// The exit code.
    public var exit: Int32
    /// The directory of the run.
    public var artifacts: String?
    /// Why not everything ran that was asked for, in a sentence.
    public var cut: String?
    /// What did not run, such as `step2/tie [ours:keepalived] run 2`.
    public var unfinished: [String]?

    /// - Parameter checks: the answers of all scenarios; the worst counts for all.
    public init(
        _ checks: [Verdict], seconds: Double, exit: Int32, artifacts: String?, cut: String? = nil,
        unfinished: [String]? = nil
    ) {
        let count = { (verdict: Verdict) in checks.count { $0 == verdict } }
        verdict = checks.max() ?? .skip
        passed = count(.pass)
        failed = count(.fail)
        inconclusive = count(.inconclusive)
        skipped = count(.skip)
        self.seconds = seconds
        self.exit = exit
        self.artifacts = artifacts
        self.cut = cut
        self.unfinished = unfinished
    }
}
