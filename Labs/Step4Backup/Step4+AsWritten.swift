import LabCourse
import NetnsKit
import Timeline
import Wire

extension Step4 {
    static let asWrittenFiles = files(publishedFirst, publishedSecond)

    /// The published pair, put to the test.
    static let asWritten = [reclaim, smallWeight, unhealthyMaster, nearPriority, systemctl]
}

private let publishedFirst = String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self)
private let publishedSecond = String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self)

private func scenario(
    _ id: String, _ title: String, files: [NodeFile] = Step4.asWrittenFiles, needs: [ProgramNeed] = [],
    _ errata: [Erratum], _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.pair, files: files, needs: needs, errata: errata, body: body)
}

private let reclaim = scenario(
    "nopreempt", "The text: with nopreempt on node2, node2 keeps the address", [.nopreempt, .preemptDelay]
) { run in
    try await run.startServed()
    guard let back = try await run.crashAndReturn() else { return }
    // Far less than preempt_delay, and more than node1 needs with any priority that its checks leave it.
    let limit = try run.times(of: "node1").masterDown(1) + .seconds(1)
    let taken = try? await run.lab.expect("node1 takes the address back", within: limit, since: back) {
        $0.isClaim(by: "node1")
    }
    let delay = taken.map { $0.time - back }
    let isAtOnce = delay.map { (Duration.milliseconds(3300)...Duration.milliseconds(4300)).contains($0) } ?? false
    let observed = delay.map { "node1 took it back \($0.text) after its start" } ?? "node2 kept it for \(limit.text)"
    let window = back...(taken?.time ?? back + limit)
    for erratum in [Erratum.nopreempt, .preemptDelay] {
        run.contrast(
            erratum, holds: taken == nil, isAsCatalogued: isAtOnce, observed: observed, measured: delay, window: window)
    }
}

/// Ends node1's service, and sees whether node2 takes over and what node1 says at the end.
private func contrastMove(_ run: ScenarioRun, _ erratum: Erratum, staysAt priority: Int) async throws {
    try await run.startServed()
    let check = try run.serviceCheck(of: "node1")
    let fault = try run.killService(on: "node1")
    let limit = check.failure.upperBound + (try run.silence(of: "node2")) + (try run.interval)
    let first = try? await run.lab.expect("node2 takes over", within: limit, since: fault) { $0.isClaim(by: "node2") }
    let last = run.lab.timeline.last(before: fault + limit) { $0.isClaim(by: "node1") }
    let said = Int(last?.advertisement?.0.priority ?? 0)
    run.contrast(
        erratum, holds: first != nil, isAsCatalogued: first == nil && said == priority,
        observed: first.map { "node2 after \(($0.time - fault).text)" }
            ?? "node1 still the master after \(limit.text), with priority \(said)",
        window: fault...(fault + limit))
}

private let smallWeight = scenario(
    "check", "The text: a failed check on node1 moves the address",
    files: Step4.files(publishedFirst, publishedSecond.replacing("    nopreempt\n", with: "")), needs: [.killall],
    [.smallWeight]
) { run in
    // What nopreempt does is another scenario's question.
    try await contrastMove(run, .smallWeight, staysAt: 100)
}

private let unhealthyMaster = scenario(
    "unhealthy", "The text's nopreempt on node2, with a weight that is large enough",
    files: Step4.files(publishedFirst.replacing("weight -20", with: "weight -60"), publishedSecond),
    needs: [.killall], [.unhealthyMaster]
) { run in
    try await contrastMove(run, .unhealthyMaster, staysAt: 60)
}

private let nearPriority = scenario(
    "near", "The text: node1 falls to 130, and a node2 with priority 140 wins",
    files: Step4.files(
        publishedFirst.replacing("        chk_http\n", with: ""),
        publishedSecond.replacing("priority 100", with: "priority 140")),
    needs: [.killall], [.nearPriority]
) { run in
    try await contrastMove(run, .nearPriority, staysAt: 130)
}

private let systemctl = scenario(
    "systemctl", "The text: systemctl restart keepalived on node1 forces an election", [.systemctl]
) { run in
    try await run.startServed()
    let begin = run.lab.step("systemctl restart keepalived")
    let result = try await run.lab["node1"].run("/bin/sh", ["-c", "systemctl restart keepalived"])
    let limit = try run.silence(of: "node2") + run.interval
    let moved = try? await run.lab.expect("node2 takes over", within: limit, since: begin) { $0.isClaim(by: "node2") }
    let hasFailed = result.map { !$0.succeeded } ?? true
    let answer = result.map { "\($0.status)" } ?? "no end within 10 s"
    run.contrast(
        .systemctl, holds: moved != nil, isAsCatalogued: moved == nil && hasFailed,
        observed: "the command: \(answer); the address \(moved == nil ? "stayed on node1" : "moved")",
        window: begin...(begin + limit))
}
