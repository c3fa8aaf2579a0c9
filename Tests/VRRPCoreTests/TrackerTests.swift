import Testing
import VRRPCore
import Wire

@Suite("Tracking")
struct TrackerTests {
    private static func script(rise: Int = 1, fall: Int = 1, startsFailed: Bool = false) -> [ScriptConfiguration] {
        var script = ScriptConfiguration(name: "chk")
        (script.rise, script.fall, script.startsFailed) = (rise, fall, startsFailed)
        return [script]
    }

    private static func tracking(
        weight: Int, reversed: Bool = false, priority: UInt8 = 100
    ) -> VirtualRouterConfiguration {
        .tutorial(priority: priority) {
            $0.trackedScripts = [TrackedItem("chk", weight: weight, isReversed: reversed)]
        }
    }

    @Test("The first result decides alone")
    func firstResult() {
        for (succeeded, state, line) in [(true, "BACKUP", "succeeded"), (false, "FAULT", "failed")] {
            var bench = Bench(started: Self.tracking(weight: 0), scripts: Self.script(rise: 3, fall: 3))
            #expect(bench.state.description == "INIT")
            #expect(bench.nanosecondsLeft == nil)
            let logs = bench.send(.scriptResult(name: "chk", succeeded: succeeded)).logs
            #expect(logs == ["VRRP_Script(chk) \(line)", "(VI_1) Entering \(state) STATE"])
            #expect(bench.state.description == state)
        }
    }

    @Test("rise and fall count results in a row, and one contrary result starts the count over")
    func hysteresis() {
        var bench = Bench(started: Self.tracking(weight: 0), scripts: Self.script(rise: 2, fall: 3))
        var states: [String] = []
        for result in "+--+---+-++---" {
            bench.send(.scriptResult(name: "chk", succeeded: result == "+"))
            states.append(String(bench.state.description.prefix(1)))
        }
        #expect(states.joined() == "BBBBBBFFFFBBBF")
    }

    @Test("A script that starts failed needs rise successes")
    func startsFailed() {
        var bench = Bench(started: Self.tracking(weight: 0), scripts: Self.script(rise: 2, startsFailed: true))
        #expect(bench.state == .initialize([.trackedScript("chk")]))
        bench.send(.scriptResult(name: "chk", succeeded: true))
        #expect(bench.state.description == "FAULT")
        bench.send(.scriptResult(name: "chk", succeeded: true))
        #expect(bench.state.description == "BACKUP")
    }

    @Test("A reversed script without weight is a fault when it succeeds")
    func reversedFault() {
        var bench = Bench(started: Self.tracking(weight: 0, reversed: true), scripts: Self.script())
        bench.send(.scriptResult(name: "chk", succeeded: true))
        #expect(bench.state.description == "FAULT")
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.state.description == "BACKUP")
    }

    @Test("A script that is not configured is as good as not tracked")
    func unknownScript() {
        var bench = Bench(started: Self.tracking(weight: 0))
        #expect(bench.state.description == "BACKUP")
        #expect(bench.send(.scriptResult(name: "chk", succeeded: false)).isEmpty)
    }

    @Test("A master whose script fails resigns twice and waits a full interval after the repair")
    func masterFault() {
        var bench = Bench(started: Self.tracking(weight: 0), scripts: Self.script())
        bench.send(.scriptResult(name: "chk", succeeded: true))
        bench.reachDeadline()
        let actions = bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(actions.steps == ["advertise 0", "advertise 0", "remove 1", "FAULT 100"])
        #expect(
            actions.logs == [
                "VRRP_Script(chk) failed", "(VI_1) sent 0 priority", "(VI_1) sent 0 priority",
                "(VI_1) removing VIPs.", "(VI_1) Entering FAULT STATE",
            ])
        #expect(bench.nanosecondsLeft == nil)
        bench.send(.scriptResult(name: "chk", succeeded: true), after: .seconds(9))
        #expect(bench.nanosecondsLeft == 3_609_375_000)
    }

    @Test(
        "A weight counts on its own side only",
        arguments: [
            (20, false, 100, 120, 100), (-20, false, 100, 100, 80),
            (20, true, 100, 80, 100), (-20, true, 100, 100, 120),
        ] as [(Int, Bool, UInt8, UInt8, UInt8)])
    func weights(weight: Int, reversed: Bool, pending: UInt8, good: UInt8, failed: UInt8) {
        var bench = Bench(started: Self.tracking(weight: weight, reversed: reversed), scripts: Self.script())
        #expect(bench.state.description == "BACKUP")
        #expect(bench.virtualRouter.effectivePriority.rawValue == pending)
        bench.send(.scriptResult(name: "chk", succeeded: true))
        #expect(bench.virtualRouter.effectivePriority.rawValue == good)
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.virtualRouter.effectivePriority.rawValue == failed)
    }

    @Test("The sum is unbounded, what is claimed stays within 1 and 254")
    func clamping() {
        for (weight, total, effective) in [(-200, -100, 1), (200, 300, 254)] as [(Int, Int, UInt8)] {
            var bench = Bench(started: Self.tracking(weight: weight), scripts: Self.script())
            bench.send(.scriptResult(name: "chk", succeeded: weight > 0))
            #expect(bench.virtualRouter.totalPriority == total)
            #expect(bench.virtualRouter.effectivePriority.rawValue == effective)
        }
    }

    @Test("An owner is moved by faults and not by weights")
    func owner() {
        var bench = Bench(started: Self.tracking(weight: -50, priority: 255), scripts: Self.script())
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.virtualRouter.effectivePriority.rawValue == 255)
        bench = Bench(started: Self.tracking(weight: 0, priority: 255), scripts: Self.script())
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.state.description == "FAULT")
    }

    @Test("A new priority moves a backup's deadline by the difference in skew")
    func shiftedDeadline() {
        var bench = Bench(started: Self.tracking(weight: -50), scripts: Self.script())
        let actions = bench.send(.scriptResult(name: "chk", succeeded: false), after: .seconds(1))
        #expect(
            actions.logs == ["VRRP_Script(chk) failed", "(VI_1) Changing effective priority from 100 to 50"])
        #expect(actions.steps.isEmpty)
        #expect(bench.nanosecondsLeft == 2_804_687_500)
        bench.send(.scriptResult(name: "chk", succeeded: true), after: .seconds(1))
        #expect(bench.nanosecondsLeft == 1_609_375_000)
    }

    @Test("A new priority shows in the master's next advertisement, not before")
    func nextAdvertisement() {
        var bench = Bench(active: Self.tracking(weight: -50), scripts: Self.script())
        #expect(bench.send(.scriptResult(name: "chk", succeeded: false), after: .milliseconds(300)).steps.isEmpty)
        #expect(bench.nanosecondsLeft == 700_000_000)
        #expect(bench.reachDeadline().steps == ["advertise 50"])
    }

    @Test("A raised priority is what advertisements are measured by")
    func raised() {
        var bench = Bench(started: Self.tracking(weight: 60), scripts: Self.script())
        bench.hear(150)
        bench.send(.scriptResult(name: "chk", succeeded: true))
        bench.hear(150, after: .seconds(1))
        #expect(bench.nanosecondsLeft == 2_375_000_000)
    }

    @Test("A tracked interface without weight is a fault while it is down or unknown")
    func trackedInterface() {
        var bench = Bench(started: .tutorial { $0.trackedInterfaces = [TrackedItem("eth1")] })
        #expect(bench.state == .initialize([.trackedInterface("eth1")]))
        bench.send(.interface("eth1", InterfaceState(isUp: true)))
        #expect(bench.state.description == "BACKUP")
        bench.reachDeadline()
        let steps = bench.send(.interface("eth1", .absent)).steps
        #expect(steps == ["advertise 0", "advertise 0", "remove 1", "FAULT 100"])
    }

    @Test("A tracked interface with weight changes the priority, and several sum up")
    func weightedInterfaces() {
        var bench = Bench(
            started: .tutorial {
                $0.trackedInterfaces = [TrackedItem("eth1", weight: -30), TrackedItem("eth2", weight: 10)]
            })
        #expect(bench.virtualRouter.effectivePriority.rawValue == 70)
        bench.send(.interface("eth1", InterfaceState(isUp: true)))
        #expect(bench.virtualRouter.effectivePriority.rawValue == 100)
        bench.send(.interface("eth2", InterfaceState(isUp: true)))
        #expect(bench.virtualRouter.effectivePriority.rawValue == 110)
    }

    @Test("All reasons must go before the router comes back")
    func allReasons() {
        var bench = Bench(
            started: .tutorial { $0.trackedScripts = [TrackedItem("chk")] }, scripts: Self.script())
        bench.send(.scriptResult(name: "chk", succeeded: false))
        #expect(bench.send(.interface("eth0", .down)).steps.isEmpty)
        #expect(bench.send(.scriptResult(name: "chk", succeeded: true)).steps.isEmpty)
        #expect(bench.state == .initialize([.interfaceDown]))
        #expect(bench.send(.interface("eth0", .ready)).steps == ["BACKUP 100"])
    }

    @Test("What is known before the start counts at the start, silently")
    func beforeStart() {
        var bench = Bench(Self.tracking(weight: 0), scripts: Self.script())
        #expect(bench.send(.interface("eth0", .ready)).isEmpty)
        #expect(
            bench.send(.scriptResult(name: "chk", succeeded: true)).logs == ["VRRP_Script(chk) succeeded"])
        #expect(bench.state == .initialize([.notRunning]))
        #expect(bench.send(.start).steps == ["remove 1", "BACKUP 100"])
    }
}
