import LinuxSystem
import Synchronization
import Wire

/// The clock of one running schedule: a thread waits by it, so that faults come in time however busy the tasks of the
/// program are.
final class ScheduleRunner: Sendable {
    private let loop: EventLoop
    private let wakeup: Wakeup
    private let isStopped = Mutex(false)

    init() throws(SystemError) {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, as: 0)
        self.loop = loop
        self.wakeup = wakeup
    }

    /// Ends every wait, also those to come.
    func stop() {
        isStopped.withLock { $0 = true }
        wakeup.signal()
    }

    /// Blocks the thread until an instant.
    ///
    /// - Throws: `CancellationError` when it was stopped.
    func wait(until deadline: Instant) throws {
        while !isStopped.withLock({ $0 }) {
            if MonotonicClock.now >= deadline { return }
            _ = try loop.wait(until: deadline)
        }
        throw CancellationError()
    }
}
