import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Step 3: one node's configuration, and what it makes the daemon do.
extension LabStep {
    public static let step3 = LabStep(
        id: "step3", title: "The MASTER node's configuration",
        goal: "Write a configuration that makes a node hold the address, and know what each word does on the wire.",
        picture: LabNetwork.singlePicture, lesson: String(decoding: PackageResources.step3_lesson_md, as: UTF8.self),
        seconds: 14,
        variants: [
            .reference: VariantContents(files: referenceFiles, scenarios: [master, stopAndStart, reload]),
            .asWritten: VariantContents(files: asWrittenFiles, scenarios: [asWritten]),
        ],
        files: [
            LearnerFile(
                LabFile.master, on: ["node1"], .configuration,
                start: String(decoding: PackageResources.step3_node1_as_written_conf, as: UTF8.self),
                solution: String(decoding: PackageResources.step3_node1_reference_conf, as: UTF8.self))
        ],
        hints: [
            """
            Start from the three blocks: global_defs, vrrp_script and vrrp_instance. Inside an instance a command with \
            arguments is one string; a password has eight places.
            """,
            """
            vrrp_script chk_haproxy { script "/usr/bin/pgrep -x haproxy"  interval 2  weight -60  fall 2  rise 2 }, \
            auth_pass secret12, no preempt_delay beside state MASTER, notify_master "/etc/keepalived/notify.sh MASTER" \
            and the same for BACKUP and FAULT.
            """,
        ],
        errata: [.password, .preemptDelay, .notify, .smallWeight, .nearPriority])
}

private let referenceFiles = [
    LabFile.configuration(PackageResources.step3_node1_reference_conf, at: LabFile.master, on: "node1"),
    LabFile.notifyScript(on: "node1"), LabFile.serviceStandIn(on: "node1"),
]
private let asWrittenFiles = [
    LabFile.configuration(PackageResources.step3_node1_as_written_conf, at: LabFile.master, on: "node1"),
    LabFile.notifyScript(on: "node1"), LabFile.serviceStandIn(on: "node1"),
]

private func scenario(
    _ id: String, _ title: String, files: [NodeFile] = referenceFiles,
    _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.single, files: files, needs: [.pgrep], body: body)
}

private let master = scenario("master", "node1 alone becomes the master and says so") { run in
    guard let first = try await becomeMaster(run) else { return }
    try checkAdvertisement(run, first)
    try await run.checkAnnouncement(by: "node1", from: first)
    try checkAddress(run)
    try await checkClient(run)
    try await checkRhythm(run, from: first)
    try await checkSecondBurst(run, from: first)
    try checkNotification(run)
}

private let stopAndStart = scenario("restart", "node1 ends in good order and comes back") { run in
    guard try await becomeMaster(run) != nil else { return }
    let name = run.daemon(of: "node1")
    let fault = try run.lab.inject(.terminate(name)).began
    let limit: Duration = .milliseconds(250)
    let resigned = try await run.expect("node1 resigns with priority 0", within: limit, since: fault) {
        $0.isResignation(of: "node1")
    }
    let removed = try await run.expect("node1 gives the address up", within: limit, since: fault) {
        $0.isRemoval(of: run.virtualAddress, from: "node1")
    }
    if let resigned, let removed {
        run.check(
            "priority 0 sent and the address gone", max(resigned.time, removed.time) - fault, within: .zero...limit,
            window: fault...removed.time)
    }
    try await run.require("the daemon has ended", within: .seconds(8), since: fault) {
        if case .exited(name.process, _) = $0.kind { $0.node == "node1" } else { false }
    }
    _ = try await becomeMaster(run)
}

private let reload = scenario("reload", "A reload (SIGHUP) does not touch the address") { run in
    guard let first = try await becomeMaster(run) else { return }
    let interval = try run.interval
    let begin = run.lab.step("SIGHUP")
    try run.lab["node1"].process(run.program(of: "node1").process).send(signal: 1)
    try await run.expectNever(
        "the address is gone", for: interval * 3, since: begin, control: .advertisement(from: "node1")
    ) {
        $0.isRemoval(of: run.virtualAddress, from: "node1")
    }
    let adverts = run.lab.timeline.filter { $0.time >= first.time && $0.isClaim(by: "node1") }.map(\.time)
    let gap = zip(adverts, adverts.dropFirst()).map { $1 - $0 }.max() ?? .zero
    run.check(
        "no advertisement is missing", gap, within: .zero...(try run.times(of: "node1").longestPause),
        window: begin...(begin + interval * 3))
}

private let asWritten = Scenario(
    "master", "The published file: what the text says, what the wire says", topology: LabNetwork.single,
    files: asWrittenFiles, errata: [.password, .notify]
) { run in
    try run.startServices()
    let begin = try run.start("node1")
    let limit = try run.times(of: "node1").masterDown(1) + .seconds(1)
    let first = try await run.require("node1 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node1")
    }
    let password = first.advertisement.flatMap { passwordText($0.0) } ?? "none"
    run.contrast(
        .password, holds: password == "secret123", isAsCatalogued: password == "secret12",
        observed: "\(password) on the wire")
    try await run.lab.watch(for: .milliseconds(300), since: first.time)
    let log = (try? run.lab["node1"].read(LabFile.notifyLog)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let calls = log.split(separator: "\n")
    let isOurs = run.isOurs("node1")
    run.contrast(
        .notify, holds: calls.contains("MASTER"), isAsCatalogued: isOurs ? calls.count == 2 : calls.isEmpty,
        isOurs: isOurs, observed: "\(calls.count) calls after BACKUP and MASTER", window: begin...first.time)
}

/// Starts the service and the daemon, and judges when the first advertisement comes.
private func becomeMaster(_ run: ScenarioRun) async throws -> TimelineEvent? {
    if (try? run.lab["node1"].process("haproxy")) == nil {
        try run.lab["node1"].start(LabFile.service, as: "haproxy")
    }
    let begin = try run.start("node1")
    let limit = try run.times(of: "node1").masterDown(1) + .seconds(3)
    let first = try await run.expect("node1 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node1")
    }
    guard let first else { return nil }
    let priority = first.advertisement.map { Int($0.0.priority) }
    run.check(
        "node1 becomes the master", first.time - begin,
        within: try run.startBound("node1", since: begin, priority: priority), window: begin...first.time)
    return first
}

/// What the wire says is what the file says; checks that fail take their weights off the priority.
private func checkAdvertisement(_ run: ScenarioRun, _ event: TimelineEvent) throws {
    guard let (packet, carrier) = event.advertisement else { return }
    let router = try run.router(of: "node1")
    let words = { (id: UInt8, priority: Int, password: String?, ttl: UInt8) in
        "VRID \(id), priority \(priority), password \(password ?? "none"), TTL \(ttl)"
    }
    // A check that fails from the start is no mistake of the file's: the priority is then one of these.
    let weights = router.trackedScripts.map(\.weight).filter { $0 != 0 }
    let sums = weights.reduce(into: Set([0])) { sums, weight in sums.formUnion(sums.map { $0 + weight }) }
    let possible = sums.map { Int(Priority(clamping: Int(router.priority.rawValue) + $0).rawValue) }
    let priority = Int(packet.priority)
    let expected = words(
        router.virtualRouterID, possible.contains(priority) ? priority : Int(router.priority.rawValue),
        router.authentication.password, 255)
    let observed = words(packet.virtualRouterID, priority, passwordText(packet), carrier.hopLimit)
    run.judge("the advertisement says what the file says", observed == expected, expected: expected, observed: observed)
    if observed == expected, priority != router.priority.rawValue {
        run.skip("priority \(router.priority)", because: "a check moved it to \(priority) from the start")
    }
}

private func passwordText(_ packet: VRRPPacket) -> String? {
    guard case .password(let octets) = packet.authentication else { return nil }
    return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
}

private func checkAddress(_ run: ScenarioRun) throws {
    let router = try run.router(of: "node1")
    try run.demand(
        "the file has a virtual address", !router.addresses.isEmpty, expected: "virtual_ipaddress with an address",
        observed: "none")
    for address in router.addresses {
        let there = try run.lab["node1"].addresses().first { $0.prefix.address == address.prefix.address }
        let expected = "\(address.prefix) label \(address.label ?? address.interface)"
        let observed = there.map { "\($0.prefix) label \($0.label ?? $0.interface)" } ?? "not there"
        run.judge("the kernel has the address", observed == expected, expected: expected, observed: observed)
    }
}

private func checkClient(_ run: ScenarioRun) async throws {
    guard case .v4(let target) = run.virtualAddress else {
        run.skip("the address answers the client", because: "the client asks over IPv4")
        return
    }
    let begin = run.lab.step("the client pings the address")
    try run.lab["client"].ping(target, over: "eth0")
    let answer = try await run.expect("the address answers the client", within: .seconds(1), since: begin) { event in
        guard event.node == "client", event.frameDirection == .received,
            case .icmp(let message, let packet) = event.frame?.content
        else { return false }
        return packet.source == .v4(target) && message.kind == .echoReply
    }
    if let answer {
        run.check(
            "the address answers the client", answer.time - begin, within: .zero ... .seconds(1),
            window: begin...answer.time)
    }
}

/// Five intervals: their median is the interval, and none is half as long again.
private func checkRhythm(_ run: ScenarioRun, from first: TimelineEvent) async throws {
    let interval = try run.interval
    let sixth = try await run.lab.expect(
        "six advertisements", within: interval * 6 + .seconds(1), since: first.time
    ) { timeline, start in
        timeline.filter { $0.time >= start && $0.isClaim(by: "node1") }.dropFirst(5).first
    }
    let adverts = run.lab.timeline.filter { $0.time >= first.time && $0.isClaim(by: "node1") }.prefix(6).map(\.time)
    let gaps = zip(adverts, adverts.dropFirst()).map { $1 - $0 }.sorted()
    let window = first.time...sixth.time
    run.check(
        "median time between advertisements", gaps[gaps.count / 2],
        within: interval - .milliseconds(20)...interval + .milliseconds(20), window: window)
    run.check(
        "longest time between advertisements", gaps[gaps.count - 1],
        within: .zero...(try run.times(of: "node1").longestPause),
        window: window)
}

private func checkSecondBurst(_ run: ScenarioRun, from first: TimelineEvent) async throws {
    let policy = try run.router(of: "node1").announcement
    let (count, address) = (policy.repeatCount, run.virtualAddress)
    guard policy.delay > .zero else {
        run.skip("a second burst of gratuitous ARP", because: "garp_master_delay is 0")
        return
    }
    let due = first.time + policy.delay
    let window = due - .milliseconds(500)...due + .milliseconds(500)
    let last = try? await run.lab.expect(
        "\(count) more gratuitous ARPs", within: policy.delay + .seconds(1), since: first.time
    ) { timeline, _ in
        timeline.announcements(of: address, by: "node1", in: window).dropFirst(count - 1).first
    }
    let seen = run.lab.timeline.announcements(of: address, by: "node1", in: window)
    run.judge(
        "\(count) more after \(policy.delay.text)", last != nil && seen.count == count,
        expected: "\(count) at \(policy.delay.text), give or take 0.5 s",
        observed: "\(seen.count), the first after \(seen.first.map { ($0.time - first.time).text } ?? "never")",
        window: window)
}

/// The script that the file names was called for each state, once.
private func checkNotification(_ run: ScenarioRun) throws {
    let name = try run.router(of: "node1").name
    guard let scripts = run.reading(of: "node1")?.result.configuration.notifications[name], !scripts.isEmpty else {
        run.skip("the notify script was called", because: "the file names none")
        return
    }
    let log = (try? run.lab["node1"].read(LabFile.notifyLog)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let states = log.split(separator: "\n").map { line in
        ["MASTER", "BACKUP", "FAULT"].first { line.contains($0) } ?? "something else"
    }
    run.judge(
        "the notify script was called", states == ["BACKUP", "MASTER"], expected: "once with BACKUP, once with MASTER",
        observed: states.isEmpty ? "no call" : states.joined(separator: ", "))
}

extension AdvertisementAuthentication {
    /// As it stands on the wire; nil when there is none.
    fileprivate var password: String? {
        guard case .password(let octets) = self else { return nil }
        return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
    }
}
