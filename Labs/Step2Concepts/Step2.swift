import LabCourse
import NetnsKit
import Timeline
import Wire

/// Step 2: who wins, how long a takeover takes, and how many ways there are to die.
extension LabStep {
    public static let step2 = LabStep(
        id: "step2", title: "VRRP concepts: who wins, and how fast",
        goal: "Tell from the way a router dies how long the address is without a holder.",
        picture: LabNetwork.pairPicture, lesson: String(decoding: PackageResources.step2_lesson_md, as: UTF8.self),
        seconds: 17,
        variants: [
            .reference: VariantContents(files: step2Files, scenarios: step2Scenarios),
            .asWritten: VariantContents(files: step2Files, scenarios: [deadInterval]),
        ])
}

private let step2Files = [
    LabFile.configuration(PackageResources.step2_node1_reference_conf, at: LabFile.master, on: "node1"),
    LabFile.configuration(PackageResources.step2_node2_reference_conf, at: LabFile.backup, on: "node2"),
]

private let step2Scenarios =
    [crash, parent, child, stop, linkDown, partition, mute, tie] + [0, 25, 50, 75].map { phase(percent: $0) }

private let times = LabNetwork.times
private let silence = times.masterDown(LabNetwork.backupPriority)
private let resignation = times.skew(LabNetwork.backupPriority)

private func scenario(
    _ id: String, _ title: String, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.pair, files: step2Files, body: body)
}

private let crash = scenario("crash", "The master is killed with all its children") { run in
    try await run.startPair()
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
    guard let first = try await run.checkTakeover(after: fault, expecting: silence) else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    let removal = run.lab.timeline.first(after: fault) { $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1") }
    run.judgeAbsence(
        "the dead node's kernel keeps the address", removal == nil, expected: "nobody is left to remove it",
        observed: removal == nil ? "node1 still has it, and two owners answer" : "it was removed",
        window: fault...first.time)
    checkWellFormed(run, first)
}

private let parent = scenario("parent", "Only the master's parent process is killed") { run in
    try await run.startPair()
    let hasChildren = try run.lab["node1"].process(run.program(of: "node1").process).hasChildren
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .parent)).began
    // A child that notices the loss of its parent resigns; a daemon that is one process is simply dead.
    try await run.checkTakeover(
        after: fault, expecting: hasChildren ? resignation : silence,
        hasChildren ? "the orphaned child resigns, node2 takes over" : "node2 takes over")
}

private let child = scenario("child", "Only the master's children are killed") { run in
    try await run.startPair()
    guard try run.lab["node1"].process(run.program(of: "node1").process).hasChildren else {
        run.skip("the parent starts its child again", because: "\(run.program(of: "node1").name) is one process")
        return
    }
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .children)).began
    // The parent's new child waits like any starter; node2 may be first, by a hair, and then yields.
    let limit = silence + times.masterDown(LabNetwork.masterPriority) + times.interval
    let back = try await run.expect("node1 is the master again", within: limit, since: fault) {
        $0.time > fault + times.interval && $0.isClaim(by: "node1")
    }
    guard let back else { return }
    run.check(
        "node1 is the master again", back.time - fault, within: times.interval...limit, window: fault...back.time)
}

private let stop = scenario("stop", "The master is asked to end (SIGTERM)") { run in
    try await run.startPair()
    let fault = try run.lab.inject(.terminate(run.daemon(of: "node1"))).began
    let limit: Duration = .milliseconds(250)
    let last = try await run.expect("node1 resigns with priority 0", within: limit, since: fault) {
        $0.isResignation(of: "node1")
    }
    guard let last else { return }
    run.check("node1 resigns with priority 0", last.time - fault, within: .zero...limit, window: fault...last.time)
    let removed = try await run.expect("node1 gives the address up", within: limit, since: fault) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
    }
    if let removed {
        run.check(
            "node1 gives the address up", removed.time - fault, within: .zero...limit, window: fault...removed.time)
    }
    try await run.checkTakeover(after: fault, expecting: resignation)
    run.checkOneOwner(until: last.time + silence)
}

private let linkDown = scenario("linkdown", "The master's interface goes down, and comes back") { run in
    try await run.startPair()
    let fault = try run.lab.inject(.linkDown(LabNetwork.node1)).began
    guard try await run.checkTakeover(after: fault, expecting: silence) != nil else { return }
    let removal = run.lab.timeline.first(after: fault) { $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1") }
    run.judge(
        "node1 gives the address up", removal != nil, expected: "no stale address on a node that noticed",
        observed: removal.map { "removed after \(($0.time - fault).text)" } ?? "node1 kept it")
    let healed = try run.lab.heal(.linkDown(LabNetwork.node1)).began
    let own = times.masterDown(LabNetwork.masterPriority)
    let back = try await run.expect("node1 takes the address back", within: own + times.interval, since: healed) {
        $0.isClaim(by: "node1")
    }
    if let back {
        run.check(
            "node1 takes the address back", back.time - healed, within: times.bound(own, late: .milliseconds(250)),
            window: healed...back.time)
    }
}

private let partition = scenario("partition", "Nothing passes between the routers for a while; then it does") { run in
    try await run.startPair()
    let cut = Fault.silence(LabNetwork.node1)
    let fault = try run.lab.inject(cut).began
    guard try await run.checkTakeover(after: fault, expecting: silence) != nil else { return }
    let healed = try run.lab.heal(cut).began
    try await checkYield(run, after: healed)
}

private let mute = scenario("mute", "Only node1's VRRP packets are filtered; then they pass again") { run in
    try await run.startPair()
    let filter = Fault.mute(LabNetwork.node1, ipProtocol: VRRPPacket.protocolNumber)
    let fault = try run.lab.inject(filter).began
    guard let first = try await run.checkTakeover(after: fault, expecting: silence) else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    let shared = run.lab.timeline.sharedOwnership(of: LabNetwork.virtualAddress)
    run.judge(
        "both hold the address meanwhile", shared.contains { $0.until == nil || $0.until! > first.time },
        expected: "two owners while node1 is not heard", observed: "\(shared.count) spans with two owners")
    let healed = try run.lab.heal(filter).began
    try await checkYield(run, after: healed)
}

private let tie = scenario("tie", "Two routers of equal priority: the higher address wins") { run in
    let equal = step2Files.map { file in
        NodeFile(file.path, on: file.node, file.contents.replacingPriority(with: LabNetwork.backupPriority))
    }
    for file in equal { try run.lab[file.node].write(file.contents, to: file.path) }
    // Apart from the start, so that both are masters when they first meet.
    let cut = Fault.silence(LabNetwork.node2)
    try run.lab.inject(cut)
    let begin = try run.start("node1")
    try run.start("node2")
    for node in ["node1", "node2"] {
        try await run.require("\(node) becomes a master", within: silence + times.interval, since: begin) {
            $0.isClaim(by: node)
        }
    }
    let healed = try run.lab.heal(cut).began
    let limit = times.interval + .milliseconds(150)
    let yielded = try await run.expect("node1, the lower address, yields", within: limit, since: healed) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
    }
    guard let yielded else { return }
    run.check(
        "node1, the lower address, yields", yielded.time - healed, within: .zero...limit,
        window: healed...yielded.time)
    try await run.expectNever(
        "node2 yields as well", for: times.interval * 2, since: healed, control: .advertisement(from: "node2")
    ) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node2")
    }
}

/// A fault at a chosen moment between two advertisements: the later it comes, the shorter the outage.
private func phase(percent: Int) -> Scenario {
    scenario("phase-\(percent)", "The crash comes \(percent) % of an interval after an advertisement") { run in
        try await run.startPair()
        let begin = run.lab.step("wait for an advertisement")
        let advert = try await run.require("node1 advertises", within: times.interval * 2, since: begin) {
            $0.isClaim(by: "node1")
        }
        let wait = times.interval * percent / 100
        try await run.lab.watch(for: wait, since: advert.time)
        let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
        guard let first = try await run.checkTakeover(after: fault, expecting: silence) else { return }
        let phase = fault - advert.time
        run.check(
            "counted from the crash: \(silence.text) - \(phase.text)", first.time - fault,
            within: times.bound(silence - phase), window: advert.time...first.time)
    }
}

private let deadInterval = scenario("dead-interval", "The text: the backup waits 3 s") { run in
    try await run.startPair()
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
    try await run.checkTakeover(
        after: fault, expecting: times.interval * 3, "node2 takes over after the text's 3 s",
        explanation: """
            The text counts three intervals and leaves the skew out: (256 - priority) / 256 s. For priority \
            \(LabNetwork.backupPriority) the wire says \(silence.text).
            """)
}

/// After a partition the lower priority yields to the first advertisement that it hears.
private func checkYield(_ run: ScenarioRun, after healed: Instant) async throws {
    let limit = times.interval + .milliseconds(150)
    let yielded = try await run.expect("node2 yields", within: limit, since: healed) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node2")
    }
    guard let yielded else { return }
    run.check("node2 yields", yielded.time - healed, within: .zero...limit, window: healed...yielded.time)
    try await run.expectNever(
        "the address moves again", for: times.interval * 2, since: yielded.time,
        control: .advertisement(from: "node1")
    ) {
        $0.isClaim(by: "node2") && $0.time > yielded.time + .milliseconds(250)
    }
}

private func checkWellFormed(_ run: ScenarioRun, _ event: TimelineEvent) {
    guard let (packet, carrier) = event.advertisement else {
        run.judge("the advertisement is well formed", false, expected: "VRRPv2", observed: "it cannot be read")
        return
    }
    let isRight =
        packet.version == 2 && packet.virtualRouterID == LabNetwork.virtualRouterID
        && packet.priority == UInt8(LabNetwork.backupPriority) && packet.addresses == [LabNetwork.virtualAddress]
        && carrier.hopLimit == 255 && carrier.destination == .v4(.vrrpGroup)
    run.judge(
        "the advertisement is well formed", isRight,
        expected: "VRRPv2 to 224.0.0.18, TTL 255, VRID 51, priority 100, one address",
        observed: "VRRPv\(packet.version) to \(carrier.destination), TTL \(carrier.hopLimit), "
            + "VRID \(packet.virtualRouterID), priority \(packet.priority), \(packet.addresses.count) address(es)")
}

extension String {
    /// The same configuration with another `priority`.
    fileprivate func replacingPriority(with priority: Int) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.contains(" priority ") ? "    priority \(priority)" : String(line)
        }.joined(separator: "\n")
    }
}
