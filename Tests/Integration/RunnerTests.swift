import Glibc
import LabCourse
import LinuxSystem
import Netlink
import NetnsKit
import NetnsTesting
import Synchronization
import Testing

@Suite("The runner", .requiresNamespaces)
struct RunnerTests {
    @Test("An error in one scenario is its own inconclusive check, and the others go on")
    func brokenScenario() async throws {
        let jobs = [
            Self.job("broken") { run in
                run.judge("before", true, expected: "", observed: "")
                try run.lab.inject(.linkDown(LinkEnd("nobody", "eth0")))
            },
            Self.job("well") { run in run.judge("a fact", true, expected: "", observed: "") },
        ]
        let reports = try await Self.runner(retries: 0).run(jobs)
        #expect(reports.map(\.verdict) == [.inconclusive, .pass])
        #expect(reports[0].checks.map(\.title) == ["before", "the scenario runs to its end"])
        #expect(reports[0].checks.last?.observed == "there is no node 'nobody' in this lab")
    }

    @Test("An expectation that a scenario left to itself is a failed check")
    func brokenExpectation() async throws {
        let job = Self.job("silent") { run in
            try await run.lab.expect("a miracle", within: .milliseconds(1), since: run.lab.start) { _ in false }
        }
        let report = try await Self.runner(retries: 0).run(job)
        #expect(report.checks.map(\.title) == ["a miracle"])
        // A host that stood still at that very moment makes it inconclusive.
        #expect(report.verdict > .pass)
    }

    @Test("A lab that cannot be built is the scenario's inconclusive check, too")
    func brokenTopology() async throws {
        let node = NodeDescription("node1", [])
        let job = Runner.Job(
            step: "step0",
            scenario: Scenario("twice", "Two of a name", topology: Topology([node, node]), files: []) { _ in })
        let report = try await Self.runner(retries: 0).run(job)
        #expect(report.checks.map(\.title) == ["the lab is built"])
        #expect(report.verdict == .inconclusive)
    }

    @Test("What is inconclusive is run again until it is not, and says so")
    func retried() async throws {
        let runs = Mutex(0)
        let job = Self.job("moody") { run in
            let number = runs.withLock { runs in
                runs += 1
                return runs
            }
            if number < 3 { throw LabError.noSuchNode("number \(number)") }
            run.judge("a fact", true, expected: "", observed: "")
        }
        let report = try #require(await Self.runner(retries: 5).run([job]).first)
        #expect(report.verdict == .pass)
        #expect(report.attempts == 3)
    }

    @Test("What keeps being inconclusive is run again only as often as allowed")
    func exhausted() async throws {
        let report = try #require(await Self.runner(retries: 2).run([Self.job("empty") { _ in }]).first)
        #expect(report.verdict == .inconclusive)
        #expect(report.attempts == 3)
    }

    @Test("What passed, failed or was skipped is not run again", arguments: [Verdict.pass, .fail, .skip])
    func settled(_ verdict: Verdict) async throws {
        let job = Self.job("clear") { run in
            if verdict == .skip {
                run.skip("a fact", because: "of nothing")
            } else {
                run.judge("a fact", verdict == .pass, expected: "", observed: "")
            }
        }
        let report = try #require(await Self.runner(retries: 5).run([job]).first)
        #expect(report.verdict == verdict)
        #expect(report.attempts == 1)
    }

    @Test(
        "A right, a program or a feature of the kernel that is missing concerns the machine",
        arguments: [
            .notPermitted(SystemError("clone", code: EPERM)), .initMissing(lookedIn: []),
            .nodeFailed(node: "node1", report: "cannot mount"),
            .netlink(NetlinkError("create bridge", code: EOPNOTSUPP)),
            .netlink(NetlinkError("open a packet filter socket", code: EPROTONOSUPPORT)),
            .system(SystemError("socket", code: EAFNOSUPPORT)),
        ] as [LabError])
    func concernsMachine(_ error: LabError) {
        #expect(error.concernsMachine)
    }

    @Test(
        "What may go well the next time, or is the scenario's own mistake, does not",
        arguments: [
            .netlink(NetlinkError("create bridge", code: ENOBUFS)), .system(SystemError("pipe2", code: EMFILE)),
            .noSuchNode("node9"), .noSuchProcess("vrrpd", node: "node1"),
        ] as [LabError])
    func concernsScenario(_ error: LabError) {
        #expect(!error.concernsMachine)
    }

    private static func runner(retries: Int) -> Runner {
        let nothing = DaemonProgram(name: "nothing", path: "/bin/true")
        return Runner(daemons: DaemonPair(nothing, nothing), width: 2, retries: retries)
    }

    private static func job(_ id: String, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void) -> Runner.Job
    {
        let topology = Topology([NodeDescription("node1", [])])
        return Runner.Job(step: "step0", scenario: Scenario(id, id, topology: topology, files: [], body: body))
    }
}
