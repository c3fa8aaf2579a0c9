import LabCourse

extension Catalogue {
    /// Mistakes that show when two files meet.
    static let pairMistakes: [Mistake] = [
        .differentRouterID, .differentPassword, .differentInterval, .differentVersion, .differentAddresses, .filtered,
        .unicastAgainstMulticast, .equalPriorities, .wrongPeers, .interfaceRenamed,
    ]
}
