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

    /// What is forgotten, if anything is.
    private struct Memory {
        var span: Duration?
        /// Later events make it time to forget again.
        var next = Instant.zero
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
    private let memory = Mutex(Memory())
    private let followers = Mutex<[Int: LabFollower.Receiver]>([:])
    private let asker = RepeatingThread(named: "lab-asker")

    /// More events at a time, or a longer record, are nothing to ask about in passing.
    private static let (smallPortion, shortRecord) = (16, 4096)
    /// How long it took last to ask about the whole record.
    private let costOfWhole = Mutex(Duration.zero)
    /// How long events are asked about one by one, before it is seen whether the whole would be asked about sooner.
    private static let patience: Duration = .milliseconds(20)

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
        for receive in followers.withLock({ $0.values }) { receive(events) }
        let isFirstLeft: Bool
        var waiters: [Int: Waiter]
        (isFirstLeft, waiters) = state.withLock { state -> (Bool, [Int: Waiter]) in
            state.fresh += events
            state.count += events.count
            guard !state.waiters.isEmpty else { return (false, [:]) }
            let isSettled = state.isSettled
            if events.count <= Self.smallPortion, state.count <= Self.shortRecord, isSettled {
                return (false, state.waiters)
            }
            state.unasked += events
            return (isSettled, [:])
        }
        if isFirstLeft { askLater() }
        if let last = events.last { forgetTraffic(before: last.time) }
        guard !waiters.isEmpty else { return }
        let timeline = timeline
        for event in events { ask(&waiters, about: event, in: timeline) }
    }

    // MARK: Forgetting

    /// From now on traffic is forgotten some time after it passed.
    func forgetTraffic(after span: Duration) {
        memory.withLock { $0 = Memory(span: span) }
    }

    /// A few times in each span, so that a record in which much passes is not gone through for every event.
    private func forgetTraffic(before now: Instant) {
        let end = memory.withLock { memory -> Instant? in
            guard let span = memory.span, now >= memory.next else { return nil }
            memory.next = now + span / 4
            return now - span
        }
        guard let end else { return }
        _ = timeline
        merged.withLock { $0.forget(before: end) { $0.kind.isTraffic } }
    }

    // MARK: Following

    /// Tells somebody of everything that is recorded from now on.
    ///
    /// - Returns: the number by which to `unfollow`.
    func follow(_ receive: @escaping LabFollower.Receiver) -> Int {
        followers.withLock { followers in
            let number = (followers.keys.max() ?? 0) + 1
            followers[number] = receive
            return number
        }
    }

    func unfollow(_ number: Int) {
        followers.withLock { $0[number] = nil }
    }

    // MARK: Waiting

    /// When the first waiter gives up.
    var nextDeadline: Instant? {
        state.withLock { state in state.waiters.values.map(\.deadline).min() }
    }

    /// Lets those give up whose time has come, once they have been asked about everything that came before.
    func expire(at now: Instant) {
        let late = state.withLock { state -> [Int] in
            let late = state.waiters.filter { $0.value.deadline <= now }.keys
            guard !late.isEmpty, !state.isSettled else { return Array(late) }
            // Whoever asks is awake already.
            state.expiry = max(state.expiry ?? now, now)
            return []
        }
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

    /// Asks those who have no answer yet.
    ///
    /// - Parameter event: nil for the record as a whole.
    private func ask(_ waiters: inout [Int: Waiter], about event: TimelineEvent?, in timeline: Timeline) {
        for (number, waiter) in waiters {
            guard let answer = waiter.question(timeline, event) else { continue }
            waiters[number] = nil
            finish(number, with: answer)
        }
    }

    private func askLater() {
        asker.run { [self] in while askNext() {} }
    }

    /// Asks what was left when it begins; false when that was nothing. Who begins to wait meanwhile has looked himself.
    private func askNext() -> Bool {
        var events: ArraySlice<TimelineEvent>
        var waiters: [Int: Waiter]
        let expiry: Instant?
        (events, expiry, waiters) = state.withLock { state in
            defer { (state.unasked, state.expiry) = ([], nil) }
            state.isAsking = !state.unasked.isEmpty || state.expiry != nil
            return (state.unasked[...], state.expiry, state.waiters)
        }
        guard !events.isEmpty || expiry != nil else { return false }
        let timeline = timeline
        let (begin, total) = (MonotonicClock.now, events.count)
        while !events.isEmpty, !waiters.isEmpty {
            let spent = MonotonicClock.now - begin
            let rest = spent * events.count / max(total - events.count, 1)
            guard spent <= Self.patience || rest <= costOfWhole.withLock({ $0 }) else {
                askAboutWhole(&waiters, timeline)
                break
            }
            for event in events.prefix(Self.smallPortion) { ask(&waiters, about: event, in: timeline) }
            events = events.dropFirst(Self.smallPortion)
        }
        guard let expiry else { return true }
        for (number, waiter) in waiters where waiter.deadline <= expiry { finish(number, with: nil) }
        return true
    }

    /// Once, and not for each of many events: some questions look at everything each time.
    private func askAboutWhole(_ waiters: inout [Int: Waiter], _ timeline: Timeline) {
        let begin = MonotonicClock.now
        ask(&waiters, about: nil, in: timeline)
        costOfWhole.withLock { $0 = MonotonicClock.now - begin }
    }
}

extension TimelineEvent.Kind {
    /// Whether it passes and leaves the nodes as they were, so that what comes later can be understood without it.
    fileprivate var isTraffic: Bool {
        switch self {
        case .frame, .impaired, .request, .neighbor, .forwarding, .stall, .lost: true
        case .link, .addressAdded, .addressRemoved, .routeAdded, .routeRemoved, .started, .output, .exited, .crashed,
            .fault, .healed, .step, .verdict:
            false
        }
    }
}
