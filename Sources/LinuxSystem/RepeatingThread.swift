import Synchronization

/// A thread that comes into being with its first work, and does it again each time it is asked to.
public final class RepeatingThread: Sendable {
    private let name: String
    private let wake = Semaphore()
    private let state = Mutex((isStarted: false, isStopping: false))

    public init(named name: String) {
        self.name = name
    }

    /// Has the work done, at least once after this; asked again before that, it may be once for both.
    ///
    /// - Parameter work: the same each time; the first is kept until `stop`.
    public func run(_ work: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if isFirst {
            startThread(named: name) { [self] in
                var isStopping = false
                while !isStopping {
                    wake.wait()
                    // Looked at before the work, so that what came before the stop is done.
                    isStopping = state.withLock { $0.isStopping }
                    work()
                }
            }
        }
        wake.signal()
    }

    /// Lets the thread end when it has done what it was asked for; what it is asked for later is not done.
    public func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
    }
}
