import LinuxSystem
import Synchronization
import Timeline
import Wire

/// The one thread that watches every capture, monitor, pipe and process of a lab, so that their order is the kernel's.
///
/// It is also the lab's stall sampler: it wants to wake every ten milliseconds, and being late means that the host
/// stood still.
final class Watcher: Sendable {
    /// Reads what a source has; false when the source has ended and is to be forgotten.
    typealias Handler = @Sendable (_ awake: Instant) -> Bool

    private struct State: ~Copyable {
        var handlers: [EventLoop.Token: (descriptor: Int32, handle: Handler)] = [:]
        var nextToken: EventLoop.Token = 1
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
        try loop.watch(descriptor, as: token)
    }

    /// Makes the thread look at the recorder's next deadline again.
    func wake() {
        wakeup.signal()
    }

    /// Ends the thread and drops every source; returns when it has stopped reading.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
        ended.wait()
        state.withLock { $0.handlers = [:] }
    }

    private func run() {
        var tick = MonotonicClock.now + Self.period
        while !state.withLock({ $0.isStopping }) {
            let deadline = min(tick, recorder.nextDeadline ?? tick)
            guard let ready = try? loop.wait(until: deadline) else { return }
            let now = MonotonicClock.now
            dispatch(ready, awake: now)
            if now >= tick {
                if now - tick > Self.tolerance { recorder.append(TimelineEvent(at: now, .stall(now - tick))) }
                tick = now + Self.period
            }
            // Only what was there to be read by now can be missed by a deadline.
            recorder.expire(at: now)
        }
    }

    private func dispatch(_ ready: [EventLoop.Token], awake: Instant) {
        for token in ready {
            if token == Self.wakeupToken {
                wakeup.clear()
                continue
            }
            guard let (descriptor, handle) = state.withLock({ $0.handlers[token] }) else { continue }
            if !handle(awake) {
                loop.unwatch(descriptor)
                state.withLock { $0.handlers[token] = nil }
            }
        }
    }
}
