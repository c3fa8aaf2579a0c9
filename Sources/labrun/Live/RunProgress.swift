import Glibc
import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// How far a run of several scenarios is, on the standard error: one line that is written again on a terminal, and
/// elsewhere a line when a scenario ends, not more than one in ten seconds.
final class RunProgress: Sendable {
    private let counts: Mutex<Counts>
    private let begin = MonotonicClock.now
    private let isRewritten: Bool
    private let wakeup: Doorbell?
    private let said: Mutex<Instant>

    /// So often a line comes where none is written again.
    private static let pause: Duration = .seconds(10)

    /// What is known of a run.
    struct Counts: Hashable, Sendable {
        var total: Int
        var done = 0
        var failed = 0
        var inconclusive = 0
        /// How long all of it takes by the course's own figures.
        var declared: Duration

        /// A line for people.
        ///
        /// - Parameter elapsed: since the beginning.
        func text(after elapsed: Duration) -> String {
            var parts = ["\(done) of \(total) scenarios"]
            if failed > 0 { parts.append("\(failed) failed") }
            if inconclusive > 0 { parts.append("\(inconclusive) inconclusive") }
            if done < total { parts.append("about \(Self.rounded(remaining(after: elapsed))) left") }
            return parts.joined(separator: ", ")
        }

        /// By what it has taken so far as soon as a quarter is done, and before by what was declared.
        func remaining(after elapsed: Duration) -> Duration {
            guard done * 4 >= total, done > 0 else { return max(declared - elapsed, .seconds(1)) }
            return max(elapsed * (total - done) / done, .seconds(1))
        }

        /// Nobody reads more into an estimate than is in it.
        private static func rounded(_ time: Duration) -> String {
            let seconds = Int(time.inSeconds.rounded(.up))
            if seconds <= 20 { return "\(seconds) s" }
            if seconds <= 100 { return "\((seconds + 4) / 5 * 5) s" }
            return "\((seconds + 59) / 60) min"
        }
    }

    /// - Parameter isRewritten: whether the standard error is a terminal that can take a line back.
    init(total: Int, declared: Duration, isRewritten: Bool) {
        counts = Mutex(Counts(total: total, declared: declared))
        self.isRewritten = isRewritten
        said = Mutex(MonotonicClock.now)
        wakeup = isRewritten ? try? Doorbell() : nil
        show()
        if wakeup != nil { startThread(named: "progress") { [self] in tick() } }
    }

    /// Counts a scenario that has ended.
    func note(_ verdict: Verdict) {
        counts.withLock { counts in
            counts.done += 1
            if verdict == .fail { counts.failed += 1 }
            if verdict == .inconclusive { counts.inconclusive += 1 }
        }
        show()
    }

    /// Takes the line away.
    func end() {
        wakeup?.signal()
        if isRewritten { Terminal.status(nil) }
    }

    private func show() {
        let counts = counts.withLock { $0 }
        let (now, text) = (MonotonicClock.now, counts.text(after: MonotonicClock.now - begin))
        if isRewritten { return Terminal.status(counts.done < counts.total ? text : nil) }
        let isDue = said.withLock { said in
            guard now - said >= Self.pause, counts.done > 0, counts.done < counts.total else { return false }
            said = now
            return true
        }
        if isDue { Terminal.say(text, to: STDERR_FILENO) }
    }

    /// Only the time that is left changes by itself, once a second.
    private func tick() {
        guard let loop = try? EventLoop(), let descriptor = wakeup?.descriptor,
            (try? loop.watch(descriptor, as: 0)) != nil
        else { return }
        while let ready = try? loop.wait(until: MonotonicClock.now + .seconds(1)), ready.isEmpty { show() }
    }
}
