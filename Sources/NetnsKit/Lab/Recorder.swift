import LinuxSystem
import Synchronization
import Timeline
import Wire

/// The timeline of a running lab, and those who wait for something to appear in it.
final class Recorder: Sendable {
    /// Looks at the whole record each time it grows; an answer ends the wait.
    typealias Question = @Sendable (Timeline, _ newest: TimelineEvent?) -> TimelineEvent?

    private struct Waiter {
        var deadline: Instant
        var question: Question
        var continuation: CheckedContinuation<TimelineEvent?, Never>
    }

    private struct State {
        var timeline = Timeline()
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    var timeline: Timeline {
        state.withLock { $0.timeline }
    }

    func append(_ event: TimelineEvent) {
        let answered = state.withLock { state in
            state.timeline.append(event)
            var answered: [(Waiter, TimelineEvent)] = []
            for (number, waiter) in state.waiters {
                guard let answer = waiter.question(state.timeline, event) else { continue }
                state.waiters[number] = nil
                answered.append((waiter, answer))
            }
            return answered
        }
        for (waiter, answer) in answered { waiter.continuation.resume(returning: answer) }
    }

    /// When the first waiter gives up.
    var nextDeadline: Instant? {
        state.withLock { state in state.waiters.values.map(\.deadline).min() }
    }

    /// Lets those give up whose time has come.
    func expire(at now: Instant) {
        let expired = state.withLock { state in
            let late = state.waiters.filter { $0.value.deadline <= now }
            for number in late.keys { state.waiters[number] = nil }
            return late.values.map(\.continuation)
        }
        for continuation in expired { continuation.resume(returning: nil) }
    }

    /// Waits until the question is answered, by what is recorded already or by what comes; nil at the deadline, and
    /// when the task is canceled.
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
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.continuation.resume(returning: nil)
        }
    }

    private func register(_ number: Int, _ waiter: Waiter) {
        let answer = state.withLock { state -> (isOver: Bool, event: TimelineEvent?) in
            if let answer = waiter.question(state.timeline, nil) { return (true, answer) }
            if Task.isCancelled { return (true, nil) }
            state.waiters[number] = waiter
            return (false, nil)
        }
        if answer.isOver { waiter.continuation.resume(returning: answer.event) }
    }
}
