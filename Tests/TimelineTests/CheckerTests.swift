import Testing
import Timeline
import Wire

@Suite("Checkers of addresses")
struct AddressCheckerTests {
    private let checker = Checker.atMostOneOwner(of: Story.shared, overlapAllowed: .milliseconds(250))

    @Test("A handover within the allowance is no second owner")
    func briefOverlap() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 5)
        story.loses("node1", 5.25)
        #expect(checker.violations(story.timeline).isEmpty)
    }

    @Test("Two owners for longer are named, with how long it was")
    func longOverlap() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 5)
        story.loses("node1", 5.251)
        #expect(
            checker.violations(story.timeline) == [
                Violation(
                    at: at(5), "node1 and node2 had 192.168.1.100 together for 0.251 s, allowed 0.250 s",
                    window: at(5)...at(5.251))
            ])
    }

    @Test("An overlap that may have been short enough is not held against anybody")
    func uncertainOverlap() {
        var story = Story()
        story.gains("node1", 1)
        story.gains("node2", 5)
        story.loses("node1", 5.255, uncertainty: .milliseconds(10))
        #expect(checker.violations(story.timeline).isEmpty)
    }

    @Test("A crashed router that keeps the address is found at the end")
    func openOverlap() {
        let violations = checker.violations(Story.crash)
        #expect(
            violations.map(\.text) == [
                "node1 and node2 had 192.168.1.100 together for 5.976 s, and still at the end, allowed 0.250 s"
            ])
    }

    @Test("Five announcements within the time are enough, a sixth expected one is missed")
    func announcements() {
        let checker = { (count: Int) in
            Checker.announcement(
                of: Story.shared, by: "node2", count: count, within: .milliseconds(250), after: at(9.731))
        }
        #expect(checker(5).violations(Story.crash).isEmpty)
        #expect(
            checker(6).violations(Story.crash).map(\.text) == [
                "node2 announced 192.168.1.100 5 times within 0.250 s of taking it, expected 6"
            ])
    }

    @Test("Without a takeover there is nothing to announce, and that is told")
    func noTakeover() {
        let checker = Checker.announcement(
            of: Story.shared, by: "client", count: 5, within: .milliseconds(250), after: at(9.731))
        #expect(
            checker.violations(Story.crash) == [
                Violation(
                    at: at(19), node: "client", "client did not take over 192.168.1.100", window: at(9.731)...at(19))
            ])
    }
}

@Suite("Checkers of advertisements")
struct AdvertisementCheckerTests {
    private func failover(to new: String = "node2", _ bounds: ClosedRange<Int>) -> Checker {
        .failover(
            of: Story.shared, from: "node1", to: new, after: at(6),
            within: .milliseconds(bounds.lowerBound)...Duration.milliseconds(bounds.upperBound))
    }

    @Test("A takeover is measured from the last advertisement heard")
    func takeover() throws {
        let takeover = try #require(
            Story.crash.takeover(of: Story.shared, from: "node1", to: "node2", after: at(9.731)))
        #expect(takeover.lastHeard?.time == at(9.414_02))
        #expect(takeover.first.time == at(13.024))
        #expect(takeover.delay == .nanoseconds(3_609_980_000))
        #expect(failover(3607...3759).violations(Story.crash).isEmpty)
    }

    @Test("What the old router sends into a partition is not heard")
    func partition() {
        #expect(failover(3607...3759).violations(Story.partition).isEmpty)
    }

    @Test("A takeover outside of its bounds is told with both numbers", arguments: [3000...3609, 3610...4000])
    func outOfBounds(bounds: ClosedRange<Int>) {
        let texts = failover(bounds).violations(Story.crash).map(\.text)
        let allowed = bounds.lowerBound == 3000 ? "3.000...3.609 s" : "3.610...4.000 s"
        #expect(
            texts == [
                "node2 took over 192.168.1.100 3.610 s after the last advertisement that it heard from node1, "
                    + "allowed \(allowed)"
            ])
    }

    @Test("A router that never advertises has not taken over")
    func noTakeover() {
        #expect(
            failover(to: "client", 3607...3759).violations(Story.crash).map(\.text) == [
                "client did not take over 192.168.1.100"
            ])
    }

    @Test("A resignation is no takeover")
    func resignation() {
        var story = Story()
        story.advert(150, 1, from: "node1", to: ["node2"])
        story.advert(0, 7, from: "node2", to: ["node1"])
        #expect(story.timeline.takeover(of: Story.shared, from: "node1", to: "node2", after: at(2)) == nil)
    }

    @Test("A router that had heard nothing took over from nobody")
    func nothingHeard() {
        var story = Story()
        story.advert(150, 1, from: "node1")
        story.advert(100, 7, from: "node2")
        #expect(
            failover(3607...3759).violations(story.timeline) == [
                Violation(at: at(7), node: "node2", "node2 took over 192.168.1.100 without having heard node1")
            ])
    }

    @Test("Silence is broken by an advertisement within the window only")
    func silence() {
        let after = Checker.silence(of: "node1", during: at(9.731)...)
        #expect(after.violations(Story.crash).isEmpty)
        let before = Checker.silence(of: "node1", during: at(9)..<at(9.731))
        #expect(
            before.violations(Story.crash) == [
                Violation(at: at(9.414), node: "node1", "an advertisement from node1 was seen")
            ])
        #expect(Checker.silence(of: "node1", for: .v4(.any), during: at(0)...).violations(Story.crash).isEmpty)
    }

    @Test("A gap is found between advertisements and at the end of the window")
    func gaps() {
        let steady = Checker.noGap(
            inAdvertisementsFrom: "node1", longerThan: .milliseconds(1500), during: at(3.4)...at(9.7))
        #expect(steady.violations(Story.crash).isEmpty)
        let whole = Checker.noGap(
            inAdvertisementsFrom: "node1", longerThan: .milliseconds(1500), during: at(3.4)...at(12.414))
        #expect(
            whole.violations(Story.crash) == [
                Violation(
                    at: at(12.414), node: "node1", "node1 sent no advertisement for 3.000 s, allowed 1.500 s",
                    window: at(9.414)...at(12.414))
            ])
        let strict = Checker.noGap(
            inAdvertisementsFrom: "node1", longerThan: .milliseconds(999), during: at(3.414)...at(5.414))
        #expect(strict.violations(Story.crash).map(\.time) == [at(4.414), at(5.414)])
    }

    @Test("The interval is judged by its median, which one late advertisement does not move")
    func interval() {
        var story = Story()
        for time in [1.0, 2.0, 3.0, 4.9, 5.0] { story.advert(150, time, from: "node1") }
        let checker = { (low: Int, high: Int) in
            Checker.advertisementInterval(
                of: "node1", median: .milliseconds(low)...Duration.milliseconds(high), during: at(0)...at(6))
        }
        #expect(checker(980, 1020).violations(story.timeline).isEmpty)
        #expect(
            checker(1001, 1020).violations(story.timeline).map(\.text) == [
                "node1 advertised every 1.000 s (median), allowed 1.001...1.020 s"
            ])
        #expect(
            checker(980, 1020).violations(Timeline()).map(\.text) == [
                "node1 sent 0 advertisements: no interval to measure"
            ])
    }
}

@Suite("Checkers of anything")
struct GeneralCheckerTests {
    private let resigns = Landmark("node1 resigns") { event in
        event.isAdvertisement(from: "node1") && event.advertisement?.0.priority == 0
    }
    private let releases = Landmark("node1 gives the address up") { event in
        guard case .addressRemoved = event.kind else { return false }
        return event.node == "node1"
    }
    private let advertises = Landmark("node2 advertises") { $0.isAdvertisement(from: "node2") }

    @Test("What comes in the claimed order passes")
    func order() {
        let checker = Checker.order(after: at(4), [resigns, releases, advertises])
        #expect(checker.name == "order: node1 resigns, node1 gives the address up, node2 advertises")
        #expect(checker.violations(Story.resignation).isEmpty)
    }

    @Test("What comes too early and what does not come are both told")
    func wrongOrder() {
        let never = Landmark("the moon rises") { _ in false }
        let checker = Checker.order(after: at(4), [advertises, resigns, never])
        #expect(
            checker.violations(Story.resignation).map(\.text) == [
                "node1 resigns came 0.610 s before node2 advertises", "the moon rises did not happen",
            ])
    }

    @Test("What is too close to order is not held against the claim")
    func undecidedOrder() {
        var story = Story()
        story.loses("node1", 1.002, uncertainty: .milliseconds(2))
        story.advert(0, 1, from: "node1")
        #expect(Checker.order(after: at(0), [releases, resigns]).violations(story.timeline).isEmpty)
        #expect(Checker.order(after: at(0), [resigns, releases]).violations(story.timeline).isEmpty)
    }

    @Test("What must never be is found wherever it is")
    func never() {
        let exit = { @Sendable (event: TimelineEvent) in
            guard case .exited = event.kind else { return false }
            return true
        }
        #expect(Checker.never("an exit", during: ..<at(5), where: exit).violations(Story.resignation).isEmpty)
        #expect(
            Checker.never("an exit", during: at(5)..., where: exit).violations(Story.resignation) == [
                Violation(at: at(5.22), node: "node1", "an exit was seen")
            ])
    }

    @Test("A failure is inconclusive only when the host stood still in each of its windows")
    func judgement() {
        let checker = Checker.noGap(
            inAdvertisementsFrom: "node1", longerThan: .milliseconds(1500), during: at(1)...at(9))
        var story = Story()
        for time in [1.0, 2.0, 5.0, 6.0] { story.advert(150, time, from: "node1") }
        let violations = checker.violations(story.timeline)
        #expect(violations.map(\.time) == [at(5), at(9)])
        #expect(checker.judge(story.timeline) == .failed(violations))

        story.add(4.9, .stall(.milliseconds(2500)))
        #expect(checker.judge(story.timeline) == .failed(violations))

        story.add(8, .lost(source: "capture", count: nil))
        guard case .inconclusive(let doubtful, let reasons) = checker.judge(story.timeline) else {
            Issue.record("a stall and a loss explain both gaps")
            return
        }
        #expect(doubtful == violations)
        #expect(reasons.map(\.kind) == [.stall(.milliseconds(2500)), .lost(source: "capture", count: nil)])
    }

    @Test("A stall never turns a pass into anything else")
    func passWithStall() {
        var story = Story()
        story.add(5, .stall(.seconds(6)))
        #expect(Checker.silence(of: "node1", during: at(0)...).judge(story.timeline) == .passed)
    }
}
