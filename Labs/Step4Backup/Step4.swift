import LabCourse
import NetnsKit
import Timeline
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
                files: referenceFiles, scenarios: [reclaim, check, stop, startOrder].map { $0(referenceFiles) }),
            .asWritten: VariantContents(
                files: asWrittenFiles, scenarios: [reclaimAsWritten, checkAsWritten].map { $0(asWrittenFiles) }),
        ],
        files: [
            LearnerFile(
                LabFile.master, on: ["node1"], .configuration,
                start: String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self),
                solution: String(decoding: PackageResources.step4_node1_reference_conf, as: UTF8.self)),
            LearnerFile(
                LabFile.backup, on: ["node2"], .configuration,
                start: String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self),
                solution: String(decoding: PackageResources.step4_node2_reference_conf, as: UTF8.self)),
        ])
}

private let referenceFiles =
    [
        LabFile.configuration(PackageResources.step4_node1_reference_conf, at: LabFile.master, on: "node1"),
        LabFile.configuration(PackageResources.step4_node2_reference_conf, at: LabFile.backup, on: "node2"),
    ] + commonFiles
private let asWrittenFiles =
    [
        LabFile.configuration(PackageResources.step4_node1_as_written_conf, at: LabFile.master, on: "node1"),
        LabFile.configuration(PackageResources.step4_node2_as_written_conf, at: LabFile.backup, on: "node2"),
    ] + commonFiles
private let commonFiles = ["node1", "node2"].flatMap {
    [LabFile.notifyScript(on: $0), LabFile.serviceStandIn(on: $0)]
}

private let times = LabNetwork.times
private let silence = times.masterDown(LabNetwork.backupPriority)
private let ownSilence = times.masterDown(LabNetwork.masterPriority)

private typealias ScenarioMaker = @Sendable ([NodeFile]) -> Scenario

private func maker(
    _ id: String, _ title: String, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> ScenarioMaker {
    { files in Scenario(id, title, topology: LabNetwork.pair, files: files, body: body) }
}

/// Starts the service on both nodes, then the daemons; node1 becomes the master.
private func begin(_ run: ScenarioRun) async throws {
    for node in ["node1", "node2"] { try run.lab[node].start(LabFile.service, as: "haproxy") }
    try await run.startPair()
}

/// Kills node1's daemon, waits for node2, and starts node1 again.
///
/// - Returns: when node1 was started, once its kernel has lost the address and it is proven to listen.
private func crashAndReturn(_ run: ScenarioRun) async throws -> Instant? {
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
    guard try await run.checkTakeover(after: fault, expecting: silence) != nil else { return nil }
    let back = try run.start("node1")
    try await run.require("node1 is back and gave the old address up", within: .seconds(2), since: back) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
    }
    try await run.require("node1 says that it is a backup", within: .seconds(2), since: back) { event in
        guard event.node == "node1", case .output(_, _, let line) = event.kind else { return false }
        return line.contains("Entering BACKUP STATE")
    }
    return back
}

private let reclaim = maker("nopreempt", "node1 comes back and leaves the address where it is") { run in
    try await begin(run)
    guard let back = try await crashAndReturn(run) else { return }
    try await run.expectNever(
        "node1 takes the address back", for: ownSilence * 2, since: back, control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
    run.lab.step("nopreempt does not mean never: now node2 dies")
    let fault = try run.lab.inject(.kill(run.daemon(of: "node2"), .tree)).began
    let limit = ownSilence + times.interval
    let first = try await run.expect("node1 takes over from a dead node2", within: limit, since: fault) {
        $0.isClaim(by: "node1")
    }
    guard let first else { return }
    let heard = run.lab.timeline.last(before: first.time) { $0.isHeard(at: "node1") }
    guard let heard else {
        run.judge(
            "node1 takes over from a dead node2", false, expected: "after an advertisement of node2",
            observed: "node1 had heard none")
        return
    }
    run.check(
        "node1 takes over from a dead node2", first.time - heard.time, within: times.bound(ownSilence),
        window: heard.time...first.time)
}

private let check = maker("check", "node1's check fails and node2 takes over, for good") { run in
    try await begin(run)
    let fault = try run.lab.inject(.kill(ProcessName("haproxy", on: "node1"), .tree)).began
    // Two failures in a row, one second apart; then node2 must miss three advertisements that are good enough.
    let (interval, fall): (Duration, Int) = (.seconds(1), 2)
    let earliest = interval * (fall - 1) + silence - times.interval
    let latest = interval * fall + silence + times.interval
    let first = try await run.expect("node2 takes over", within: latest + .seconds(1), since: fault) {
        $0.isClaim(by: "node2")
    }
    guard let first else { return }
    run.check(
        "node2 takes over after the check has failed twice", first.time - fault,
        within: earliest...latest + .milliseconds(250), window: fault...first.time)
    let sunk = run.lab.timeline.first(after: fault) { $0.isClaim(by: "node1") && $0.advertisement?.0.priority == 90 }
    run.judge(
        "node1 advertises 150 - 60", sunk != nil, expected: "priority 90 on the wire",
        observed: sunk == nil ? "never seen" : "seen after \((sunk!.time - fault).text)")
    // A master that yields may send one last advertisement; after it, it is quiet.
    try await run.require("node1 has yielded", within: .milliseconds(250), since: first.time) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
    }
    run.checkOneOwner(until: first.time)
    let back = run.lab.step("the service of node1 is back")
    try run.lab["node1"].start(LabFile.service, as: "haproxy")
    try await run.expectNever(
        "node1 takes the address back", for: interval * 2 + ownSilence + times.interval, since: back,
        control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
}

private let stop = maker("stop", "node1 is asked to end (SIGTERM)") { run in
    try await begin(run)
    let fault = try run.lab.inject(.terminate(run.daemon(of: "node1"))).began
    guard
        let first = try await run.checkTakeover(
            after: fault, expecting: times.skew(LabNetwork.backupPriority))
    else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    run.checkOneOwner(until: first.time)
}

private let startOrder = maker("start-order", "node2 is there first, and keeps the address") { run in
    for node in ["node1", "node2"] { try run.lab[node].start(LabFile.service, as: "haproxy") }
    let begin = try run.start("node2")
    let first = try await run.expect("node2 becomes the master", within: silence + times.interval * 2, since: begin) {
        $0.isClaim(by: "node2")
    }
    guard let first else { return }
    run.check(
        "node2 becomes the master", first.time - begin,
        within: run.startBound("node2", since: begin, priority: LabNetwork.backupPriority), window: begin...first.time)
    let late = try run.start("node1")
    try await run.require("node1 says that it is a backup", within: .seconds(2), since: late) { event in
        guard event.node == "node1", case .output(_, _, let line) = event.kind else { return false }
        return line.contains("Entering BACKUP STATE")
    }
    try await run.expectNever(
        "node1 takes the address", for: ownSilence * 2, since: late, control: .advertisement(from: "node2")
    ) {
        $0.isClaim(by: "node1")
    }
}

private let reclaimAsWritten = maker("nopreempt", "The text: with nopreempt on node2, node2 keeps the address") { run in
    try await begin(run)
    guard let back = try await crashAndReturn(run) else { return }
    let limit = silence + .milliseconds(250)
    let taken = try? await run.lab.expect("node1 takes the address back", within: limit, since: back) {
        $0.isClaim(by: "node1")
    }
    run.judgeAbsence(
        "the text: node2 keeps the address when node1 returns", taken == nil,
        expected: "node2 still advertises after \(limit.text)",
        observed: taken.map { "node1 took it back \(($0.time - back).text) after its start" } ?? "node2 kept it",
        window: back...(back + limit),
        explanation: """
            nopreempt tells the node on which it stands not to take over from a lower master. node1 is the one that \
            must hold back, and nothing tells it to: write nopreempt and state BACKUP on node1, and remove nopreempt \
            from node2.
            """)
}

private let checkAsWritten = maker("check", "The text: a failed check on node1 moves the address") { run in
    try await begin(run)
    let fault = try run.lab.inject(.kill(ProcessName("haproxy", on: "node1"), .tree)).began
    // fall 2, interval 2, and then node2's whole patience.
    let limit = .seconds(4) + silence + times.interval
    let first = try? await run.lab.expect("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
    let priority = run.lab.timeline.last(before: fault + limit) { $0.isClaim(by: "node1") }?.advertisement?.0.priority
    run.judge(
        "the text: node2 takes over when node1's check fails", first != nil,
        expected: "node2 advertises within \(limit.text)",
        observed: first.map { "after \(($0.time - fault).text)" }
            ?? "node1 went on as the master with priority \(priority ?? 0)",
        window: fault...(fault + limit),
        explanation: """
            A weight smaller than the distance between the priorities moves nothing, and with nopreempt node2 would \
            not take over from any living master. Use a weight of -51 or less on node1, and no nopreempt on node2.
            """)
}
