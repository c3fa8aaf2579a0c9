import Testing
import VRRPCore
import Wire

@Suite("Timers, to the nanosecond")
struct TimerTests {
    @Test(
        "A v2 backup waits three intervals and a skew of one second's part",
        arguments: [
            (1, 1, 3_996_093_750), (100, 1, 3_609_375_000), (150, 1, 3_414_062_500), (254, 1, 3_007_812_500),
            (255, 1, 3_003_906_250), (100, 5, 15_609_375_000), (100, 255, 765_609_375_000),
        ] as [(UInt8, Int, Int64)])
    func downIntervalOfVersion2(priority: UInt8, seconds: Int, expected: Int64) {
        let bench = Bench(started: .tutorial(priority: priority) { $0.advertisementInterval = .seconds(seconds) })
        #expect(bench.nanosecondsLeft == expected)
    }

    @Test(
        "A v3 backup waits three intervals and a skew of the interval's part",
        arguments: [
            (100, 100, 3_609_375_000), (150, 100, 3_414_062_500), (100, 10, 360_937_500), (100, 1, 36_093_750),
            (100, 500, 18_046_875_000), (100, 4095, 147_803_906_250), (101, 1, 36_054_687),
        ] as [(UInt8, Int, Int64)])
    func downIntervalOfVersion3(priority: UInt8, centiseconds: Int, expected: Int64) {
        let bench = Bench(
            started: .tutorial(.v3, priority: priority) {
                $0.advertisementInterval = .milliseconds(10 * centiseconds)
            })
        #expect(bench.nanosecondsLeft == expected)
    }

    @Test("down_timer_adverts replaces the three")
    func downTimerAdvertisements() {
        let bench = Bench(started: .tutorial { $0.downTimerAdvertisements = 5 })
        #expect(bench.nanosecondsLeft == 5_609_375_000)
        #expect(bench.virtualRouter.activeDownInterval == .nanoseconds(5_609_375_000))
    }

    @Test("An accepted advertisement starts the wait over")
    func advertisementRearms() {
        var bench = Bench(started: .tutorial())
        for delay in [300, 300, 2_900] {
            bench.hear(200, after: .milliseconds(delay))
            #expect(bench.nanosecondsLeft == 3_609_375_000)
        }
    }

    @Test("A resignation leaves the skew, and each one anew")
    func resignation() {
        var bench = Bench(started: .tutorial())
        bench.hear(200)
        for _ in 0..<3 {
            bench.hear(0, after: .milliseconds(400))
            #expect(bench.nanosecondsLeft == 609_375_000)
        }
        bench.hear(200, after: .milliseconds(300))
        #expect(bench.nanosecondsLeft == 3_609_375_000)
    }

    @Test("A v3 backup learns the master's interval, for silence and for resignation")
    func learning() {
        var bench = Bench(started: .tutorial(.v3))
        let logs = bench.hear(200, every: .seconds(3)).logs
        #expect(logs == ["(VI_1) advertisement interval updated from 1000ms to 3000ms by master"])
        #expect(bench.nanosecondsLeft == 10_828_125_000)
        bench.hear(200, every: .milliseconds(100))
        #expect(bench.nanosecondsLeft == 360_937_500)
        #expect(bench.virtualRouter.activeDownInterval == .nanoseconds(360_937_500))
        bench.hear(0, every: .milliseconds(100))
        #expect(bench.nanosecondsLeft == 60_937_500)
    }

    @Test("The interval of an ignored or resigning router is not learned")
    func notLearning() {
        var bench = Bench(started: .tutorial(.v3))
        bench.hear(50, every: .milliseconds(40_950))
        #expect(bench.nanosecondsLeft == 3_609_375_000)
        bench.hear(0, every: .milliseconds(40_950))
        #expect(bench.nanosecondsLeft == 609_375_000)
    }

    @Test("A master forgets what it learned as a backup")
    func ownIntervalAgain() {
        var bench = Bench(started: .tutorial(.v3))
        bench.hear(200, every: .seconds(3))
        bench.reachDeadline()
        #expect(bench.nanosecondsLeft == 1_000_000_000)
    }

    @Test("A yielding master waits by the winner's interval and its own priority")
    func yieldingWithInterval() {
        var bench = Bench(active: .tutorial(.v3))
        bench.hear(200, every: .seconds(3))
        #expect(bench.nanosecondsLeft == 10_828_125_000)
    }

    @Test("A master that is served a little late keeps its rhythm")
    func noDrift() {
        var bench = Bench(active: .tutorial())
        for lateness in [0, 7, 999] {
            bench.send(.deadline, after: .nanoseconds(bench.nanosecondsLeft ?? 0) + .milliseconds(lateness))
            #expect(bench.nanosecondsLeft == Int64(1_000 - lateness) * 1_000_000)
        }
    }

    @Test("A master that missed a whole beat sends one advertisement and starts a new rhythm")
    func noCatchingUp() {
        var bench = Bench(active: .tutorial { $0.announcement.delay = .zero })
        #expect(bench.send(.deadline, after: .seconds(2)).steps == ["advertise 100"])
        #expect(bench.nanosecondsLeft == 1_000_000_000)
        #expect(bench.send(.deadline, after: .seconds(60)).steps == ["advertise 100"])
        #expect(bench.nanosecondsLeft == 1_000_000_000)
    }

    @Test("A deadline that comes a nanosecond too early changes nothing")
    func tooEarly() {
        for start in [Bench(started: .tutorial()), Bench(active: .tutorial())] {
            var bench = start
            bench.now = bench.now + .nanoseconds((bench.nanosecondsLeft ?? 0) - 1)
            let before = bench
            #expect(bench.send(.deadline).isEmpty)
            #expect(bench == before)
        }
    }

    @Test("IPv6 has the same numbers")
    func version6() throws {
        var configuration = VirtualRouterConfiguration(
            name: "VI_6", version: .v3, family: .ipv6, interface: "eth0", virtualRouterID: 66)
        let address = try #require(IPAddress("fe80::66"))
        configuration.addresses = [VirtualAddress(IPPrefix(host: address), interface: "eth0")]
        var bench = Bench(configuration)
        bench.send(.interface("eth0", InterfaceState(isUp: true, linkLocalIPv6: IPv6Address("fe80::a"))))
        bench.send(.start)
        #expect(bench.nanosecondsLeft == 3_609_375_000)
        let transmission = try #require(bench.reachDeadline().transmissions.first)
        #expect(transmission.source == IPAddress("fe80::a"))
        #expect(transmission.destinations == [.v6(.vrrpGroup)])
    }
}
