import Testing
import Timeline
import VRRPSimulator
import Wire

/// Each invariant at its bound: a moment earlier it has nothing to say, a moment later it has.
///
/// node1 claims 150, node2 100, in v2: skew times 0.4140625 s and 0.609375 s, MDI_max 3.609375 s, L 0.0001 s.
@Suite struct InvariantTests {
    /// A record written by hand: who gains and loses the address, in nanoseconds.
    private struct Record {
        var timeline = Timeline()

        mutating func gains(_ host: Int, _ nanoseconds: Int64) {
            add(host, nanoseconds, .addressAdded(IPPrefix(host: Scenario.address), interface: "eth0"))
        }

        mutating func loses(_ host: Int, _ nanoseconds: Int64) {
            add(host, nanoseconds, .addressRemoved(IPPrefix(host: Scenario.address), interface: "eth0"))
        }

        mutating func says(_ state: String, _ host: Int, _ nanoseconds: Int64) {
            let line = "INSTANCE \"VI_1\" \(state) 100"
            add(host, nanoseconds, .output(process: "vrrpd", stream: .standardOutput, line: line))
        }

        mutating func dies(_ host: Int, _ nanoseconds: Int64) {
            add(host, nanoseconds, .exited(process: "vrrpd", .signaled(number: 9)))
        }

        private mutating func add(_ host: Int, _ nanoseconds: Int64, _ kind: TimelineEvent.Kind) {
            timeline.append(TimelineEvent(at: Instant(nanoseconds: nanoseconds), node: "node\(host)", kind))
        }
    }

    /// When an invariant first objects to a minute of such a record, in nanoseconds.
    private func objection(
        _ invariant: Invariant, preempts: Bool = true, after schedule: [FaultSchedule.Entry] = [],
        _ write: (inout Record) -> Void
    ) -> Int64? {
        let scenario = Scenario(priorities: [150, 100], preempts: preempts, duration: .seconds(60), schedule)
        var record = Record()
        write(&record)
        return invariant.checker(of: scenario).violations(record.timeline).first?.time.nanoseconds
    }

    @Test("one owner: MDI_max and 4L after the start somebody must own")
    func oneOwner() {
        #expect(objection(.oneOwner) { $0.gains(1, 3_609_775_000) } == nil)
        #expect(objection(.oneOwner) { $0.gains(1, 3_609_775_001) } == 3_609_775_000)
        #expect(objection(.oneOwner, after: [.init(.seconds(1), .split([.host(1)]))]) { _ in } == nil)
    }

    @Test("one owner: where a daemon stands still with the address, nothing is asked")
    func excused() {
        let write = { (record: inout Record) in
            record.gains(1, 3_000_000_000)
            record.gains(2, 14_000_000_000)
        }
        #expect(objection(.oneOwner, after: [.init(.seconds(10), .pause(1))], write) == nil)
        #expect(objection(.oneOwner, write) == 14_000_000_000)
    }

    @Test("no vacancy: MDI_max and L after the start at the latest")
    func noVacancy() {
        #expect(objection(.noVacancy) { $0.gains(2, 3_609_475_000) } == nil)
        #expect(objection(.noVacancy) { $0.gains(2, 3_609_475_001) } == 3_609_475_000)
    }

    @Test("succession: the skew time and L after a resignation")
    func succession() {
        let stop = [FaultSchedule.Entry(.seconds(20), .stop(1))]
        let handover = { (time: Int64) in
            { (record: inout Record) in
                record.gains(1, 3_414_062_500)
                record.loses(1, 20_000_000_000)
                record.gains(2, time)
            }
        }
        #expect(objection(.successionAfterResignation, after: stop, handover(20_609_475_000)) == nil)
        #expect(objection(.successionAfterResignation, after: stop, handover(20_609_475_001)) == 20_609_475_000)
    }

    @Test("brief overlap: 2L, and 3L when a priority changed")
    func briefOverlap() {
        let overlap = { (end: Int64) in
            { (record: inout Record) in
                record.gains(1, 3_414_062_500)
                record.gains(2, 20_000_000_000)
                record.loses(2, end)
            }
        }
        #expect(objection(.briefOverlap, overlap(20_000_200_000)) == nil)
        #expect(objection(.briefOverlap, overlap(20_000_200_001)) == 20_000_000_000)
        let change = [FaultSchedule.Entry(.seconds(18), .priority(2, 200))]
        #expect(objection(.briefOverlap, after: change, overlap(20_000_300_000)) == nil)
        #expect(objection(.briefOverlap, after: change, overlap(20_000_300_001)) == 20_000_000_000)
        #expect(
            objection(.briefOverlap, after: [.init(.seconds(10), .cut(from: 1, to: 2))], overlap(50_000_000_000)) == nil
        )
    }

    @Test("masters meet: an interval and L after a cut is mended, 2L after a pause")
    func mastersMeet() {
        let both = { (end: Int64) in
            { (record: inout Record) in
                record.gains(1, 3_414_062_500)
                record.gains(2, 14_000_000_000)
                record.loses(2, end)
            }
        }
        let cut = [FaultSchedule.Entry(.seconds(10), .split([.host(1)])), .init(.seconds(20), .mendAll)]
        #expect(objection(.mastersMeetAfterCut, after: cut, both(21_000_100_000)) == nil)
        #expect(objection(.mastersMeetAfterCut, after: cut, both(21_000_100_001)) == 21_000_100_000)
        let pause = [FaultSchedule.Entry(.seconds(10), .pause(1)), .init(.seconds(20), .resume(1))]
        #expect(objection(.mastersMeetAfterPause, after: pause, both(20_000_200_000)) == nil)
        #expect(objection(.mastersMeetAfterPause, after: pause, both(20_000_200_001)) == 20_000_200_000)
    }

    @Test("the highest priority owns, unless somebody has nopreempt")
    func highestPriority() {
        #expect(objection(.highestPriority) { $0.gains(2, 3_609_375_000) } == 3_609_775_000)
        #expect(objection(.highestPriority) { $0.gains(1, 3_609_375_000) } == nil)
        #expect(objection(.highestPriority, preempts: false) { $0.gains(2, 3_609_375_000) } == nil)
    }

    @Test("quiet: a change of owners without cause, and an address that is given back at once")
    func quiet() {
        let flash = { (record: inout Record) in
            record.gains(1, 3_414_062_500)
            record.gains(2, 30_000_000_000)
            record.loses(2, 30_000_000_000)
        }
        #expect(objection(.quietOnceSettled, flash) == 30_000_000_000)
        #expect(objection(.quietOnceSettled) { $0.gains(1, 3_414_062_500) } == nil)
    }

    @Test("address follows state: the master has it, nobody else, and nobody without a carrier")
    func addressFollowsState() {
        let sound = { (record: inout Record) in
            record.gains(1, 3_414_062_500)
            record.says("MASTER", 1, 3_414_062_500)
        }
        #expect(objection(.addressFollowsState, sound) == nil)
        #expect(objection(.addressFollowsState) { $0.gains(1, 3_414_062_500) } == 3_414_062_500)
        #expect(objection(.addressFollowsState) { $0.says("MASTER", 1, 3_414_062_500) } == 3_414_062_500)
        #expect(objection(.addressFollowsState, after: [.init(.seconds(9), .unplug(1))], sound) == 9_000_000_000)
        let dead = { (record: inout Record) in
            sound(&record)
            record.dies(1, 9_000_000_000)
        }
        #expect(objection(.addressFollowsState, after: [.init(.seconds(9), .kill(1))], dead) == nil)
    }

    @Test("no usurper: a master that is heard stays, unless a stronger host preempts")
    func noUsurper() {
        let usurpation = { (owner: Int, taker: Int) in
            { (record: inout Record) in
                record.gains(owner, 3_414_062_500)
                record.gains(taker, 20_000_000_000)
            }
        }
        #expect(objection(.noUsurper, usurpation(1, 2)) == 20_000_000_000)
        #expect(objection(.noUsurper, usurpation(2, 1)) == nil)
        #expect(objection(.noUsurper, preempts: false, usurpation(2, 1)) == 20_000_000_000)
        #expect(objection(.noUsurper, after: [.init(.seconds(19), .cut(from: 1, to: 2))], usurpation(1, 2)) == nil)
        #expect(
            objection(.noUsurper, after: [.init(.seconds(19), .cut(from: 2, to: 1))], usurpation(1, 2))
                == 20_000_000_000)
    }
}
