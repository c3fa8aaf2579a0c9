import Wire

/// When a track script is started, told to end, and killed.
///
/// Starts are counted from start to start, and there is never more than one run: a start that finds the former run
/// still going is skipped. A run that takes too long gets TERM, and two seconds later KILL.
struct ScriptSchedule: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case start, skip, terminate, kill
    }

    private enum Run: Hashable, Sendable {
        case none
        case going(until: Instant)
        case terminated(until: Instant)
        case killed
    }

    private static let grace: Duration = .seconds(2)

    private let interval: Duration
    private let timeout: Duration
    private var startAt: Instant
    private var run = Run.none

    init(interval: Duration, timeout: Duration?, startingAt start: Instant) {
        self.interval = interval
        self.timeout = timeout ?? interval
        startAt = start
    }

    var nextDeadline: Instant {
        switch run {
        case .none, .killed: startAt
        case .going(let until), .terminated(let until): min(startAt, until)
        }
    }

    /// What is to be done now, in this order.
    mutating func stepsDue(at now: Instant) -> [Step] {
        var steps: [Step] = []
        switch run {
        case .going(let until) where until <= now:
            steps.append(.terminate)
            run = .terminated(until: now + Self.grace)
        case .terminated(let until) where until <= now:
            steps.append(.kill)
            run = .killed
        case .none, .going, .terminated, .killed:
            break
        }
        if startAt <= now {
            startAt = startAt + interval > now ? startAt + interval : now + interval
            if run == .none {
                run = .going(until: now + timeout)
                steps.append(.start)
            } else {
                steps.append(.skip)
            }
        }
        return steps
    }

    /// The run is over, or could not begin.
    mutating func ended() {
        run = .none
    }
}
