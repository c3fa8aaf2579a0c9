import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import VRRPCore
import Wire

/// Step 5: who is told that a node has changed its state, when, and with which words.
extension LabStep {
    public static let step5 = LabStep(
        id: "step5", title: "Notify scripts",
        goal: "Have a script called once for every change of state, and know what it may and may not rely on.",
        picture: LabNetwork.pairPicture, lesson: String(decoding: PackageResources.step5_lesson_md, as: UTF8.self),
        seconds: 20,
        variants: [
            .reference: VariantContents(
                files: Step5.referenceFiles, scenarios: Step5.ofTheFiles + Step5.ofOtherScripts),
            .yours: VariantContents(files: Step5.referenceFiles, scenarios: Step5.ofTheFiles),
            .asWritten: VariantContents(files: Step5.asWrittenFiles, scenarios: [asWritten]),
        ],
        files: [
            LearnerFile(
                LabFile.master, on: ["node1"], .configuration,
                start: String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self),
                solution: Step5.first),
            LearnerFile(
                LabFile.backup, on: ["node2"], .configuration,
                start: String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self),
                solution: Step5.second),
            LearnerFile(
                LabFile.notify, on: ["node1", "node2"], .script,
                start: String(decoding: PackageResources.step5_notify_as_written_sh, as: UTF8.self),
                solution: Step5.script, mode: 0o700),
        ],
        hints: [
            """
            No call at all? A command and its argument belong in one pair of quotes, the script must be executable, \
            and nobody but root may be able to write it or a directory above it.
            """,
            """
            notify_master "/etc/keepalived/notify.sh MASTER" and the same for BACKUP and FAULT in both files; \
            chmod 700 notify.sh; in it: echo "$(date '+%F %T') $(hostname) state $1" >> \
            /var/log/keepalived-state.log
            """,
        ],
        errata: [])
}

enum Step5 {
    static let first = String(decoding: PackageResources.step5_node1_reference_conf, as: UTF8.self)
    static let second = String(decoding: PackageResources.step5_node2_reference_conf, as: UTF8.self)
    static let script = String(decoding: PackageResources.step5_notify_reference_sh, as: UTF8.self)
    static let referenceFiles = files(first, second, script: script)
    static let asWrittenFiles = files(
        String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self),
        String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self),
        script: String(decoding: PackageResources.step5_notify_as_written_sh, as: UTF8.self))

    /// The two nodes' configurations, the script that both call, and the service that both check.
    static func files(_ first: String, _ second: String, script: String) -> [NodeFile] {
        [NodeFile(LabFile.master, on: "node1", first), NodeFile(LabFile.backup, on: "node2", second)]
            + ["node1", "node2"].flatMap { node in
                [NodeFile(LabFile.notify, on: node, script, mode: 0o700), LabFile.serviceStandIn(on: node)]
            }
    }

    /// What any script must do that logs the state.
    static let ofTheFiles = [calls, link, crash, stop]
    /// What the daemon does with scripts that behave badly, and with the other way to call one.
    static let ofOtherScripts = [slow, failing, generic]
}

private func scenario(
    _ id: String, _ title: String, files: [NodeFile] = Step5.referenceFiles, takesPhase: Bool = false,
    _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(
        id, title, topology: LabNetwork.pair, files: files, needs: [.pgrep], takesPhase: takesPhase, body: body)
}

private let calls = scenario("calls", "node1's check fails and recovers: each change is told once") { run in
    try await failAndRecover(run)
}

private let slow = scenario(
    "slow", "A script that takes five seconds delays no advertisement",
    files: Step5.files(
        Step5.first, Step5.second, script: Step5.script + "[ \"$state\" != MASTER ] || exec sleep 5\n")
) { run in
    // keepalived starts the next script beside a slow one, vrrpd after it.
    try await failAndRecover(run, patience: .seconds(5))
    for node in run.routers { try run.checkRhythm(of: node) }
}

private let failing = scenario(
    "failing", "A script that fails changes nothing",
    files: Step5.files(Step5.first, Step5.second, script: Step5.script + "exit 1\n")
) { run in
    try await failAndRecover(run)
    for node in run.routers { try run.checkRhythm(of: node) }
}

/// The whole way of both nodes, as far as their files have it: a check fails and recovers.
private func failAndRecover(_ run: ScenarioRun, patience: Duration = .zero) async throws {
    let check = try run.serviceCheck(of: "node1")
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    let said = run.lab.timeline.last(before: run.lab.timeline.endTime) { $0.isClaim(by: "node1") }
    let (priority, second) = (Int(said?.advertisement?.0.priority ?? 0), try run.router(of: "node2"))
    let sinks = priority + check.weight < Int(second.priority.rawValue) && second.preempts
    guard check.weight == 0 || sinks else {
        run.skip("node1's check moves the address", because: "its weight of \(check.weight) is too small: see step 4")
        try await judge(run, node1: ["BACKUP", "MASTER"], node2: ["BACKUP"])
        return
    }
    let fault = try run.killService(on: "node1")
    let limit = check.failure.upperBound + (try run.silence(of: "node2")) + (try run.interval)
    try await run.demand("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
    let back = run.lab.step("the service of node1 is back")
    try run.lab["node1"].start(LabFile.service, as: ScenarioRun.service)
    let returns = try await awaitReturn(run, since: back, after: check.recovery)
    try await judge(
        run,
        node1: ["BACKUP", "MASTER", check.weight == 0 ? "FAULT" : "BACKUP"]
            + (check.weight == 0 ? ["BACKUP"] : []) + (returns ? ["MASTER"] : []),
        node2: ["BACKUP", "MASTER"] + (returns ? ["BACKUP"] : []), patience: patience)
}

/// Waits until node1 is the master again, when its file has it take the address back.
private func awaitReturn(_ run: ScenarioRun, since back: Instant, after recovery: Duration) async throws -> Bool {
    let router = try run.router(of: "node1")
    let limit = recovery + router.preemptDelay + (try run.silence(of: "node1")) + (try run.interval) + .seconds(1)
    guard router.preempts else {
        try await run.lab.watch(for: limit, since: back)
        return false
    }
    try await run.demand("node1 takes the address back", within: limit, since: back) { $0.isClaim(by: "node1") }
    return true
}

/// Gives late calls a moment to come, and judges all of them.
private func judge(
    _ run: ScenarioRun, node1: [String], node2: [String], patience: Duration = .zero
) async throws {
    let end = run.lab.step("late calls may come")
    if patience > .zero {
        let due = node1.count + node2.count
        _ = try? await run.lab.expect("every call", within: patience, since: end) { timeline, _ in
            let calls = run.routers.map { StateLog(timeline, of: $0, daemon: "").calls.count }.reduce(0, +)
            return calls >= due ? timeline.last : nil
        }
    }
    try await run.lab.watch(for: .milliseconds(500))
    run.checkCalls(of: "node1", node1, patience: patience)
    run.checkCalls(of: "node2", node2, patience: patience)
}

private let link = scenario(
    "link", "node1's interface goes down and comes back: FAULT, then BACKUP", takesPhase: true
) { run in
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    let fault = try await run.inject(.linkDown(LabNetwork.node1), timedBy: "node1").began
    let limit = try run.silence(of: "node2") + run.interval + .milliseconds(500)
    try await run.demand("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
    let healed = try run.lab.heal(.linkDown(LabNetwork.node1)).began
    let returns = try await awaitReturn(run, since: healed, after: .zero)
    try await judge(
        run, node1: ["BACKUP", "MASTER", "FAULT", "BACKUP"] + (returns ? ["MASTER"] : []),
        node2: ["BACKUP", "MASTER"] + (returns ? ["BACKUP"] : []))
}

private let crash = scenario("crash", "node1 is killed: the dead tell nobody", takesPhase: true) { run in
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    try await run.lab.watch(for: .milliseconds(250))
    let fault = try await run.inject(.kill(run.daemon(of: "node1"), .tree), timedBy: "node1").began
    guard let first = try await run.checkTakeover(after: fault) else { return }
    let calls = run.stateLog(of: "node1", since: fault).calls
    run.judgeAbsence(
        "no call on the dead node", calls.isEmpty, expected: "the script is not called",
        observed: calls.first.map { "called with \($0.state)" } ?? "no call until node2 had taken over",
        window: fault...first.time)
    let back = try run.start("node1")
    try await run.expectBackup("node1", since: back)
    let returns = try await awaitReturn(run, since: back, after: .zero)
    try await judge(
        run, node1: ["BACKUP", "MASTER", "BACKUP"] + (returns ? ["MASTER"] : []),
        node2: ["BACKUP", "MASTER"] + (returns ? ["BACKUP"] : []))
}

private let stop = scenario(
    "stop", "node1 is asked to end: only notify_stop and notify are told", takesPhase: true
) { run in
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    try await run.lab.watch(for: .milliseconds(250))
    let name = try run.router(of: "node1").name
    let scripts = run.reading(of: "node1")?.result.configuration.notifications[name]
    let isTold = scripts?.stop != nil || scripts?.generic != nil
    let fault = try await run.inject(.terminate(run.daemon(of: "node1")), timedBy: "node1").began
    let skew = try run.times(of: "node2").skew(run.priority(of: "node2"))
    try await run.checkTakeover(after: fault, expecting: skew)
    let process = run.daemon(of: "node1").process
    try await run.require("the daemon has ended", within: .seconds(8), since: fault) {
        if case .exited(process, _) = $0.kind { $0.node == "node1" } else { false }
    }
    try await judge(run, node1: ["BACKUP", "MASTER"] + (isTold ? ["STOP"] : []), node2: ["BACKUP", "MASTER"])
}

private let generic = scenario(
    "generic", "One 'notify' for every state: four arguments, STOP at the end",
    files: Step5.files(
        Step5.first.withGenericNotify, Step5.second.withGenericNotify,
        script: "#!/bin/sh\necho \"$# $*\" >> \(LabFile.notifyLog)\n")
) { run in
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    let fault = try run.lab.inject(.terminate(run.daemon(of: "node1"))).began
    try await run.require("node2 takes over", within: try run.silence(of: "node2") + .seconds(1), since: fault) {
        $0.isClaim(by: "node2")
    }
    try await run.lab.watch(for: .milliseconds(500))
    for (node, states) in [("node1", ["BACKUP", "MASTER", "STOP"]), ("node2", ["BACKUP", "MASTER"])] {
        let router = try run.router(of: node)
        let expected = states.map { "4 INSTANCE \(router.name) \($0) \(router.priority)" }
        let lines = run.stateLog(of: node).calls.map(\.line)
        run.judge(
            "\(node): the script's arguments", lines == expected, expected: expected.joined(separator: ", "),
            observed: lines.isEmpty ? "no call" : lines.joined(separator: ", "))
    }
}

private let asWritten = Scenario(
    "calls", "The published files: three commands without quotes", topology: LabNetwork.pair,
    files: Step5.asWrittenFiles, errata: [.notify]
) { run in
    try await run.followStateLogs()
    try run.startServices()
    try await run.startPair()
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
    let limit = try run.silence(of: "node2") + run.interval + .milliseconds(500)
    let first = try await run.require("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
    try await run.lab.watch(for: .milliseconds(500))
    for node in run.routers {
        let log = run.stateLog(of: node)
        let isOurs = run.isOurs(node)
        run.contrast(
            .notify, holds: log.calls.count == log.transitions.count,
            isAsCatalogued: isOurs ? log.calls.count == log.transitions.count : log.calls.isEmpty, isOurs: isOurs,
            observed: "\(node): \(log.calls.count) calls in \(log.transitions.count) changes of state",
            window: run.lab.start...first.time)
    }
}

extension String {
    /// A configuration that has one script told of everything instead of one for each state.
    fileprivate var withGenericNotify: String {
        split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            switch line.split(separator: " ").first {
            case "notify_master": "    notify \"\(LabFile.notify)\""
            case "notify_backup", "notify_fault": nil
            default: String(line)
            }
        }.joined(separator: "\n")
    }
}
