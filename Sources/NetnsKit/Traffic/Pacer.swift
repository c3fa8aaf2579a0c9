import LinuxSystem
import Synchronization
import Wire

/// What a node sends by itself, until it is told to stop.
protocol Traffic: Sendable {
    /// Ends it; returns when nothing more is sent.
    func stop()
}

/// A thread that does one thing again and again at a steady pace, until it is stopped.
final class Pacer: Traffic {
    private struct State {
        var isStopping = false
        var done = 0
        var refused = 0
    }

    private let state = Mutex(State())
    private let loop: EventLoop
    private let wakeup: Wakeup
    private let ended = Latch()
    private let interval: Duration
    /// Waking for each of many thousand things in a second would cost more than doing them.
    private static let resolution: Duration = .milliseconds(1)
    /// After the host stood still, what was missed is made up for in portions.
    private static let portion = 2000

    /// Starts the thread; the first thing is done at once.
    ///
    /// - Parameters:
    ///   - interval: from one to the next; several that fall into a millisecond are done together.
    ///   - act: told how many were done before; an error is counted as a refusal, and the pace goes on.
    init(
        named name: String, every interval: Duration, _ act: @escaping @Sendable (_ number: Int) throws -> Void
    ) throws(SystemError) {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, as: 0)
        self.loop = loop
        self.wakeup = wakeup
        self.interval = interval
        startThread(named: name) { [self] in
            run(act)
            ended.open()
        }
    }

    /// How often it was done, refusals not counted.
    var count: Int { state.withLock { $0.done } }
    /// How often the kernel did not want it.
    var refusals: Int { state.withLock { $0.refused } }

    /// Ends the pace; returns when nothing more is done.
    func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.signal()
        ended.wait()
    }

    private func run(_ act: (Int) throws -> Void) {
        let begin = MonotonicClock.now
        var number = 0
        while !state.withLock({ $0.isStopping }) {
            let now = MonotonicClock.now
            let due = Int((now - begin).nanoseconds / max(interval.nanoseconds, 1)) + 1
            let last = min(due, number + Self.portion)
            var refused = 0
            for next in number..<last {
                do { try act(next) } catch { refused += 1 }
            }
            state.withLock { state in
                state.done += last - number - refused
                state.refused += refused
            }
            number = last
            let next = max(begin + interval * number, now + Self.resolution)
            guard (try? loop.wait(until: next)) != nil else { return }
        }
    }
}
