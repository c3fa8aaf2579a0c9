import KeepalivedConfiguration
import LabCourse
import NetnsKit
import Timeline
import Wire

extension Catalogue {
    static let webhookBlocks = Mistake(
        .webhookBlocks, "a webhook that nobody limits", .warning,
        symptom: "The script hangs when the receiver is away; what comes after the call is late.",
        reason: """
            curl waits as long as the network lets it: 3 s where nobody answers on the segment, more than two minutes \
            where packets vanish. keepalived waits for no notify script, so the address moves in time, but the \
            scripts pile up, and what follows the call in the script is late.
            """,
        wrong: "curl -s -d \"$1\" http://192.168.1.99/state",
        right: "curl -s --max-time 2 -d \"$1\" http://192.168.1.99/state",
        inFiles: { unlimitedRequests($0) },
        onWire: { unansweredRequests($0) + leakedWebhooks(in: $0) + lateRequests($0) },
        specimens: [
            Specimen(
                "VR127-curl", in: "step3",
                [.script(LabFile.notify, webhook("curl -s -d \"$1\" http://192.168.1.99/state"))]),
            Specimen(
                "VR127-connect", in: "step3",
                [.script(LabFile.notify, webhook("curl -s --connect-timeout 4 -d \"$1\" http://192.168.1.99/state"))]),
        ] + webhookSpecimens,
        demonstration: Demonstration("The line after the call is written seconds after the state was entered") { run in
            let begin = try run.start("node1")
            let entered = try await run.expectBackup("node1", since: begin)
            let wait: Duration = .seconds(1)
            await run.watch(for: entered.time - begin + wait, since: begin)
            run.judge(
                "a second later the script has not got past its webhook", run.calls().isEmpty,
                expected: "nothing in its log after \(wait.text)", observed: run.calls().joined(separator: ", "))
        })
}

// MARK: - Recognizers

private func webhook(_ command: String) -> String {
    "#!/bin/sh\n\(command)\necho \"$1\" >> \(LabFile.notifyLog)\n"
}

private func unlimitedRequests(_ submission: Submission) -> [Diagnosis] {
    submission.notifyScripts.flatMap { script in
        script.commands.compactMap { command in
            let words = command.words.dropFirst()
            let isLimited: Bool
            switch command.name {
            case "curl":
                isLimited = words.contains { word in
                    word.hasPrefix("--max-time")
                        || word.hasPrefix("-") && !word.hasPrefix("--") && word.dropFirst().contains("m")
                }
            case "wget": isLimited = words.contains { $0.hasPrefix("-T") || $0.hasPrefix("--timeout") }
            default: return nil
            }
            guard !isLimited, command.after != "&" else { return nil }
            return Diagnosis(
                .webhookBlocks, .warning, at: [script.place(command)],
                "\(command.name) waits as long as the network lets it: with no answer the script hangs here.",
                remedy: command.name == "curl" ? "curl --max-time 2 ..." : "wget --timeout=2 --tries=1 …")
        }
    }
}

/// A webhook that was asked for again and again without an answer.
private func unansweredRequests(_ observation: Observation) -> [Diagnosis] {
    let found = unlimitedRequests(observation.submission)
    guard !found.isEmpty else { return [] }
    let questions = observation.timeline.compactMap { event -> (String, IPv4Address)? in
        guard let node = event.node, event.isSent, observation.submission.router(node) != nil,
            case .arp(let packet)? = event.frame?.content, !packet.isGratuitous, packet.operation == .request
        else { return nil }
        return (node, packet.targetAddress)
    }
    let counted = Dictionary(grouping: questions) { "\($0.0) \($0.1)" }.filter { $0.value.count > 2 }
    guard let (_, asked) = counted.min(by: { $0.key < $1.key }), let (node, address) = asked.first else { return [] }
    return found.confirmed(
        by: Diagnosis.Sight(
            "lan.pcapng", "\(node) asked \(asked.count) times who has \(address), and nobody answered"))
}

/// A webhook that was heard later than a limit would have let it.
private func lateRequests(_ observation: Observation) -> [Diagnosis] {
    let found = unlimitedRequests(observation.submission)
    guard !found.isEmpty else { return [] }
    // What is recommended as a limit, and a moment for the script.
    let limit: Duration = .seconds(4)
    let delays = observation.timeline.compactMap { event -> (WebhookCall, Duration)? in
        guard let call = event.webhookCall, let node = call.balancer, let instance = call.instance,
            let state = call.state,
            let entered = observation.timeline.last(
                before: event.time,
                where: {
                    $0.isLine(on: node, containing: "(\(instance)) Entering \(state) STATE")
                }), event.time - entered.time > limit
        else { return nil }
        return (call, event.time - entered.time)
    }
    guard let (call, delay) = delays.max(by: { $0.1 < $1.1 }) else { return [] }
    return found.confirmed(
        by: Diagnosis.Sight("ops log", "\(call) was heard \(delay.text) after the state was entered"))
}
