import Testing
import Timeline
import Wire

/// A checker, and three stories: in one it holds, in one it does not, and in one nobody can tell.
struct Trial: Sendable, CustomTestStringConvertible {
    var checker: Checker
    var holds: Timeline
    /// What is said of the violation.
    var violated: (Timeline, String)
    var doubtful: Timeline

    var testDescription: String { checker.name }
}

@Suite("Every checker has three answers")
struct WindowCheckerTests {
    @Test("it holds, it is violated, and with a hole in the record it is inconclusive", arguments: Trial.all)
    func threeAnswers(_ trial: Trial) {
        #expect(trial.checker.judge(trial.holds) == .passed)
        let judgement = trial.checker.judge(trial.violated.0)
        #expect(judgement.outcome == .failed)
        #expect(judgement.violations.map(\.text) == [trial.violated.1])
        #expect(trial.checker.judge(trial.doubtful).outcome == .inconclusive)
    }

    @Test("A claim that something never happens is inconclusive without a control, and with one that is not seen")
    func controls() {
        let isExit = { @Sendable (event: TimelineEvent) in
            if case .exited = event.kind { true } else { false }
        }
        let judge = { (control: Landmark?) in
            Checker.never("an exit", during: at(1)...at(4), control: control, where: isExit).judge(Story.resignation)
        }
        #expect(judge(.advertisement(from: "node1")) == .passed)
        #expect(
            judge(nil).violations.map(\.text) == ["nothing shows that it would have been seen: give a positive control"]
        )
        #expect(judge(nil).outcome == .inconclusive)
        #expect(
            judge(.advertisement(from: "node2")).violations.map(\.text) == [
                "the positive control was not seen either: node2 advertises"
            ])
    }

    @Test("A breach is a breach without a control as well, unless the host stood still before it")
    func breachWithoutControl() {
        let isExit = { @Sendable (event: TimelineEvent) in
            if case .exited = event.kind { true } else { false }
        }
        let checker = Checker.never("an exit", during: at(1)...at(9), control: nil, where: isExit)
        #expect(checker.judge(Story.resignation).outcome == .failed)
        var stalled = Story()
        stalled.timeline = Story.resignation
        stalled.add(5.1, .stall(.milliseconds(500)))
        #expect(checker.judge(stalled.timeline).outcome == .inconclusive)
    }

    @Test("A stall of less than half of a window in which all is well changes nothing")
    func shortStall() {
        let checker = Checker.always(.address(Story.shared, on: "node1"), during: at(2)...at(4))
        var story = Story()
        story.gains("node1", 1)
        story.add(3, .stall(.milliseconds(900)))
        #expect(checker.judge(story.timeline) == .passed)
        story.add(4, .stall(.milliseconds(200)))
        #expect(checker.judge(story.timeline).outcome == .inconclusive)
    }

    @Test("A condition that nobody has told of is unknown; one that begins within the window did not hold before")
    func unknownBeginning() {
        let checker = Checker.always(.address(Story.shared, on: "node1"), during: at(2)...at(4))
        #expect(checker.judge(Timeline()).outcome == .inconclusive)
        var story = Story()
        story.gains("node1", 1)
        story.loses("node1", 1.5)
        story.gains("node1", 3)
        #expect(checker.judge(story.timeline).violations.map(\.text) == ["it was not so at the beginning"])
    }

    @Test("Counts are judged as they are written", arguments: [(2, 2), (3, 3), (1, 3)] as [(Int, Int)])
    func counts(_ low: Int, _ high: Int) {
        var story = Story()
        story.announces("node1", 1, count: 3)
        let checker = Checker.count(of: "announcements", low...high, during: at(0)...at(2)) {
            $0.announcedAddress == Story.shared
        }
        #expect(checker.judge(story.timeline).outcome == (low == 2 ? .failed : .passed))
        let open = Checker.count(of: "announcements", 4..., during: at(0)...at(2)) { $0.announcedAddress != nil }
        #expect(open.judge(story.timeline).violations.map(\.text) == ["announcements 3 times, expected at least 4"])
    }
}

extension Trial {
    private static let window = at(1)...at(9)
    private static let isAdvert = { @Sendable (event: TimelineEvent) in event.isAdvertisement(from: "node1") }

    static let all = [
        Trial(
            .atMostOneOwner(of: Story.shared, overlapAllowed: .milliseconds(250)), owners([1, 4]),
            (owners([1, 4], overlap: 2), "node1 and node2 had 192.168.1.100 together for 2.000 s, allowed 0.250 s"),
            owners([1, 4], overlap: 2, stallAt: 5)),
        Trial(
            .noFlap(of: Story.shared, moreOftenThan: 1, during: window), owners([1, 4]),
            (
                owners([1, 4, 6, 8]),
                "192.168.1.100 changed hands 3 times, allowed 1: node1, node2, node1, node2"
            ),
            owners([1, 4, 6, 8], stallAt: 3)),
        Trial(
            .always(.address(Story.shared, on: "node1"), during: at(2)...at(9)), owners([1]),
            (owners([1, 4]), "it ended 2.000 s after the beginning"), owners([1, 4], stallAt: 3)),
        Trial(
            .count(of: "advertisements", 9...9, during: window, where: isAdvert), adverts(1...9),
            (adverts(1...10, every: 0.5), "advertisements 10 times, expected exactly 9"), adverts(1...8, stallAt: 5)),
        Trial(
            .noGap(in: "node1", longerThan: .milliseconds(1500), during: window, where: isAdvert), adverts(1...9),
            (adverts(1...7), "node1 paused for 2.000 s, allowed 1.500 s"), adverts(1...7, stallAt: 8)),
        Trial(
            .silence(of: "node2", during: window), adverts(1...9),
            (adverts(1...1, from: "node2"), "an advertisement from node2 was seen"),
            adverts(1...1, from: "node2", stallAt: 1.01)),
        Trial(
            .failover(
                of: Story.shared, from: "node1", to: "node2", after: at(9.731),
                within: .milliseconds(3607)...Duration.milliseconds(3759)), Story.crash,
            (
                Story.partition,
                "node2 took over 192.168.1.100 4.610 s after the last advertisement that it heard from node1, "
                    + "allowed 3.607...3.759 s"
            ), spoiled(Story.partition, stallAt: 8)),
        Trial(
            .announcement(of: Story.shared, by: "node2", count: 5, within: .milliseconds(250), after: at(6)),
            Story.crash,
            (
                announcedOnce,
                "node2 announced 192.168.1.100 1 times within 0.250 s of taking it, expected 5"
            ), spoiled(announcedOnce, stallAt: 7.2)),
        Trial(
            .order(
                during: at(1)...at(10), [.advertisement(from: "node1"), .advertisement(from: "node2")]),
            Story.partition, (twoMasters, "node2 advertises came 2.000 s before node1 advertises"),
            spoiled(twoMasters, stallAt: 3)),
    ]

    private init(_ checker: Checker, _ holds: Timeline, _ violated: (Timeline, String), _ doubtful: Timeline) {
        self.init(checker: checker, holds: holds, violated: violated, doubtful: doubtful)
    }

    private static func spoiled(_ timeline: Timeline, stallAt seconds: Double?) -> Timeline {
        var story = Story()
        story.timeline = timeline
        if let seconds { story.add(seconds, .stall(.milliseconds(300))) }
        return story.timeline
    }

    /// node1 and node2 have the address in turn, from these times on, and each loses it when the other has it, or so
    /// much later.
    private static func owners(_ times: [Double], overlap: Double = 0, stallAt: Double? = nil) -> Timeline {
        var story = Story()
        for (number, time) in times.enumerated() {
            let node = "node\(1 + number % 2)"
            story.gains(node, time)
            if number + 1 < times.count { story.loses(node, times[number + 1] + overlap) }
        }
        return spoiled(story.timeline, stallAt: stallAt)
    }

    private static func adverts(
        _ numbers: ClosedRange<Int>, every interval: Double = 1, from node: String = "node1", stallAt: Double? = nil
    ) -> Timeline {
        var story = Story()
        for number in numbers { story.advert(150, 1 + Double(number - 1) * interval, from: node) }
        return spoiled(story.timeline, stallAt: stallAt)
    }

    private static let announcedOnce: Timeline = {
        var story = Story()
        story.gains("node2", 7)
        story.announces("node2", 7.1, count: 1)
        story.add(9, .step("end"))
        return story.timeline
    }()

    private static let twoMasters: Timeline = {
        var story = Story()
        story.advert(100, 2, from: "node2")
        story.advert(150, 4, from: "node1")
        return story.timeline
    }()
}
