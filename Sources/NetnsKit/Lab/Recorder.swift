import LinuxSystem
import Synchronization
import Timeline
import Wire

/// The timeline of a running lab, and those who wait for something to appear in it.
final class Recorder: Sendable {
    /// Looks at the record, whole when it is first asked and with the newest event each time one comes; an answer ends
    /// the wait. It runs outside every lock.
    typealias Question = @Sendable (Timeline, _ newest: TimelineEvent?) -> TimelineEvent?

    private struct Waiter {
        var deadline: Instant
        var question: Question
        var continuation: CheckedContinuation<TimelineEvent?, Never>
    }

    private struct State {
        var timeline = Timeline()
        var waiters: [Int: Waiter] = [:]
        var canceled: Set<Int> = []
        var nextWaiter = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    var timeline: Timeline {
        state.withLock { $0.timeline }
    }

    func append(_ event: TimelineEvent) {
        let (timeline, waiters) = state.withLock { state in
            state.timeline.append(event)
            // Without anyone waiting, no second reference to the events is made, so that the next append copies
            // nothing.
            return state.waiters.isEmpty ? (nil, [:]) : (state.timeline, state.waiters)
        }
        guard let timeline else { return }
        for (number, waiter) in waiters {
            if let answer = waiter.question(timeline, event) { finish(number, with: answer) }
        }
    }

    /// When the first waiter gives up.
    var nextDeadline: Instant? {
        state.withLock { state in state.waiters.values.map(\.deadline).min() }
    }

    /// Lets those give up whose time has come.
    func expire(at now: Instant) {
        let late = state.withLock { state in state.waiters.filter { $0.value.deadline <= now }.keys }
        for number in late { finish(number, with: nil) }
    }

    /// Ends every wait, also those to come: nobody reads what happens any more.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.waiters.keys
        }
        for number in waiting { finish(number, with: nil) }
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
        let (timeline, isOver) = state.withLock { state in
            state.waiters[number] = waiter
            return (state.timeline, state.isClosed || state.canceled.remove(number) != nil)
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
}
