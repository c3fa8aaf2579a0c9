import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Step 4: the second node, and the word that keeps the address where it is.
extension LabStep {
    public static let step4 = LabStep(
        id: "step4", title: "The BACKUP node and nopreempt",
        goal: "Keep the address where it is when a node returns, and move it when a check fails.",
        picture: LabNetwork.pairPicture, lesson: String(decoding: PackageResources.step4_lesson_md, as: UTF8.self),
        seconds: 24,
        variants: [
            .reference: VariantContents(
                files: Step4.referenceFiles, scenarios: Step4.ofTheFiles + Step4.ofOtherFiles),
            .yours: VariantContents(files: Step4.referenceFiles, scenarios: Step4.ofTheFiles),
            .asWritten: VariantContents(files: Step4.asWrittenFiles, scenarios: Step4.asWritten),
        ],
        files: [
            LearnerFile(
                LabFile.master, on: ["node1"], .configuration,
                start: String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self),
                solution: Step4.first),
            LearnerFile(
                LabFile.backup, on: ["node2"], .configuration,
                start: String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self),
                solution: Step4.second),
        ],
        hints: [
            """
            nopreempt says of its own node: I do not take over from a lower master. Which of the two must hold back \
            when it returns? And which one must take over when the other's check has failed?
            """,
            """
            node1: state BACKUP, priority 150, nopreempt, chk_haproxy with weight -60 (150 - 60 is below 100) and \
            interval 1. node2: state BACKUP, priority 100, no nopreempt. Both: the same virtual_router_id, auth_pass \
            secret12 and address.
            """,
        ],
        errata: [.nopreempt, .unhealthyMaster, .systemctl])
}

enum Step4 {
    static let first = String(decoding: PackageResources.step4_node1_reference_conf, as: UTF8.self)
    static let second = String(decoding: PackageResources.step4_node2_reference_conf, as: UTF8.self)
    static let referenceFiles = files(first, second)

    /// The configurations of the two nodes, and what they call.
    static func files(_ first: String, _ second: String) -> [NodeFile] {
        [NodeFile(LabFile.master, on: "node1", first), NodeFile(LabFile.backup, on: "node2", second)]
            + ["node1", "node2"].flatMap { [LabFile.notifyScript(on: $0), LabFile.serviceStandIn(on: $0)] }
    }

    /// What any pair of files must do that keeps the address where it is.
    static let ofTheFiles = [reclaim, check, stop, startOrder]
    /// What neighboring choices do.
    static let ofOtherFiles = [preemptDelay, smallWeight, both]
}

private func scenario(
    _ id: String, _ title: String, files: [NodeFile] = Step4.referenceFiles, takesPhase: Bool = false,
    _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(
        id, title, topology: LabNetwork.pair, files: files, needs: [.pgrep], takesPhase: takesPhase, body: body)
}

extension ScenarioRun {
    /// Starts the service on both nodes, then the daemons; node1 becomes the master.
    func startServed() async throws {
        try startServices()
        try await startPair()
    }

    /// Kills node1's daemon, waits for node2, and starts node1 again.
    ///
    /// - Returns: when node1 was started, once its kernel has lost the address and it is proven to listen.
    func crashAndReturn() async throws -> Instant? {
        let address = virtualAddress
        let fault = try await inject(.kill(daemon(of: "node1"), .tree), timedBy: "node1").began
        guard try await checkTakeover(after: fault) != nil else { return nil }
        let back = try start("node1")
        try await require("node1 is back and gave the old address up", within: .seconds(2), since: back) {
            $0.isRemoval(of: address, from: "node1")
        }
        try await expectBackup("node1", since: back)
        return back
    }
}

private let reclaim = scenario(
    "nopreempt", "node1 comes back and leaves the address where it is", takesPhase: true
) { run in
    try await run.startServed()
    guard let back = try await run.crashAndReturn() else { return }
    try await run.expectNever(
        "node1 takes the address back", for: try run.silence(of: "node1") * 2, since: back,
        control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
    guard run.checks.last?.verdict == .pass else { return }
    run.lab.step("nopreempt does not mean never: now node2 dies")
    let fault = try await run.inject(.kill(run.daemon(of: "node2"), .tree), timedBy: "node2").began
    try await run.checkTakeover(after: fault, by: "node1", from: "node2", "node1 takes over from a dead node2")
}

private let check = scenario("check", "node1's check fails and node2 takes over, for good") { run in
    let check = try run.serviceCheck(of: "node1")
    try await run.startServed()
    let before = run.lab.timeline.last(before: run.lab.timeline.endTime) { $0.isClaim(by: "node1") }
    let fault = try run.killService(on: "node1")
    guard let first = try await checkMove(run, check, after: fault) else { return }
    if check.weight == 0 {
        let resigned = run.lab.timeline.first(after: fault) { $0.isResignation(of: "node1") }
        run.judge(
            "node1 resigns: a check without weight is a fault", resigned != nil, expected: "priority 0 on the wire",
            observed: resigned.map { "seen after \(($0.time - fault).text)" } ?? "never seen")
    } else {
        let base = Int(before?.advertisement?.0.priority ?? 0)
        let sunk = run.lab.timeline.first(after: fault) {
            $0.isClaim(by: "node1") && Int($0.advertisement?.0.priority ?? 0) == base + check.weight
        }
        run.judge(
            "node1 advertises \(base) - \(-check.weight)", sunk != nil,
            expected: "priority \(base + check.weight) on the wire",
            observed: sunk.map { "seen after \(($0.time - fault).text)" } ?? "never seen")
    }
    // A master that yields may send one last advertisement; after it, it is quiet.
    let address = run.virtualAddress
    try await run.require("node1 has yielded", within: first.time - fault + .milliseconds(250), since: fault) {
        $0.isRemoval(of: address, from: "node1")
    }
    run.checkOneOwner(until: first.time)
    let back = run.lab.step("the service of node1 is back")
    try run.lab["node1"].start(LabFile.service, as: ScenarioRun.service)
    try await run.expectNever(
        "node1 takes the address back", for: check.recovery + (try run.silence(of: "node1")) + (try run.interval),
        since: back, control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
}

/// Waits for node2 after node1's service has ended, and judges when it came.
private func checkMove(
    _ run: ScenarioRun, _ check: ServiceCheck, after fault: Instant
) async throws -> TimelineEvent? {
    let (times, interval) = (try run.times(of: "node2"), try run.interval)
    let priority = try run.priority(of: "node2")
    // With a weight node2 must miss what is good enough for its whole patience; a fault resigns.
    let (wait, phase) = check.weight == 0 ? (times.skew(priority), .zero) : (times.masterDown(priority), interval)
    let earliest = check.failure.lowerBound + wait - phase - .milliseconds(2)
    let latest = check.failure.upperBound + wait + phase
    let explanation = """
        node1 must fall below node2's \(priority): by a weight larger than the distance, or without weight into FAULT; \
        and node2 must not have nopreempt.
        """
    let first = try await run.expect(
        "node2 takes over", within: latest + .seconds(1), since: fault, explanation: explanation
    ) {
        $0.isClaim(by: "node2")
    }
    if let first {
        run.check(
            "node2 takes over after \(check.fall) failures", first.time - fault, within: earliest...latest,
            window: fault...first.time)
    }
    return first
}

private let stop = scenario("stop", "node1 is asked to end (SIGTERM)", takesPhase: true) { run in
    try await run.startServed()
    let fault = try await run.inject(.terminate(run.daemon(of: "node1")), timedBy: "node1").began
    let skew = try run.times(of: "node2").skew(run.priority(of: "node2"))
    guard let first = try await run.checkTakeover(after: fault, expecting: skew) else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    run.checkOneOwner(until: first.time)
}

private let startOrder = scenario("start-order", "node2 is there first, and keeps the address") { run in
    try run.startServices()
    let begin = try run.start("node2")
    let limit = try run.silence(of: "node2") + .seconds(3)
    let first = try await run.expect("node2 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node2")
    }
    guard let first else { return }
    let priority = first.advertisement.map { Int($0.0.priority) }
    run.check(
        "node2 becomes the master", first.time - begin,
        within: try run.startBound("node2", since: begin, priority: priority), window: begin...first.time)
    try await run.awaitJitter("start of node1", since: first.time)
    let late = try run.start("node1")
    try await run.expectBackup("node1", since: late)
    try await run.expectNever(
        "node1 takes the address", for: try run.silence(of: "node1") * 2, since: late,
        control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
}

private let preemptDelay = scenario(
    "preempt-delay", "preempt_delay: node1 waits before it takes the address back",
    files: Step4.files(Step4.first.substituting("    nopreempt\n", with: "    preempt_delay 3\n"), Step4.second),
    takesPhase: true
) { run in
    try await run.startServed()
    guard try await run.crashAndReturn() != nil else { return }
    let (delay, silence) = (try run.router(of: "node1").preemptDelay, try run.silence(of: "node1"))
    let interval = try run.interval
    let listening = run.lab.timeline.last(before: run.lab.timeline.endTime) {
        $0.isLine(on: "node1", containing: "Entering BACKUP STATE")
    }
    guard let listening else { return }
    let heard = try await run.require("node1 hears node2", within: interval * 3, since: listening.time) {
        $0.isHeard(at: "node1")
    }
    let first = try await run.expect(
        "node1 takes the address back", within: delay + silence + interval * 2 + .seconds(1), since: heard.time
    ) {
        $0.isClaim(by: "node1")
    }
    guard let first else { return }
    run.check(
        "node1 waits \(delay.text) and then its \(silence.text)", first.time - heard.time,
        within: delay + silence - interval - .milliseconds(2)...delay + silence + interval + .milliseconds(51),
        window: heard.time...first.time)
}

private let smallWeight = scenario(
    "weight", "A weight below the distance of the priorities moves nothing",
    files: Step4.files(Step4.first.substituting("weight -60", with: "weight -20"), Step4.second)
) { run in
    let check = try run.serviceCheck(of: "node1")
    try await run.startServed()
    let fault = try run.killService(on: "node1")
    let sunk = try run.priority(of: "node1") + check.weight
    let interval = try run.interval
    let seen = try await run.expect(
        "node1 advertises \(sunk)", within: check.failure.upperBound + interval * 2, since: fault
    ) {
        $0.isClaim(by: "node1") && Int($0.advertisement?.0.priority ?? 0) == sunk
    }
    guard let seen else { return }
    run.check(
        "node1 advertises \(sunk)", seen.time - fault,
        within: check.failure.lowerBound...check.failure.upperBound + interval, window: fault...seen.time)
    try await run.expectNever(
        "node2 takes the address", for: try run.silence(of: "node2") + interval, since: seen.time,
        control: .advertisement(from: "node1")
    ) {
        $0.isClaim(by: "node2")
    }
}

private let both = scenario("both", "Both checks fail and recover: nobody is better, nothing moves") { run in
    let checks = try ["node1", "node2"].map { try run.serviceCheck(of: $0) }
    try await run.startServed()
    let begin = run.lab.step("the services end, first node2's")
    let changes: [(node: String, isEnd: Bool)] = [("node2", true), ("node1", true), ("node1", false), ("node2", false)]
    for (node, isEnd) in changes {
        let check = checks[node == "node1" ? 0 : 1]
        let own = try run.priority(of: node)
        let (old, new) = isEnd ? (own, own + check.weight) : (own + check.weight, own)
        let time =
            isEnd
            ? try run.killService(on: node)
            : run.lab.step("the service of \(node) is back")
        if !isEnd { try run.lab[node].start(LabFile.service, as: ScenarioRun.service) }
        let limit = (isEnd ? check.failure.upperBound : check.recovery) + check.interval
        let line = "Changing effective priority from \(old) to \(new)"
        let seen = try await run.expect("\(node) counts \(new)", within: limit, since: time) {
            $0.isLine(on: node, containing: line)
        }
        guard seen != nil else { return }
    }
    let end = run.lab.step("all is well again")
    let span = try run.silence(of: "node2") + run.interval
    try await run.expectNever(
        "node2 takes the address", for: end - begin + span, since: begin, control: .advertisement(from: "node1")
    ) {
        $0.isClaim(by: "node2")
    }
    let seen = Set(
        run.lab.timeline.filter { $0.time >= begin && $0.isClaim(by: "node1") }
            .compactMap { $0.advertisement?.0.priority })
    let expected = Set(
        [try run.priority(of: "node1"), try run.priority(of: "node1") + checks[0].weight].map(UInt8.init))
    run.judge(
        "node1 said so on the wire", seen == expected, expected: "priorities \(expected.sorted())",
        observed: "priorities \(seen.sorted())")
}

extension String {
    /// The text with another in the place of a part that must be there.
    func substituting(_ part: String, with other: String) -> String {
        let parts = split(separator: part, omittingEmptySubsequences: false)
        precondition(parts.count > 1, "there is no '\(part)'")
        return parts.joined(separator: other)
    }
}
