import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import Wire

/// A scenario that is told while it runs: one thread writes each line as soon as it is whole, and sleeps in between.
final class LiveStory: Sendable {
    private let events = Mutex<[TimelineEvent]>([])
    private let isOver = Mutex(false)
    private let wakeup: Wakeup
    private let done = Latch()
    private let follower = Mutex<LabFollower?>(nil)

    /// - Parameter tell: called with lines, on a thread of its own.
    init(_ run: ScenarioRun, _ tell: @escaping @Sendable ([Narration.Line]) -> Void) throws(SystemError) {
        wakeup = try Wakeup()
        let loop = try EventLoop()
        try loop.watch(wakeup.descriptor, as: 0)
        startThread(named: "story") { [self] in
            var teller = Storyteller(run)
            while true {
                let isLast = isOver.withLock { $0 }
                wakeup.clear()
                for event in take() { teller.note(event) }
                let lines = teller.lines(before: isLast ? nil : MonotonicClock.now - Narration.patience)
                if !lines.isEmpty { tell(lines) }
                if isLast || (try? loop.wait(until: teller.due)) == nil { break }
            }
            done.open()
        }
        follower.withLock { follower in
            follower = run.lab.follow { [self] new in
                events.withLock { $0 += new }
                wakeup.signal()
            }
        }
    }

    private func take() -> [TimelineEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }

    /// Tells the rest, and returns when that is written.
    func end() {
        follower.withLock { $0 = nil }
        isOver.withLock { $0 = true }
        wakeup.signal()
        done.wait()
    }
}
