import LinuxSystem
import Synchronization
import Timeline
import Wire

/// The one thread that watches every capture, monitor, pipe and process of a lab, so that their order is the kernel's.
///
/// It is also the lab's stall sampler: it wants to wake every ten milliseconds, and being late means that the host
/// stood still.
final class Watcher: Sendable {
    /// What a source has left after it was read.
    enum Progress {
        /// Nothing: it was read to the end of what was there.
        case drained
        /// Perhaps more: others were to have their turn.
        case more
        /// It will never have anything again.
        case ended
    }

    /// Reads what a source has; `awake` is when the thread woke for it.
    typealias Handler = @Sendable (_ awake: Instant) -> Progress

    private struct State: ~Copyable {
        var handlers: [EventLoop.Token: (descriptor: Int32, handle: Handler)] = [:]
        var nextToken: EventLoop.Token = 1
        var others: [@Sendable () -> Void] = []
        var isStopping = false
    }

    private let loop: EventLoop
    private let wakeup: Wakeup
    private let state = Mutex(State())
    private let recorder: Recorder
    private let ended = Latch()

    private static let wakeupToken: EventLoop.Token = 0
    private static let period: Duration = .milliseconds(10)
    /// Lateness below this is ordinary scheduling.
    private static let tolerance: Duration = .milliseconds(20)

    init(recorder: Recorder) throws(SystemError) {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, as: Self.wakeupToken)
        self.loop = loop
        self.wakeup = wakeup
        self.recorder = recorder
    }

    func start() {
        startThread(named: "lab-watcher") { [self] in
            run()
            recorder.close()
            ended.open()
        }
    }

    /// Watches a descriptor until its handler says that it has ended.
    func watch(_ descriptor: Int32, _ handle: @escaping Handler) throws(SystemError) {
        let token = state.withLock { state in
            let token = state.nextToken
            state.nextToken += 1
            state.handlers[token] = (descriptor, handle)
            return token
        }
        do {
            try loop.watch(descriptor, as: token)
        } catch {
            state.withLock { $0.handlers[token] = nil }
            throw error
        }
    }

    /// Names another thread that reports to the recorder: before a deadline is held against what is recorded, it is
    /// asked to report what it knows.
    func settleFirst(_ settle: @escaping @Sendable () -> Void) {
        state.withLock { $0.others.append(settle) }
    }

    /// Makes the thread look at the recorder's next deadline again.
    func wake() {
        wakeup.signal()
    }

    /// Makes the thread look in time at a deadline that comes before it would wake by itself.
    func wake(before deadline: Instant) {
        if deadline < MonotonicClock.now + Self.period { wake() }
    }

    /// Ends the thread; returns when it has stopped reading.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
        ended.wait()
    }

    /// Drops every source, and with it what the sources hold on to; for a watcher that does not run.
    func forgetAll() {
        state.withLock { state in
            state.handlers = [:]
            state.others = []
        }
    }

    private func run() {
        var tick = MonotonicClock.now + Self.period
        while !state.withLock({ $0.isStopping }) {
            // What happened before this instant is ready now, and so read below, before a deadline is held against it.
            let asOf = MonotonicClock.now
            let deadline = min(tick, recorder.nextDeadline ?? tick)
            guard let ready = try? loop.wait(until: deadline) else { return }
            let now = MonotonicClock.now
            let isDrained = dispatch(ready, awake: now)
            if now >= tick {
                if now - tick > Self.tolerance { recorder.append(TimelineEvent(at: now, .stall(now - tick))) }
                tick = now + Self.period
            }
            if isDrained { expire(at: asOf) }
        }
    }

    private func expire(at asOf: Instant) {
        guard let next = recorder.nextDeadline, next <= asOf else { return }
        for settle in state.withLock({ $0.others }) { settle() }
        recorder.expire(at: asOf)
    }

    /// Reads the sources that are ready; true when none of them has anything left.
    private func dispatch(_ ready: [EventLoop.Token], awake: Instant) -> Bool {
        var isDrained = ready.count < EventLoop.capacity
        for token in ready {
            if token == Self.wakeupToken {
                wakeup.clear()
                continue
            }
            guard let (descriptor, handle) = state.withLock({ $0.handlers[token] }) else { continue }
            switch handle(awake) {
            case .drained: break
            case .more: isDrained = false
            case .ended:
                loop.unwatch(descriptor)
                state.withLock { $0.handlers[token] = nil }
            }
        }
        return isDrained
    }
}
