import Wire

/// Waits for an instant, so that a task can be ended by it; the kernel's timer wakes it, nothing looks at a clock.
public final class Alarm: Sendable {
    private let loop: EventLoop
    private let wakeup: Wakeup

    public init() throws(SystemError) {
        loop = try EventLoop()
        wakeup = try Wakeup()
        try loop.watch(wakeup.descriptor, as: 0)
    }

    /// Returns when the instant has come, or as soon as the task is canceled.
    public func wait(until deadline: Instant) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                startThread(named: "alarm") { [self] in
                    _ = try? loop.wait(until: deadline)
                    continuation.resume()
                }
            }
        } onCancel: {
            wakeup.signal()
        }
    }
}
