import LabCourse
import NetnsKit
import Timeline
import Wire

/// Step 8: everything at once, on two load balancers.
extension LabStep {
    public static let step8 = LabStep(
        id: "step8", title: "Capstone: HAProxy, unicast, webhook",
        goal:
            "Write both files and the webhook of a pair of load balancers, and know what each failure costs a client.",
        picture: CapstoneNetwork.picture, lesson: CapstoneFile.text(PackageResources.step8_lesson_md), seconds: 34,
        variants: [
            .reference: VariantContents(
                files: CapstoneFile.reference, scenarios: CapstoneScenario.reference(CapstoneFile.reference)),
            .asWritten: VariantContents(files: CapstoneFile.published, scenarios: CapstoneScenario.published),
        ],
        files: CapstoneFile.learners,
        hints: [
            """
            Three virtual routers, and lb2's file is lb1's in the mirror: the unicast addresses change places, and \
            150 and 100 do. Start with one of them, VI_HTTP, on both sides. bond0 is the published text's name: here \
            the interface to the clients is data0.
            """,
            """
            nopreempt needs state BACKUP and stands on lb1, in both web instances; weights do nothing beside it, so \
            the check has weight 0: the node goes into FAULT, resigns, and lb2 needs 0.6 s. Ask HAProxy for a page \
            and give it a second: pgrep also finds a process that hangs. The IPv6 address needs an instance of its \
            own, with IPv6 unicast addresses and version 3.
            """,
            """
            notify /etc/keepalived/notify-webhook.sh calls it as INSTANCE VI_HTTP MASTER 150. It says so in one curl: \
            --interface mgmt0, so that it never takes another way; --max-time 3, so that it ends; --data with \
            {"instance": "$2", "state": "$3"}. The file needs mode 700 and a first line #!/bin/sh.
            """,
        ],
        errata: CapstoneErrata.all)
}

/// The experiments of the capstone.
enum CapstoneScenario {
    static func reference(_ files: [NodeFile]) -> [Scenario] {
        [
            placement, processDies, processHangs, daemonCrashes, machineDies, dataLost, managementLost, gatewayLost,
            receiverHangs, peerCrashes, framesLost,
        ].map { $0(files) }
    }

    typealias Maker = @Sendable ([NodeFile]) -> Scenario

    static let needs = [ProgramNeed.haproxy, .curl, .pgrep]

    static func maker(
        _ id: String, _ title: String, topology: Topology = CapstoneNetwork.topology,
        takesPhase: Bool = false, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
    ) -> Maker {
        { files in
            Scenario(id, title, topology: topology, files: files, needs: needs, takesPhase: takesPhase, body: body)
        }
    }

    static let service = ProcessName("haproxy", on: "lb1")
    static let lb1Data = LinkEnd("lb1", CapstoneNetwork.dataInterface)
    static let lb1Management = LinkEnd("lb1", CapstoneNetwork.managementInterface)
}
