import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

extension ScenarioRun {
    /// Lets a trouble befall node1's service: the address must move to node2 in time, and come back when it is over.
    func undergo(_ trouble: Trouble) async throws {
        guard let pair = try await startWatched() else { return }
        try await startClient(trouble.client)
        let onset = try await trouble.begin(self)
        guard let move = try await checkMove(pair, trouble, onset) else { return }
        checkPriority(pair, before: move, since: onset.seen)
        // A master that yields may send one last advertisement; after it, it is quiet.
        let limit = move.time - onset.began + .seconds(1)
        let yield = try await expect("node1 gives the address up", within: limit, since: onset.began) {
            $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
        }
        guard yield != nil else { return }
        try await expectPage(from: "node2", since: move.time)
        let away = lab.timeline
        let back = try await trouble.end(self)
        try await checkComeback(pair, trouble, since: back)
        checkClient(pair, trouble, onset, away, returned: back)
        checkOneOwner(until: back)
    }

    private func checkMove(
        _ pair: WatchedPair, _ trouble: Trouble, _ onset: Trouble.Onset
    ) async throws -> TimelineEvent? {
        let plan = pair.plan
        let bound = plan.move(to: pair.rivalTimes, priority: pair.rival, isSlow: trouble.isSlow)
        let title = "node2 takes over"
        let first = try await expect(
            title, within: bound.upperBound + .seconds(1), since: onset.seen, explanation: pair.obstacle
        ) { $0.isClaim(by: "node2") }
        guard let first else {
            if pair.obstacle == nil { explainSilence(of: plan.name) }
            return nil
        }
        check(
            "\(title), fall \(plan.fall) x \(plan.interval.text)", first.time - onset.seen, within: bound,
            window: onset.seen...first.time)
        guard plan.weight == 0 else { return first }
        let resignation = lab.timeline.first(after: onset.began) { $0.isResignation(of: "node1") }
        if let resignation, resignation.time <= first.time {
            check(
                "and so soon after node1 has resigned", first.time - resignation.time,
                within: pair.rivalTimes.bound(pair.rivalTimes.skew(pair.rival)),
                window: resignation.time...first.time)
        }
        return first
    }

    /// A daemon that never said a word of the check does not run it.
    private func explainSilence(of script: String) {
        let hasSpoken = lab.timeline.contains { $0.node == "node1" && $0.scriptVerdict?.script == script }
        judge(
            "node1 runs \(script)", hasSpoken, expected: "its verdict in node1's log",
            observed: hasSpoken ? "there" : "not a word",
            explanation: "A check that cannot be run is dropped: \(ServiceFile.check) must be there, with mode 700.")
    }

    /// The last word of node1 before the move must be what its file comes to with the checks that its log says failed.
    private func checkPriority(_ pair: WatchedPair, before move: TimelineEvent, since start: Instant) {
        let failed = failedScripts(of: "node1", in: start...move.time).union([pair.plan.name])
        let expected = pair.first.effectivePriority(failing: failed) ?? 0
        let last = lab.timeline.last(before: move.time) { $0.isAdvertisement(from: "node1") }
        let seen = last?.advertisement.map { Int($0.0.priority) }
        let base = pair.first.priority.rawValue
        judge(
            "node1's priority with the weights", seen == expected,
            expected: "\(expected) on the wire, of \(base)", observed: seen.map { "\($0), of \(base)" } ?? "nothing",
            window: start...move.time)
    }

    /// The scripts of which the node's daemon said last that they have failed.
    private func failedScripts(of node: String, in window: ClosedRange<Instant>) -> Set<String> {
        var failed: Set<String> = []
        for event in lab.timeline[window] where event.node == node {
            guard let verdict = event.scriptVerdict else { continue }
            if verdict.isGood { failed.remove(verdict.script) } else { failed.insert(verdict.script) }
        }
        return failed
    }

    private func expectPage(from node: String, since start: Instant) async throws {
        _ = try await expect("\(node) serves the client", within: .seconds(2), since: start) { $0.isPage(from: node) }
    }

    private func checkComeback(_ pair: WatchedPair, _ trouble: Trouble, since back: Instant) async throws {
        let lowest = pair.first.effectivePriority(failing: [pair.plan.name]) ?? Int(pair.first.priority.rawValue)
        let bound = pair.plan.comeback(of: pair.first, lowest: lowest, isSlow: trouble.isSlow)
        guard pair.first.preempts else {
            return try await expectNever(
                "node1, which has nopreempt, takes the address back", for: bound.upperBound, since: back,
                control: .advertisement(from: "node2")
            ) { $0.isClaim(by: "node1") }
        }
        let title = "node1 takes it back"
        let first = try await expect(title, within: bound.upperBound + .seconds(1), since: back) {
            $0.isClaim(by: "node1")
        }
        guard let first else { return }
        check(
            "\(title), rise \(pair.plan.rise) x \(pair.plan.interval.text)", first.time - back, within: bound,
            window: back...first.time)
        try await expectPage(from: "node1", since: first.time)
    }

    // MARK: What the client saw

    private func checkClient(
        _ pair: WatchedPair, _ trouble: Trouble, _ onset: Trouble.Onset, _ away: Timeline, returned back: Instant
    ) {
        let skew = pair.rivalTimes.skew(pair.rival)
        let bound: ClosedRange<Duration>
        switch (trouble.isServed, pair.plan.weight) {
        case (true, 0):
            // What was asked at the edges may have been answered.
            let edges = trouble.client.interval * 2 + .milliseconds(50)
            bound = max(.zero, skew - edges)...skew + trouble.client.blink
        case (true, _): bound = .zero...trouble.client.blink
        default:
            let move = pair.plan.move(to: pair.rivalTimes, priority: pair.rival, isSlow: trouble.isSlow)
            bound = .zero...(onset.seen - onset.began) + move.upperBound + trouble.client.blink
        }
        judgeOutage("the client without a page", in: away, since: onset.began, within: bound)
        guard pair.first.preempts else { return }
        let rest = lab.timeline[back...]
        judgeOutage("and when the address comes back", in: rest, since: back, within: .zero...trouble.client.blink)
    }

    private func judgeOutage(
        _ title: String, in timeline: Timeline, since start: Instant, within bound: ClosedRange<Duration>
    ) {
        let experience = timeline.experience(of: ServiceClient.service, by: "client")
        let window = start...max(start, timeline.endTime)
        guard experience.outages.allSatisfy({ $0.length != nil || $0.lastGood == nil }) else {
            return judge(
                title, false, expected: "for \(bound.upperBound.text) at most", observed: "to the end", window: window)
        }
        check(title, experience.longestOutage?.length ?? .zero, within: bound, window: window)
    }
}
