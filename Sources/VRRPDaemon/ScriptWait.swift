import KeepalivedConfiguration
import LinuxSystem
import Wire

/// Runs a program before everything else, or after: only then somebody may wait.
enum ScriptWait {
    private static let grace: Duration = .seconds(2)

    /// Runs the script to its end; one that takes too long gets TERM, and two seconds later KILL.
    static func run(_ script: PreparedScript?, for timed: TimedScript?, _ name: String, _ log: Log) {
        guard let script, let timed else { return }
        do {
            try script.checkSafety()
            let process = try ChildProcess(script.request)
            let loop = try EventLoop()
            try loop.watch(process.descriptor, as: 0)
            let end =
                try wait(for: process, timed.timeout, loop) ?? hurry(process, SignalNumber.terminate, loop)
                ?? hurry(process, SignalNumber.kill, loop)
            if end != .exited(0) {
                log.notice("The \(name) script failed: \(end.map { "\($0)" } ?? "it cannot be killed")")
            }
        } catch {
            log.notice("The \(name) script cannot be run: \(error)")
        }
    }

    private static func wait(
        for process: borrowing ChildProcess, _ limit: Duration, _ loop: borrowing EventLoop
    ) throws(SystemError) -> Termination? {
        let deadline = MonotonicClock.now + limit
        while MonotonicClock.now < deadline {
            _ = try loop.wait(until: deadline)
            if let end = try process.collect() { return end }
        }
        return nil
    }

    private static func hurry(
        _ process: borrowing ChildProcess, _ signal: Int32, _ loop: borrowing EventLoop
    ) throws(SystemError) -> Termination? {
        try process.sendToGroup(signal: signal)
        return try wait(for: process, grace, loop)
    }
}
