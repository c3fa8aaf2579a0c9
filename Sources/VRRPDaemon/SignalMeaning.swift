import LinuxSystem

/// What signals mean to the daemon; keepalived's numbers.
enum SignalMeaning: String, CaseIterable, Sendable {
    case stop = "STOP"
    case reload = "RELOAD"
    case dumpState = "DATA"
    case dumpStatistics = "STATS"
    case dumpAndClearStatistics = "STATS_CLEAR"
    case dumpJSON = "JSON"

    /// The one that is sent for it.
    var number: Int32 {
        switch self {
        case .stop: SignalNumber.terminate
        case .reload: SignalNumber.hangUp
        case .dumpState: SignalNumber.user1
        case .dumpStatistics: SignalNumber.user2
        case .dumpAndClearStatistics: SignalNumber.lastRealTime - 1
        case .dumpJSON: SignalNumber.firstRealTime + 2
        }
    }

    /// nil for signals that mean nothing.
    init?(number: Int32) {
        if number == SignalNumber.interrupt {
            self = .stop
            return
        }
        guard let meaning = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = meaning
    }

    /// What the daemon must hear: these, the interrupt, the end of children, and what would otherwise end it.
    static var allNumbers: [Int32] {
        allCases.map(\.number) + [SignalNumber.interrupt, SignalNumber.brokenPipe, SignalNumber.child]
    }
}
