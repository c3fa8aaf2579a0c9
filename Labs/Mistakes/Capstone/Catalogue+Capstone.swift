import LabCourse
import NetnsKit
import Timeline
import Wire

// Mistakes that show only where there are two networks and a receiver that may be away.
extension Catalogue {
    /// Finds a webhook of the capstone that left by the data network, with the packets that did.
    static func leakedWebhooks(in observation: Observation) -> [Diagnosis] {
        guard observation.submission.step == "step8" else { return [] }
        return CapstoneNetwork.balancers.compactMap { node in
            let leaks = observation.timeline.filter { $0.isLeakedWebhook(of: node) }
            guard let first = leaks.events.first else { return nil }
            let script = observation.submission.file(CapstoneFile.webhook)
            let line = script.flatMap { $0.lines.firstIndex { !$0.hasPrefix("#") && $0.contains("10.0.9.1") } }
            return Diagnosis(
                .webhookBlocks, .warning,
                at: [
                    Diagnosis.Place(
                        file: CapstoneFile.webhook, line: line.map { $0 + 1 },
                        text: line.flatMap { script?.lines[$0] })
                ],
                "Without mgmt0 the webhook takes another route, into the data network.",
                remedy: "curl --interface mgmt0 ...",
                sights: [
                    Diagnosis.Sight(
                        "\(node) \(CapstoneNetwork.dataInterface)",
                        "\(leaks.events.count) packets to 10.0.9.1, the first at "
                            + "\((first.time - observation.origin).text)")
                ])
        }
    }

    /// Files of the capstone whose webhook waits for ever, or takes another way than the management network.
    static let webhookSpecimens = [
        Specimen(
            "VR127-capstone", in: "step8", [.replacing(" --max-time 3", with: "", in: CapstoneFile.webhook)],
            demonstration: Demonstration("A receiver's packets vanish, and the webhook tries for ever") { run in
                try await run.showEndlessWebhook()
            }),
        Specimen(
            "VR127-leak", in: "step8", [.replacing(" --interface mgmt0", with: "", in: CapstoneFile.webhook)],
            isFoundInFiles: false, isFoundOnWire: true,
            demonstration: Demonstration("mgmt0 is down, and the webhook goes into the data network") { run in
                try run.lab.inject(.linkDown(LinkEnd("lb1", CapstoneNetwork.managementInterface)))
                let begin = try run.start("lb1")
                let leak = try await run.expect("a webhook leaves lb1 by data0", within: .seconds(8), since: begin) {
                    $0.isLeakedWebhook(of: "lb1")
                }
                guard let leak else { return }
                run.judge(
                    "a webhook leaves lb1 by data0", true, expected: "a packet to 10.0.9.1",
                    observed: "\((leak.time - begin).text) after the start")
            }),
    ]
}

extension ScenarioRun {
    /// Judges that a webhook tries longer than three seconds when nothing answers.
    fileprivate func showEndlessWebhook() async throws {
        let management = LinkEnd("lb1", CapstoneNetwork.managementInterface)
        try lab.inject(.staleNeighbor("10.0.9.1", macAddress: "02:00:00:00:00:99", management, isPermanent: true))
        let begin = try start("lb1")
        let first = try await require("lb1 tries to connect", within: .seconds(3), since: begin) {
            $0.webhookPort(of: "lb1") != nil
        }
        // TCP repeats its first segment for minutes; with a limit of three seconds it would have ended.
        let port = first.webhookPort(of: "lb1")
        let later = first.time + .seconds(5)
        let last = try await expect("the same connection is tried again", within: .seconds(5), since: later) {
            $0.webhookPort(of: "lb1") == port
        }
        guard let last else { return }
        judge(
            "the same connection is tried again", true, expected: "more than 3 s later",
            observed: "\((last.time - first.time).text) later")
    }
}

extension TimelineEvent {
    /// The port from which a balancer sends to the webhook receiver.
    fileprivate func webhookPort(of node: String) -> UInt16? {
        guard self.node == node, isSent, case .tcp(let segment, let packet)? = frame?.content,
            packet.destination == CapstoneNetwork.receiver
        else { return nil }
        return segment.sourcePort
    }
}

extension TimelineEvent {
    /// A packet for the webhook receiver that a balancer sent into the data network.
    func isLeakedWebhook(of node: String) -> Bool {
        guard self.node == node, isSent, case .frame(let captured) = kind else { return false }
        return captured.interface == CapstoneNetwork.dataInterface
            && frame?.ipPacket?.destination == CapstoneNetwork.receiver
    }
}
