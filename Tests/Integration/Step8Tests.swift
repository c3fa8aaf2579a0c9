import LabCourse
import Labs
import NetnsTesting
import Testing

@Suite(
    "Step 8: the capstone", .requiresNamespaces, .requires(program: "/usr/sbin/haproxy", package: "haproxy"),
    .requires(program: "/usr/bin/curl", package: "curl"), .serialized)
struct Step8Tests {
    @Test(
        "the solution passes when a learner hands it in, and what the step begins with fails in every experiment",
        arguments: [Pair.hasKeepalived ? Pair.keepalivedFirst : Pair.ours])
    func learner(_ pair: Pair) async throws {
        let files = LabStep.step8.files
        let solved = try await Self.run(LabStep.step8.scenarios(.yours, files: files.map(\.solved)), pair)
        for report in solved { expectPass(report) }
        let begun = try await Self.run(LabStep.step8.scenarios(.yours, files: files.map(\.begun)), pair)
        #expect(begun.map(\.verdict) == Array(repeating: .fail, count: 11))
    }

    @Test(
        "the published file differs from the wire exactly as the errata say",
        arguments: [Pair.ours, .keepalived].filter(Pair.available.contains))
    func published(_ pair: Pair) async throws {
        let reports = try await Self.run(LabStep.step8.scenarios(.asWritten), pair)
        let contrasts = reports.flatMap(\.checks).compactMap(\.contrast)
        for report in reports {
            for check in report.checks where check.contrast?.isAsCatalogued != true {
                Issue.record("\(report.id) \(check.verdict): \(check.title): \(check.observed)")
            }
        }
        #expect(contrasts.map(\.erratum).sorted() == LabStep.step8.errata.map(\.id))
    }

    /// A mistake, in which experiment it shows, and how the check begins that fails there.
    struct Slip: Sendable, CustomTestStringConvertible {
        var name: String
        var scenario: String
        var check: String
        var changes: [Specimen.Change]

        var testDescription: String { name }

        init(_ name: String, _ scenario: String, _ check: String, _ changes: Specimen.Change...) {
            (self.name, self.scenario, self.check, self.changes) = (name, scenario, check, changes)
        }
    }

    @Test("what one gets wrong shows in the experiment that is about it")
    func slips() async throws {
        let step = LabStep.step8
        let jobs = try Self.slips.map { slip in
            let files = step.files(of: Specimen(slip.name, in: step.id, slip.changes))
            let scenarios = step.scenarios(.yours, files: files)
            return Runner.Job(step: step.id, scenario: try #require(scenarios.first { $0.id == slip.scenario }))
        }
        let runner = Runner(daemons: try Pair.ours.programs(), variant: .yours, width: jobs.count, retries: 2)
        for (slip, report) in zip(Self.slips, try await runner.run(jobs)) {
            let failed = report.checks.filter { $0.verdict == .fail }
            #expect(failed.contains { $0.title.hasPrefix(slip.check) }, "\(slip.name): \(failed.map(\.title))")
        }
    }

    private static let lb1 = "/etc/keepalived/keepalived-capstone.conf"
    private static let lb2 = "/etc/keepalived/keepalived-capstone-lb2.conf"
    private static let webhook = "/etc/keepalived/notify-webhook.sh"
    private static let curl = "/usr/bin/curl -sf -o /dev/null --max-time 1 http://127.0.0.1/health"

    private static let slips = [
        Slip(
            "a process check", "hang", "lb2 takes the web address",
            .replacing(curl, with: "/usr/bin/pgrep -x haproxy", in: lb1)),
        Slip(
            "lb1 preempts", "crash", "never: lb1 takes the web address back",
            .replacing("    nopreempt\n", with: "", in: lb1)),
        Slip(
            "multicast over IPv6", "placement", "no advertisement reaches",
            .replacing("    unicast_peer {\n        2001:db8::12\n    }\n", with: "", in: lb1),
            .replacing("    unicast_peer {\n        2001:db8::11\n    }\n", with: "", in: lb2)),
        Slip(
            "the IPv6 address in the IPv4 instance", "placement", "lb1 has 2001:db8::100",
            .replacing("        2001:db8::100/64 dev data0\n", with: "", in: lb1),
            .replacing(
                "        10.0.1.100/24 dev data0 label data0:http\n",
                with: "        10.0.1.100/24 dev data0 label data0:http\n        2001:db8::100/64 dev data0\n", in: lb1)
        ),
        Slip(
            "the gateway decides", "gateway", "never: the web address moves",
            .replacing(curl, with: gatewayCheck, in: lb1), .replacing(curl, with: gatewayCheck, in: lb2)),
        Slip(
            "mgmt0 decides", "mgmt0", "never: the web address moves",
            .replacing(
                "    track_script {\n", with: "    track_interface {\n        mgmt0\n    }\n    track_script {\n",
                in: lb1)),
        Slip(
            "a webhook without a limit", "webhook", "lb1's webhook script has ended",
            .replacing(" --max-time 3", with: "", in: webhook)),
        Slip(
            "a webhook that takes any way", "mgmt0", "no webhook of lb1 leaves by data0",
            .replacing(" --interface mgmt0", with: "", in: webhook)),
        Slip(
            "a webhook that says it twice", "crash", "one call for each transition",
            .replacing("exec /usr", with: "/bin/true; for i in 1 2; do /usr", in: webhook),
            .replacing("http://10.0.9.1:8080/\n", with: "http://10.0.9.1:8080/; done\n", in: webhook)),
        Slip(
            "weights", "haproxy", "lb1's web instance goes into FAULT",
            .replacing("weight 0", with: "weight -60", in: lb1)),
        Slip(
            "bond0", "placement", "lb1 has 10.0.1.100", .replacing("data0", with: "bond0", in: lb1)),
    ]

    /// Whether the gateway's kernel refuses a connection at once: then it is there.
    private static let gatewayCheck =
        "/bin/sh -c '/usr/bin/curl -s --max-time 1 http://10.0.1.1/; test $? -eq 7'"

    private static func run(_ scenarios: [Scenario], _ pair: Pair) async throws -> [ScenarioReport] {
        let runner = Runner(daemons: try pair.programs(), width: scenarios.count, retries: 2)
        return try await runner.run(scenarios.map { Runner.Job(step: "step8", scenario: $0) })
    }
}
