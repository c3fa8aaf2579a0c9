import Wire

/// How often an interface is listened to while packets come thick and fast: whoever sends them does not choose how
/// often the daemon wakes up.
///
/// Packets that come one by one are heard at once. In a stream they are taken together, a millisecond late at most,
/// which is nothing to a protocol whose shortest interval is ten.
struct ListeningPace: Hashable, Sendable {
    private static let pause: Duration = .milliseconds(1)
    /// So many rounds in a row, each soon after the one before, are a stream.
    private static let patience = 8

    private var heardAt: Instant?
    private var quickRounds = 0

    /// Notes that packets are heard now. Returns until when the next ones may wait; nil unless they are a stream.
    mutating func hear(at now: Instant) -> Instant? {
        let isQuick = heardAt.map { now - $0 < Self.pause * 2 } ?? false
        quickRounds = isQuick ? min(quickRounds + 1, Self.patience) : 0
        heardAt = now
        return quickRounds == Self.patience ? now + Self.pause : nil
    }
}
