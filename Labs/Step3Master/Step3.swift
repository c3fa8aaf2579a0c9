import LabCourse
import NetnsKit
import Timeline
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
        ])
}

private let referenceFiles = [
    LabFile.configuration(PackageResources.step3_node1_reference_conf, at: LabFile.master, on: "node1"),
    LabFile.notifyScript(on: "node1"), LabFile.serviceStandIn(on: "node1"),
]
private let asWrittenFiles = [
    LabFile.configuration(PackageResources.step3_node1_as_written_conf, at: LabFile.master, on: "node1"),
    LabFile.notifyScript(on: "node1"), LabFile.serviceStandIn(on: "node1"),
]

private let times = LabNetwork.times
private let start = times.masterDown(LabNetwork.masterPriority)

private func scenario(
    _ id: String, _ title: String, files: [NodeFile] = referenceFiles,
    _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.single, files: files, body: body)
}

private let master = scenario("master", "node1 alone becomes the master and says so") { run in
    guard let first = try await becomeMaster(run) else { return }
    checkAdvertisement(run, first, priority: LabNetwork.masterPriority, password: "secret12")
    try await run.checkAnnouncement(by: "node1", from: first)
    try checkAddress(run)
    try await checkClient(run)
    try await checkRhythm(run, from: first)
    try await checkSecondBurst(run, from: first)
    let log = (try? run.lab["node1"].read(LabFile.notifyLog)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    run.judge(
        "the notify script was called", log == "BACKUP\nMASTER\n", expected: "once with BACKUP, once with MASTER",
        observed: log.isEmpty ? "no call" : log.split(separator: "\n").joined(separator: ", "))
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
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
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
    let begin = run.lab.step("SIGHUP")
    try run.lab["node1"].process(run.program(of: "node1").process).send(signal: 1)
    try await run.expectNever(
        "the address is gone", for: times.interval * 3, since: begin, control: .advertisement(from: "node1")
    ) {
        $0.isRemoval(of: LabNetwork.virtualAddress, from: "node1")
    }
    let adverts = run.lab.timeline.filter { $0.time >= first.time && $0.isClaim(by: "node1") }.map(\.time)
    let gap = zip(adverts, adverts.dropFirst()).map { $1 - $0 }.max() ?? .zero
    run.check(
        "no advertisement is missing", gap, within: .zero...(times.interval * 3 / 2),
        window: begin...(begin + times.interval * 3))
}

private let asWritten = scenario(
    "master", "The published file: what the text says, what the wire says", files: asWrittenFiles
) { run in
    try run.lab["node1"].start(LabFile.service, as: "haproxy")
    let begin = try run.start("node1")
    let limit = times.masterDown(1) + times.interval
    let first = try await run.require("node1 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node1")
    }
    let priority = Int(first.advertisement?.0.priority ?? 0)
    run.judge(
        "the text: priority 150", priority == LabNetwork.masterPriority, expected: "150 on the wire",
        observed: "\(priority) on the wire",
        explanation: """
            A check has failed since the start: step 1 installs neither curl nor killall, and nothing answers on \
            127.0.0.1 yet. Each failing check takes its weight off the priority.
            """)
    let password = first.advertisement.flatMap { passwordText($0.0) } ?? "none"
    run.judge(
        "the text: password secret123", password == "secret123", expected: "secret123 on the wire",
        observed: "\(password) on the wire",
        explanation: "VRRPv2 has room for eight octets: the ninth character is cut off, on both nodes alike.")
    let log = (try? run.lab["node1"].read(LabFile.notifyLog)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    run.judge(
        "the text: the notify script is called", log.contains("MASTER"), expected: "called with MASTER",
        observed: log.isEmpty ? "no call" : "called",
        explanation: """
            Without quotes the word MASTER is read as the user to run the script as; there is none of that name, and \
            the script is dropped. Write notify_master "/etc/keepalived/notify.sh MASTER".
            """)
}

/// Starts the service and the daemon, and judges when the first advertisement comes.
private func becomeMaster(_ run: ScenarioRun) async throws -> TimelineEvent? {
    if (try? run.lab["node1"].process("haproxy")) == nil {
        try run.lab["node1"].start(LabFile.service, as: "haproxy")
    }
    let begin = try run.start("node1")
    let first = try await run.expect(
        "node1 becomes the master", within: start + .seconds(3), since: begin
    ) {
        $0.isClaim(by: "node1")
    }
    guard let first else { return nil }
    run.check(
        "node1 becomes the master", first.time - begin,
        within: run.startBound("node1", since: begin, priority: LabNetwork.masterPriority),
        window: begin...first.time)
    return first
}

private func checkAdvertisement(_ run: ScenarioRun, _ event: TimelineEvent, priority: Int, password: String) {
    guard let (packet, carrier) = event.advertisement else { return }
    let observed =
        "VRID \(packet.virtualRouterID), priority \(packet.priority), password \(passwordText(packet) ?? "none"), "
        + "TTL \(carrier.hopLimit)"
    let expected = "VRID 51, priority \(priority), password \(password), TTL 255"
    run.judge("the advertisement says what the file says", observed == expected, expected: expected, observed: observed)
}

private func passwordText(_ packet: VRRPPacket) -> String? {
    guard case .password(let octets) = packet.authentication else { return nil }
    return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
}

private func checkAddress(_ run: ScenarioRun) throws {
    let address = try run.lab["node1"].addresses().first { $0.prefix.address == LabNetwork.virtualAddress }
    let observed = address.map { "\($0.prefix) label \($0.label ?? "none")" } ?? "not there"
    run.judge(
        "the kernel has the address", observed == "192.168.1.100/24 label eth0:vip",
        expected: "192.168.1.100/24 label eth0:vip", observed: observed)
}

private func checkClient(_ run: ScenarioRun) async throws {
    let begin = run.lab.step("the client pings the address")
    try run.lab["client"].ping(LabNetwork.vip, over: "eth0")
    let answer = try await run.expect("the address answers the client", within: .seconds(1), since: begin) { event in
        guard event.node == "client", event.frameDirection == .received,
            case .icmp(let message, let packet) = event.frame?.content
        else { return false }
        return packet.source == LabNetwork.virtualAddress && message.kind == .echoReply
    }
    if let answer {
        run.check(
            "the address answers the client", answer.time - begin, within: .zero ... .seconds(1),
            window: begin...answer.time)
    }
}

/// Five intervals: their median is the interval, and none is half as long again.
private func checkRhythm(_ run: ScenarioRun, from first: TimelineEvent) async throws {
    let sixth = try await run.lab.expect(
        "six advertisements", within: times.interval * 7, since: first.time
    ) { timeline, start in
        timeline.filter { $0.time >= start && $0.isClaim(by: "node1") }.dropFirst(5).first
    }
    let adverts = run.lab.timeline.filter { $0.time >= first.time && $0.isClaim(by: "node1") }.prefix(6).map(\.time)
    let gaps = zip(adverts, adverts.dropFirst()).map { $1 - $0 }.sorted()
    let window = first.time...sixth.time
    run.check(
        "median time between advertisements", gaps[gaps.count / 2],
        within: times.interval - .milliseconds(20)...times.interval + .milliseconds(20), window: window)
    run.check(
        "longest time between advertisements", gaps[gaps.count - 1], within: .zero...times.interval * 3 / 2,
        window: window)
}

private func checkSecondBurst(_ run: ScenarioRun, from first: TimelineEvent) async throws {
    let due = first.time + .seconds(5)
    let window = due - .milliseconds(500)...due + .milliseconds(500)
    let fifth = try? await run.lab.expect("five more gratuitous ARPs", within: .seconds(6), since: first.time) {
        timeline, _ in
        timeline.announcements(of: LabNetwork.virtualAddress, by: "node1", in: window).dropFirst(4).first
    }
    let seen = run.lab.timeline.announcements(of: LabNetwork.virtualAddress, by: "node1", in: window)
    run.judge(
        "five more after five seconds", fifth != nil && seen.count == 5, expected: "5 at 5.000 s, give or take 0.5 s",
        observed: "\(seen.count), the first after \(seen.first.map { ($0.time - first.time).text } ?? "never")",
        window: window)
}
