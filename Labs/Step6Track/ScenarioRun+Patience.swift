import LabCourse
import NetnsKit
import Timeline
import Wire

/// What must not move the address, or not often.
extension ScenarioRun {
    /// One bad answer and then good ones again: nothing may come of it.
    func missOnce() async throws {
        guard let pair = try await startWatched() else { return }
        let patience = pair.plan.interval + pair.plan.timeout + .seconds(1)
        guard try await expectAnswer(200, within: patience, since: lab.step("the next question to /health")) != nil
        else { return }
        try await setHealth(of: "node1", isGood: false)
        let start = lab.step("/health says 503, once")
        guard let bad = try await expectAnswer(503, within: patience, since: start) else { return }
        try await setHealth(of: "node1", isGood: true)
        guard let good = try await expectAnswer(200, within: patience, since: bad.time) else { return }
        let whole = pair.first.effectivePriority() ?? 0
        let span = pair.plan.interval * 2 + pair.rivalTimes.masterDown(pair.rival) + pair.interval
        try await expectNever(
            "one bad answer changes node1's priority, or its place", for: span, since: bad.time,
            control: .advertisement(from: "node1"),
            explanation: "With fall \(pair.plan.fall) a single bad answer is enough; write fall 2 or more."
        ) { event in
            event.isClaim(by: "node2")
                || event.isAdvertisement(from: "node1") && Int(event.advertisement?.0.priority ?? 0) != whole
        }
        let answers = lab.timeline[bad.time...good.time].count { $0.isHealthAnswer(of: "node1", 503) }
        judge("it was asked meanwhile", answers > 0, expected: "503 at least once", observed: "\(answers) times")
    }

    /// The service is bad and good in turn, for two questions each: at most one move in ten seconds.
    func flap() async throws {
        guard let pair = try await startWatched() else { return }
        let start = lab.step("bad and good in turn")
        var isGood = true
        repeat {
            isGood.toggle()
            let began = lab.step(isGood ? "/health says 200" : "/health says 503")
            try await setHealth(of: "node1", isGood: isGood)
            // Right behind a question, so that there is time until the next.
            guard try await expectTwoAnswers(isGood ? 200 : 503, pair.plan, since: began) else { return }
        } while lab.elapsed(since: start) < Self.flapping
        let window = start...start + Self.flapping
        let moves = lab.timeline.moves(of: LabNetwork.virtualAddress, in: window)
        let bad = lab.timeline[window].count { $0.isHealthAnswer(of: "node1", 503) }
        let good = lab.timeline[window].count { $0.isHealthAnswer(of: "node1", 200) }
        judge(
            "bad and good in turn", bad >= pair.plan.fall && good > 0,
            expected: "at least \(pair.plan.fall) bad answers, and good ones",
            observed: "\(bad) bad and \(good) good", window: window)
        let (title, expected) = ("the address does not flap", "at most 1 move in \(Self.flapping.text)")
        let streak = lab.timeline[window].longestStreak(of: [200, 503], from: "node1", apart: pair.plan.interval / 2)
        guard moves.count <= 1 || streak <= 2 else {
            let observed = "\(moves.count) moves, but \(streak) equal answers in a row"
            return record(CheckResult(title, .inconclusive, expected: expected, observed: observed))
        }
        judge(
            title, moves.count <= 1, expected: expected, observed: "\(moves.count) moves", window: window,
            explanation: """
                The node is trusted again after \(pair.plan.rise) good answers, and lost again after \
                \(pair.plan.fall) bad ones: it needs a larger rise.
                """)
    }

    private static let flapping: Duration = .seconds(10)

    /// Waits for the answers of two runs; one run may ask more than once.
    private func expectTwoAnswers(_ status: Int, _ plan: CheckPlan, since start: Instant) async throws -> Bool {
        let patience = plan.interval + plan.timeout + .seconds(1)
        guard let first = try await expectAnswer(status, within: patience, since: start) else { return false }
        return try await expectAnswer(status, within: patience, since: first.time + plan.interval / 2) != nil
    }

    private func expectAnswer(_ status: Int, within limit: Duration, since start: Instant) async throws
        -> TimelineEvent?
    {
        try await expect(
            "the check asks for /health", within: limit, since: start,
            explanation: "The step wants a question to http://127.0.0.1/health in each run."
        ) { $0.isHealthAnswer(of: "node1", status) }
    }
}

extension Timeline {
    /// Each time that a node's kernel got an address which it had not.
    func moves(of address: IPAddress, in window: ClosedRange<Instant>) -> [TimelineEvent] {
        self[window].events.filter { event in
            guard case .addressAdded(let prefix, _) = event.kind else { return false }
            return prefix.address == address
        }
    }

    /// How many questions in a row got the same answer; those that follow one another faster belong to one run.
    func longestStreak(of answers: [Int], from node: String, apart distance: Duration) -> Int {
        var (longest, length) = (0, 0)
        var last: (answer: Int, time: Instant)?
        for event in self {
            guard let answer = answers.first(where: { event.isHealthAnswer(of: node, $0) }) else { continue }
            if let last, last.answer == answer, event.time - last.time < distance { continue }
            length = last?.answer == answer ? length + 1 : 1
            longest = Swift.max(longest, length)
            last = (answer, event.time)
        }
        return longest
    }
}
