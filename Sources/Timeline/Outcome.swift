/// What a claim came to. There are three answers, because a record with a hole in it proves nothing.
public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// The claim holds, and a breach would have been seen.
    case passed
    /// The host stood still or events were lost at the wrong moment, or nothing shows that a breach would have been
    /// seen.
    case inconclusive
    /// The claim does not hold, and the record can be trusted.
    case failed
}

extension TimelineEvent.Kind {
    /// A claim that was found to hold, or not to.
    public static func verdict(_ claim: String, passed: Bool) -> Self {
        .verdict(claim, passed ? .passed : .failed)
    }
}
