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

    public init(_ checks: [Verdict], seconds: Double, exit: Int32, artifacts: String?) {
        let count = { (verdict: Verdict) in checks.count { $0 == verdict } }
        verdict = checks.max() ?? .skip
        passed = count(.pass)
        failed = count(.fail)
        inconclusive = count(.inconclusive)
        skipped = count(.skip)
        self.seconds = seconds
        self.exit = exit
        self.artifacts = artifacts
    }
}
