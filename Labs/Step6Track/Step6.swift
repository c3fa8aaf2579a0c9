import LabCourse
import NetnsKit

/// Step 6: a check of one's own, and how well it knows a real load balancer.
extension LabStep {
    public static let step6 = LabStep(
        id: "step6", title: "A track script of your own",
        goal: "Write a check that knows when a node cannot serve, and let the address follow the service.",
        picture: ServiceNetwork.picture, lesson: text(PackageResources.step6_lesson_md), seconds: 20,
        variants: [
            .reference: VariantContents(
                files: referenceFiles, scenarios: experiments(referenceFiles) + [fault(unweightedFiles)]),
            .yours: VariantContents(files: referenceFiles, scenarios: experiments(referenceFiles)),
            .asWritten: VariantContents(files: asWrittenFiles, scenarios: published(asWrittenFiles)),
        ],
        files: [
            LearnerFile(
                ServiceFile.check, on: ServiceNetwork.balancers, .script, start: startScript, solution: script,
                mode: 0o700),
            LearnerFile(
                LabFile.master, on: ["node1"], .configuration, start: text(PackageResources.step6_node1_start_conf),
                solution: configurations[0]),
            LearnerFile(
                LabFile.backup, on: ["node2"], .configuration, start: text(PackageResources.step6_node2_start_conf),
                solution: configurations[1]),
        ],
        hints: advice, errata: Step6Erratum.all)
}

private let advice = [
    """
    Run the script by hand first, once for each thing that can happen to HAProxy, and look at its exit code: \
    `sh -x check_service.sh; echo $?`. Then count in the configuration: who runs it, how often, how long it may \
    take, and what its weight makes of 150. A vrrp_script that no track_script names does nothing.
    """,
    """
    Three questions in this order, each ending in `|| exit 1`: pgrep -x haproxy; curl with --max-time 0.5 and \
    -w '%{http_code}'; and, only if the socket is there ([ -S ]), `echo "show stat" | socat -t 0.3 stdio SOCKET`, \
    of which the rows that are neither FRONTEND nor BACKEND and whose 18th column begins with UP are counted. \
    In both configurations: vrrp_script chk_service with interval 1, timeout 1, fall 2, rise 3, weight -60, and \
    its name in track_script.
    """,
]

private func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

private let script = text(PackageResources.step6_check_service_reference_sh)
private let startScript = text(PackageResources.step6_check_service_start_sh)
private let configurations = [
    text(PackageResources.step6_node1_reference_conf), text(PackageResources.step6_node2_reference_conf),
]

// MARK: Files

private let referenceFiles = files(script, configurations)
/// The same check without a weight: its failure is a fault.
private let unweightedFiles = files(
    script,
    configurations.map { text in
        text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("weight") }
            .joined(separator: "\n")
    })
private let asWrittenFiles = files(
    startScript,
    [text(PackageResources.step4_node1_as_written_conf), text(PackageResources.step4_node2_as_written_conf)])

private func files(_ script: String, _ configurations: [String]) -> [NodeFile] {
    let paths = [LabFile.master, LabFile.backup]
    return ServiceNetwork.balancers.enumerated().flatMap { number, node in
        [
            NodeFile(paths[number], on: node, configurations[number]),
            NodeFile(ServiceFile.check, on: node, script, mode: 0o700),
        ]
    } + ServiceNetwork.files
}

// MARK: Scenarios

private func experiments(_ files: [NodeFile]) -> [Scenario] {
    let make = maker(files)
    return [
        make("states", "The script alone, asked in six states of the service", ServiceStates.tabulate),
        make("process", "HAProxy of node1 is killed, and started again") { try await $0.undergo(.killed) },
        make("http", "/health of node1 says 503 for a while") { try await $0.undergo(.unhealthy) },
        make("hang", "HAProxy of node1 stands still (SIGSTOP)") { try await $0.undergo(.stopped) },
        make("backends", "node1 reaches no web server any more") { try await $0.undergo(.abandoned) },
        make("once", "One bad answer, then good ones: nothing moves") { try await $0.missOnce() },
        make("flap", "Bad and good in turn, two questions each") { try await $0.flap() },
        make("slow", "A check that never ends counts as failed") { try await $0.undergo(.stuckCheck) },
    ]
}

private func fault(_ files: [NodeFile]) -> Scenario {
    maker(files)("fault", "/health says 503, and the check has no weight: a fault") {
        try await $0.undergo(.unhealthy)
    }
}

private func published(_ files: [NodeFile]) -> [Scenario] {
    let make = maker(files, needs: ServiceNetwork.needs + [.killall])
    return [
        make("states", "The published script, asked in six states of the service", Step6AsWritten.states),
        make("backends", "The published pair, and node1 without web servers", Step6AsWritten.pair),
    ]
}

private typealias Body = @Sendable (ScenarioRun) async throws -> Void

private func maker(
    _ files: [NodeFile], needs: [ProgramNeed] = ServiceNetwork.needs
) -> (_ id: String, _ title: String, _ body: @escaping Body) -> Scenario {
    { id, title, body in
        Scenario(id, title, topology: ServiceNetwork.topology, files: files, needs: needs, body: body)
    }
}
