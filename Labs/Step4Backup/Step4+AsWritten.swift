import LabCourse
import NetnsKit
import Timeline
import Wire

extension Step4 {
    static let asWrittenFiles = files(
        String(decoding: PackageResources.step4_node1_as_written_conf, as: UTF8.self),
        String(decoding: PackageResources.step4_node2_as_written_conf, as: UTF8.self))

    /// The published pair, put to the test.
    static let asWritten = [reclaimAsWritten, checkAsWritten]
}

private func scenario(
    _ id: String, _ title: String, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
) -> Scenario {
    Scenario(id, title, topology: LabNetwork.pair, files: Step4.asWrittenFiles, body: body)
}

private let reclaimAsWritten = scenario("nopreempt", "The text: with nopreempt on node2, node2 keeps the address") {
    run in
    try await run.startServed()
    guard let back = try await run.crashAndReturn() else { return }
    let limit = try run.silence(of: "node2") + .milliseconds(250)
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

private let checkAsWritten = scenario("check", "The text: a failed check on node1 moves the address") { run in
    try await run.startServed()
    let fault = try run.killService(on: "node1")
    // fall 2, interval 2, and then node2's whole patience.
    let limit = .seconds(4) + (try run.silence(of: "node2")) + (try run.interval)
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
