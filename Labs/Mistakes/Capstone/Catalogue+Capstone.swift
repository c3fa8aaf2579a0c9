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
                remedy: "curl --interface mgmt0 …",
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
            "VR127-capstone", in: "step8", [.replacing(" --max-time 3", with: "", in: CapstoneFile.webhook)]),
        Specimen(
            "VR127-leak", in: "step8", [.replacing(" --interface mgmt0", with: "", in: CapstoneFile.webhook)],
            isFoundInFiles: false, isFoundOnWire: true),
    ]
}

extension TimelineEvent {
    /// A packet for the webhook receiver that a balancer sent into the data network.
    func isLeakedWebhook(of node: String) -> Bool {
        guard self.node == node, isSent, case .frame(let captured) = kind else { return false }
        return captured.interface == CapstoneNetwork.dataInterface
            && frame?.ipPacket?.destination == CapstoneNetwork.receiver
    }
}
