import LabCourse
import NetnsKit
import Timeline
import VRRPCore
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
            .asWritten: VariantContents(files: step2Files, scenarios: step2AsWritten),
        ],
        hints: [
            "Nothing is to be written here. Run it with --advert 2 --priority 200,50 and compare the bounds.",
            """
            The bound of every takeover is one of two: three intervals and the skew when node1 falls silent, the skew \
            alone when it resigns. The skew is (256 - priority of node2) / 256 s.
            """,
        ],
        errata: [.deadInterval, .priorityRange])
}

let step2Files = [
    LabFile.configuration(PackageResources.step2_node1_reference_conf, at: LabFile.master, on: "node1"),
    LabFile.configuration(PackageResources.step2_node2_reference_conf, at: LabFile.backup, on: "node2"),
]

private let step2Scenarios =
    [crash, parent, child, stop, linkDown, partition, mute, tie] + [0, 25, 50, 75].map { phase(percent: $0) }

private func scenario(
    _ id: String, _ title: String, takesPhase: Bool = true,
    _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.pair, files: step2Files, takesPhase: takesPhase, body: body)
}

private let crash = scenario("crash", "The master is killed with all its children") { run in
    try await run.startPair()
    let fault = try await run.inject(.kill(run.daemon(of: "node1"), .tree), timedBy: "node1").began
    guard let first = try await run.checkTakeover(after: fault) else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    let removal = run.lab.timeline.first(after: fault) { $0.isRemoval(of: run.virtualAddress, from: "node1") }
    run.judgeAbsence(
        "the dead node's kernel keeps the address", removal == nil, expected: "nobody is left to remove it",
        observed: removal == nil ? "node1 still has it, and two owners answer" : "it was removed",
        window: fault...first.time)
    try checkWellFormed(run, first)
}

private let parent = scenario("parent", "Only the master's parent process is killed") { run in
    try await run.startPair()
    let hasChildren = try run.lab["node1"].process(run.program(of: "node1").process).hasChildren
    let fault = try await run.inject(.kill(run.daemon(of: "node1"), .parent), timedBy: "node1").began
    // A child that notices the loss of its parent resigns; a daemon that is one process is simply dead.
    try await run.checkTakeover(
        after: fault, expecting: hasChildren ? try run.resignation : nil,
        hasChildren ? "the orphaned child resigns, node2 takes over" : "node2 takes over")
}

private let child = scenario("child", "Only the master's children are killed") { run in
    try await run.startPair()
    guard try run.lab["node1"].process(run.program(of: "node1").process).hasChildren else {
        run.skip("the parent starts its child again", because: "\(run.program(of: "node1").name) is one process")
        return
    }
    let fault = try await run.inject(.kill(run.daemon(of: "node1"), .children), timedBy: "node1").began
    // The parent's new child waits like any starter; node2 may be first, by a hair, and then yields.
    let interval = try run.interval
    let limit = try run.silence(of: "node2") + run.silence(of: "node1") + interval
    let back = try await run.expect("node1 is the master again", within: limit, since: fault) {
        $0.time > fault + interval && $0.isClaim(by: "node1")
    }
    guard let back else { return }
    run.check(
        "node1 is the master again", back.time - fault, within: interval...limit, window: fault...back.time)
}

private let stop = scenario("stop", "The master is asked to end (SIGTERM)") { run in
    try await run.startPair()
    let fault = try await run.inject(.terminate(run.daemon(of: "node1")), timedBy: "node1").began
    let limit: Duration = .milliseconds(250)
    let last = try await run.expect("node1 resigns with priority 0", within: limit, since: fault) {
        $0.isResignation(of: "node1")
    }
    guard let last else { return }
    run.check("node1 resigns with priority 0", last.time - fault, within: .zero...limit, window: fault...last.time)
    let removed = try await run.expect("node1 gives the address up", within: limit, since: fault) {
        $0.isRemoval(of: run.virtualAddress, from: "node1")
    }
    if let removed {
        run.check(
            "node1 gives the address up", removed.time - fault, within: .zero...limit, window: fault...removed.time)
    }
    try await run.checkTakeover(after: fault, expecting: try run.resignation)
    run.checkOneOwner(until: last.time + (try run.silence(of: "node2")))
}

private let linkDown = scenario("linkdown", "The master's interface goes down, and comes back") { run in
    try await run.startPair()
    let fault = try await run.inject(.linkDown(LabNetwork.node1), timedBy: "node1").began
    guard try await run.checkTakeover(after: fault) != nil else { return }
    let removal = run.lab.timeline.first(after: fault) { $0.isRemoval(of: run.virtualAddress, from: "node1") }
    run.judge(
        "node1 gives the address up", removal != nil, expected: "no stale address on a node that noticed",
        observed: removal.map { "removed after \(($0.time - fault).text)" } ?? "node1 kept it")
    let healed = try run.lab.heal(.linkDown(LabNetwork.node1)).began
    let own = try run.silence(of: "node1")
    let limit = own + (try run.interval) + .milliseconds(500)
    let back = try await run.expect("node1 takes the address back", within: limit, since: healed) {
        $0.isClaim(by: "node1")
    }
    // A kernel may take its time to set a link up; the node waits from then on.
    let up = run.lab.timeline.first(after: healed) {
        if case .link("eth0", true) = $0.kind { $0.node == "node1" } else { false }
    }
    let preparation = up.map { min($0.time - healed, .milliseconds(500)) } ?? .zero
    if let back {
        run.check(
            "node1 takes the address back", back.time - healed,
            within: try run.times(of: "node1").bound(own, late: .milliseconds(250) + preparation),
            window: healed...back.time, theory: Theory(exactly: own, "T, from the return"))
    }
}

private let partition = scenario("partition", "Nothing passes between the routers for a while; then it does") { run in
    try await run.startPair()
    let cut = Fault.silence(LabNetwork.node1)
    let fault = try await run.inject(cut, timedBy: "node1").began
    guard try await run.checkTakeover(after: fault) != nil else { return }
    let healed = try run.lab.heal(cut)
    try await checkYield(run, after: healed)
}

private let mute = scenario("mute", "Only node1's VRRP packets are filtered; then they pass again") { run in
    try await run.startPair()
    let filter = Fault.mute(LabNetwork.node1, ipProtocol: VRRPPacket.protocolNumber)
    let fault = try await run.inject(filter, timedBy: "node1").began
    guard let first = try await run.checkTakeover(after: fault) else { return }
    try await run.checkAnnouncement(by: "node2", from: first)
    let shared = run.lab.timeline.sharedOwnership(of: run.virtualAddress)
    run.judge(
        "both hold the address meanwhile", shared.contains { $0.until == nil || $0.until! > first.time },
        expected: "two owners while node1 is not heard", observed: "\(shared.count) spans with two owners")
    let healed = try run.lab.heal(filter)
    try await checkYield(run, after: healed)
}

private let tie = scenario("tie", "Two routers of equal priority: the higher address wins", takesPhase: false) { run in
    let priority = try run.priority(of: "node2")
    for node in ["node1", "node2"] {
        guard let file = run.reading(of: node)?.file else { continue }
        let text = Knobs.setting("priority", to: "\(priority)", in: file.text)
        try run.rewrite(NodeFile(file.path, on: node, text))
    }
    // Apart from the start, so that both are masters when they first meet.
    let cut = Fault.silence(LabNetwork.node2)
    try run.lab.inject(cut)
    let begin = try run.start("node1")
    try await run.awaitJitter("start of node2", since: begin)
    let later = try run.start("node2")
    for node in ["node1", "node2"] {
        let limit = try run.silence(of: node) + .seconds(1)
        try await run.require("\(node) becomes a master", within: limit, since: node == "node1" ? begin : later) {
            $0.isClaim(by: node)
        }
    }
    let healing = try run.lab.heal(cut)
    let (limit, healed) = (try run.patience(after: healing), healing.began)
    let yielded = try await run.expect("node1, the lower address, yields", within: limit, since: healed) {
        $0.isRemoval(of: run.virtualAddress, from: "node1")
    }
    guard let yielded else { return }
    run.check(
        "node1, the lower address, yields", yielded.time - healed, within: .zero...limit,
        window: healed...yielded.time)
    try await run.expectNever(
        "node2 yields as well", for: try run.interval * 2, since: healed, control: .advertisement(from: "node2")
    ) {
        $0.isRemoval(of: run.virtualAddress, from: "node2")
    }
}

/// A fault at a moment between two advertisements that is always the same: the later it comes, the shorter the outage.
private func phase(percent: Int) -> Scenario {
    let title = "The crash comes \(percent) % of an interval after an advertisement"
    return scenario("phase-\(percent)", title, takesPhase: false) { run in
        try await run.startPair()
        let crash = Fault.kill(run.daemon(of: "node1"), .tree)
        let fault = try await run.inject(crash, timedBy: "node1", phase: Double(percent) / 100).began
        guard let first = try await run.checkTakeover(after: fault) else { return }
        let silence = try run.silence(of: "node2")
        guard let last = run.lab.timeline.last(before: fault, where: { $0.isClaim(by: "node1") }) else { return }
        let phase = fault - last.time
        run.check(
            "counted from the crash: \(silence.text) - \(phase.text)", first.time - fault,
            within: try run.times(of: "node2").bound(silence - phase), window: last.time...first.time,
            theory: Theory(exactly: silence - phase, "T less what had passed since the last advertisement"))
    }
}

/// After a partition the lower priority yields to the first advertisement that it hears.
private func checkYield(_ run: ScenarioRun, after healed: FaultWindow) async throws {
    let (limit, healed) = (try run.patience(after: healed), healed.began)
    let yielded = try await run.expect("node2 yields", within: limit, since: healed) {
        $0.isRemoval(of: run.virtualAddress, from: "node2")
    }
    guard let yielded else { return }
    run.check("node2 yields", yielded.time - healed, within: .zero...limit, window: healed...yielded.time)
    try await run.expectNever(
        "the address moves again", for: try run.interval * 2, since: yielded.time,
        control: .advertisement(from: "node1")
    ) {
        $0.isClaim(by: "node2") && $0.time > yielded.time + .milliseconds(250)
    }
}

/// The first advertisement of node2 says what its file says, in a packet that the protocol allows.
private func checkWellFormed(_ run: ScenarioRun, _ event: TimelineEvent) throws {
    let router = try run.router(of: "node2")
    let words = { (version: UInt8, to: String, ttl: UInt8, id: UInt8, priority: UInt8, count: Int) in
        "VRRPv\(version) to \(to), TTL \(ttl), VRID \(id), priority \(priority), "
            + (count == 1 ? "one address" : "\(count) addresses")
    }
    let expected = words(
        router.version.rawValue, "224.0.0.18", 255, router.virtualRouterID, router.priority.rawValue,
        router.addresses.count)
    let observed = event.advertisement.map { packet, carrier in
        words(
            packet.version, "\(carrier.destination)", carrier.hopLimit, packet.virtualRouterID, packet.priority,
            packet.addresses.count)
    }
    run.judge(
        "the advertisement is well formed", observed == expected, expected: expected,
        observed: observed ?? "it cannot be read")
}

extension ScenarioRun {
    /// How long two masters may be two when a fault between them is over: until the next advertisement, and a moment.
    fileprivate func patience(after healing: FaultWindow) throws -> Duration {
        try interval + .milliseconds(250) + (healing.inForce - healing.began)
    }

    /// How long node2 waits after node1 has resigned.
    fileprivate var resignation: Duration {
        get throws { try times(of: "node2").skew(priority(of: "node2")) }
    }
}
