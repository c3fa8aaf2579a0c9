import Testing
import Wire

@testable import VRRPDaemon

@Suite("The schedule of a track script")
struct ScriptScheduleTests {
    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    private func schedule(interval: Duration, timeout: Duration? = nil) -> ScriptSchedule {
        ScriptSchedule(interval: interval, timeout: timeout, startingAt: at(1000))
    }

    @Test("The first run starts at once, the next one an interval after that start, however long the run took")
    func startToStart() {
        var schedule = schedule(interval: .seconds(2))
        #expect(schedule.nextDeadline == at(1000))
        #expect(schedule.stepsDue(at: at(1003)) == [.start])
        schedule.ended()
        #expect(schedule.nextDeadline == at(3000))
        #expect(schedule.stepsDue(at: at(2999)) == [])
        #expect(schedule.stepsDue(at: at(3000)) == [.start])
    }

    @Test("A start that finds the former run still going is skipped, and the rhythm stays")
    func skip() {
        var schedule = schedule(interval: .seconds(1), timeout: .seconds(5))
        #expect(schedule.stepsDue(at: at(1000)) == [.start])
        #expect(schedule.stepsDue(at: at(2000)) == [.skip])
        schedule.ended()
        #expect(schedule.nextDeadline == at(3000))
        #expect(schedule.stepsDue(at: at(3000)) == [.start])
    }

    @Test("A run that takes too long is terminated at its timeout and killed two seconds later")
    func overdue() {
        var schedule = schedule(interval: .seconds(10), timeout: .seconds(3))
        #expect(schedule.stepsDue(at: at(1000)) == [.start])
        #expect(schedule.nextDeadline == at(4000))
        #expect(schedule.stepsDue(at: at(4000)) == [.terminate])
        #expect(schedule.nextDeadline == at(6000))
        #expect(schedule.stepsDue(at: at(6000)) == [.kill])
        #expect(schedule.nextDeadline == at(11_000))
    }

    @Test("Without a timeout of its own a run may take as long as the interval")
    func defaultTimeout() {
        var schedule = schedule(interval: .seconds(1))
        #expect(schedule.stepsDue(at: at(1000)) == [.start])
        #expect(schedule.stepsDue(at: at(2000)) == [.terminate, .skip])
    }

    @Test("A run that survives everything is killed once and never joined by a second run")
    func immortal() {
        var schedule = schedule(interval: .seconds(1))
        var steps: [ScriptSchedule.Step] = []
        for second in 1...9 { steps += schedule.stepsDue(at: at(Int64(second) * 1000)) }
        #expect(steps.filter { $0 == .start }.count == 1)
        #expect(steps.filter { $0 == .terminate }.count == 1)
        #expect(steps.filter { $0 == .kill }.count == 1)
    }

    @Test("Starts that were missed while the machine stood still are not made up for")
    func standstill() {
        var schedule = schedule(interval: .seconds(1))
        #expect(schedule.stepsDue(at: at(1000)) == [.start])
        schedule.ended()
        #expect(schedule.stepsDue(at: at(60_500)) == [.start])
        schedule.ended()
        #expect(schedule.nextDeadline == at(61_500))
    }
}
