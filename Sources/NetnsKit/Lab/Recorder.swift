import LinuxSystem
import Synchronization
import Timeline
import Wire

/// The timeline of a running lab, and those who wait for something to appear in it.
///
/// Whoever records is not kept by whoever reads: what comes in waits in a list until somebody looks at the whole, and
/// what cannot be asked in passing is asked by a thread of its own.
final class Recorder: Sendable {
    /// Looks at the record: whole when it is first asked, and when so much has come that each event could not be asked
    /// about; else with the newest event each time one comes. An answer ends the wait. It runs outside every lock.
    typealias Question = @Sendable (Timeline, _ newest: TimelineEvent?) -> TimelineEvent?

    private struct Waiter {
        var deadline: Instant
        var question: Question
        var continuation: CheckedContinuation<TimelineEvent?, Never>
    }

    private struct State {
        /// Not merged yet, in the order in which it came.
        var fresh: [TimelineEvent] = []
        var count = 0
        var waiters: [Int: Waiter] = [:]
        var canceled: Set<Int> = []
        var nextWaiter = 0
        var isClosed = false
        /// What is left to the asking thread: events, and the instant up to which waits end after them.
        var unasked: [TimelineEvent] = []
        var expiry: Instant?
        var isAsking = false

        var isSettled: Bool { unasked.isEmpty && expiry == nil && !isAsking }
    }

    private let state = Mutex(State())
    private let merged = Mutex(Timeline())
    private let asker = RepeatingThread(named: "lab-asker")

    /// More events at a time, or a longer record, are nothing to ask about in passing.
    private static let (smallPortion, shortRecord) = (16, 4096)
    /// How long events are asked about one by one before the rest is asked about as a whole.
    private static let patience: Duration = .milliseconds(2)

    /// Everything that was recorded until now, in the order of time.
    var timeline: Timeline {
        merged.withLock { merged in
            let fresh = state.withLock { state in
                defer { state.fresh = [] }
                return state.fresh
            }
            for event in fresh { merged.append(event) }
            return merged
        }
    }

    func append(_ event: TimelineEvent) { append([event]) }

    /// Records events in the order in which they came.
    func append(_ events: [TimelineEvent]) {
        let (isLeft, waiters) = state.withLock { state -> (Bool, [Int: Waiter]) in
            state.fresh += events
            state.count += events.count
            guard !state.waiters.isEmpty else { return (false, [:]) }
            if events.count <= Self.smallPortion, state.count <= Self.shortRecord, state.isSettled {
                return (false, state.waiters)
            }
            state.unasked += events
            return (true, [:])
        }
        if isLeft { askLater() }
        guard !waiters.isEmpty else { return }
        for event in events { ask(waiters, about: event) }
    }

    // MARK: Waiting

    /// When the first waiter gives up.
    var nextDeadline: Instant? {
        state.withLock { state in state.waiters.values.map(\.deadline).min() }
    }

    /// Lets those give up whose time has come, once they have been asked about everything that came before.
    func expire(at now: Instant) {
        let (isLeft, late) = state.withLock { state -> (Bool, [Int]) in
            let late = state.waiters.filter { $0.value.deadline <= now }.keys
            guard !late.isEmpty, !state.isSettled else { return (false, Array(late)) }
            state.expiry = max(state.expiry ?? now, now)
            return (true, [])
        }
        if isLeft { askLater() }
        for number in late { finish(number, with: nil) }
    }

    /// Ends every wait, also those to come: nobody reads what happens any more.
    func close() {
        state.withLock { $0.isClosed = true }
        expire(at: Instant(nanoseconds: .max))
        asker.stop()
    }

    /// Waits until the question is answered, by what is recorded already or by what comes; nil at the deadline, when
    /// the task is canceled, and when the lab ends.
    func wait(
        until deadline: Instant, onRegistration: @Sendable () -> Void, _ question: @escaping Question
    ) async -> TimelineEvent? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                register(number, Waiter(deadline: deadline, question: question, continuation: continuation))
                onRegistration()
            }
        } onCancel: {
            state.withLock { state in
                if state.waiters[number] == nil { state.canceled.insert(number) }
            }
            finish(number, with: nil)
        }
    }

    /// First waits, then asks about what is there: an event in between is asked about twice, and none never.
    private func register(_ number: Int, _ waiter: Waiter) {
        let isOver = state.withLock { state in
            state.waiters[number] = waiter
            return state.isClosed || state.canceled.remove(number) != nil
        }
        if let answer = waiter.question(timeline, nil) {
            finish(number, with: answer)
        } else if isOver {
            finish(number, with: nil)
        }
    }

    /// Ends a wait, if nobody has ended it before.
    private func finish(_ number: Int, with answer: TimelineEvent?) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
        waiter?.continuation.resume(returning: answer)
    }

    // MARK: Asking

    /// - Parameter event: nil for the record as a whole.
    private func ask(_ waiters: [Int: Waiter], about event: TimelineEvent?) {
        let timeline = timeline
        for (number, waiter) in waiters {
            if let answer = waiter.question(timeline, event) { finish(number, with: answer) }
        }
    }

    private func askLater() {
        asker.run { [self] in while askNext() {} }
    }

    /// Asks what was left when it begins; false when that was nothing.
    private func askNext() -> Bool {
        let (events, expiry) = state.withLock { state in
            defer { (state.unasked, state.expiry) = ([], nil) }
            state.isAsking = !state.unasked.isEmpty || state.expiry != nil
            return (state.unasked, state.expiry)
        }
        guard !events.isEmpty || expiry != nil else { return false }
        let end = MonotonicClock.now + Self.patience
        for event in events {
            let isLate = MonotonicClock.now > end
            ask(state.withLock { $0.waiters }, about: isLate ? nil : event)
            if isLate { break }
        }
        guard let expiry else { return true }
        let late = state.withLock { state in state.waiters.filter { $0.value.deadline <= expiry }.keys }
        for number in late { finish(number, with: nil) }
        return true
    }
}
