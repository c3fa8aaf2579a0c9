import Testing
import VRRPCore
import Wire

@Suite("Preemption")
struct PreemptionTests {
    @Test("Lower-priority advertisements do not hold back a preempting backup")
    func preempting() {
        var bench = Bench(started: .tutorial(priority: 150))
        bench.hear(200)
        bench.hear(50, after: .seconds(1))
        bench.hear(50, after: .seconds(1))
        #expect(bench.nanosecondsLeft == 1_414_062_500)
        bench.reachDeadline()
        #expect(bench.now.nanoseconds == 3_414_062_500)
        #expect(bench.state.description == "MASTER")
    }

    @Test("With nopreempt any advertisement starts the wait over, and silence ends it")
    func notPreempting() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preempts = false })
        for _ in 0..<10 { bench.hear(50, after: .seconds(3)) }
        #expect(bench.nanosecondsLeft == 3_414_062_500)
        bench.reachDeadline()
        #expect(bench.state.description == "MASTER")
    }

    @Test("With nopreempt a resignation is still a resignation")
    func resignation() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preempts = false })
        bench.hear(50)
        bench.hear(0)
        #expect(bench.nanosecondsLeft == 414_062_500)
    }

    @Test("With nopreempt a master still yields to a stronger one")
    func yielding() {
        var bench = Bench(active: .tutorial { $0.preempts = false })
        bench.hear(101)
        #expect(bench.state.description == "BACKUP")
    }

    @Test("With nopreempt a v3 backup learns the interval of a weaker master")
    func learning() {
        var bench = Bench(started: .tutorial(.v3) { $0.preempts = false })
        bench.hear(50, every: .seconds(3))
        #expect(bench.nanosecondsLeft == 10_828_125_000)
    }

    @Test("preempt_delay honors a weaker master for that long, then one wait more")
    func delay() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preemptDelay = .milliseconds(3_500) })
        #expect(bench.hear(50).logs == ["(VI_1) start preempt delay (3.5)"])
        for _ in 0..<3 {
            #expect(bench.hear(50, after: .seconds(1)).logs.isEmpty)
            #expect(bench.nanosecondsLeft == 3_414_062_500)
        }
        for _ in 0..<3 {
            let logs = bench.hear(50, after: .seconds(1)).logs
            #expect(logs == ["(VI_1) received lower priority (50) advert from 10.9.0.11 - discarding"])
        }
        bench.reachDeadline()
        #expect(bench.state.description == "MASTER")
        #expect(bench.now.nanoseconds == 6_414_062_500)
    }

    @Test("The delay ends exactly when it has lasted")
    func delayBoundary() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preemptDelay = .seconds(1) })
        bench.hear(50)
        bench.hear(50, after: .nanoseconds(999_999_999))
        #expect(bench.nanosecondsLeft == 3_414_062_500)
        bench.hear(50, after: .nanoseconds(1))
        #expect(bench.nanosecondsLeft == 3_414_062_499)
    }

    @Test("A deserving master stops the delay, and the next weaker one starts it anew")
    func delayStops() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preemptDelay = .seconds(2) })
        bench.hear(50)
        #expect(bench.hear(150, after: .seconds(1)).logs == ["(VI_1) stop preempt delay"])
        #expect(bench.hear(150, after: .seconds(1)).logs.isEmpty)
        #expect(bench.hear(50, after: .seconds(1)).logs == ["(VI_1) start preempt delay (2.0)"])
        bench.hear(50, after: .milliseconds(1_900))
        #expect(bench.nanosecondsLeft == 3_414_062_500)
    }

    @Test("Neither silence nor a resignation is delayed")
    func notDelayed() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preemptDelay = .seconds(1_000) })
        bench.hear(50)
        #expect(bench.nanosecondsLeft == 3_414_062_500)
        bench.hear(0)
        #expect(bench.nanosecondsLeft == 414_062_500)
        bench.reachDeadline()
        #expect(bench.state.description == "MASTER")
    }

    @Test("The delay of a former reign is forgotten")
    func forgotten() {
        var bench = Bench(started: .tutorial(priority: 150) { $0.preemptDelay = .seconds(5) })
        bench.hear(50)
        bench.reachDeadline()
        bench.hear(200)
        #expect(bench.hear(50, after: .seconds(1)).logs == ["(VI_1) start preempt delay (5.0)"])
    }
}
