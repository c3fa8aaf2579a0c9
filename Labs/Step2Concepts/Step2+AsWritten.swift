import LabCourse
import NetnsKit
import Timeline
import Wire

/// Step 2 as published: what its text says of times and priorities.
let step2AsWritten = [deadInterval, priorityRange]

private let deadInterval = Scenario(
    "dead-interval", "The text: the backup waits 3 s", topology: LabNetwork.pair, files: step2Files,
    errata: [.deadInterval]
) { run in
    try await run.startPair()
    let fault = try run.lab.inject(.kill(run.daemon(of: "node1"), .tree)).began
    let (times, silence) = (try run.times(of: "node2"), try run.silence(of: "node2"))
    let first = try await run.require("node2 takes over", within: silence + .seconds(1), since: fault) {
        $0.isClaim(by: "node2")
    }
    let takeover = run.lab.timeline.takeover(of: run.virtualAddress, from: "node1", to: "node2", after: fault)
    guard let takeover, let delay = takeover.delay, let heard = takeover.lastHeard else { return }
    run.contrast(
        .deadInterval, holds: times.bound(times.interval * 3).contains(delay),
        isAsCatalogued: times.bound(silence).contains(delay),
        observed: "\(delay.text) after the last advertisement", measured: delay, window: heard.time...first.time)
}

private let priorityRange = Scenario(
    "priority-255", "The text: priorities end at 254", topology: LabNetwork.pair,
    files: step2Files.map { file in
        guard file.node == "node1" else { return file }
        return NodeFile(file.path, on: file.node, Knobs.setting("priority", to: "255", in: file.contents))
    },
    errata: [.priorityRange]
) { run in
    let begin = try run.start("node1")
    let limit = try run.times(of: "node1").masterDown(254) + .seconds(1)
    let first = try? await run.lab.expect("node1 becomes the master", within: limit, since: begin) {
        $0.isClaim(by: "node1")
    }
    let priority = first?.advertisement?.0.priority
    let delay = first.map { $0.time - begin }
    run.contrast(
        .priorityRange, holds: priority != 255,
        isAsCatalogued: priority == 255 && delay.map { $0 < .milliseconds(500) } ?? false,
        observed: priority.flatMap { priority in
            delay.map { "\(priority) on the wire, \($0.text) after the start" }
        } ?? "no advertisement",
        measured: delay, window: begin...(first?.time ?? begin + limit))
}
