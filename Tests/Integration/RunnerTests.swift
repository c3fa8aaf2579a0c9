import Glibc
import LabCourse
import LinuxSystem
import Netlink
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Wire

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

    @Test("When the budget is spent, what runs is taken down, and what is left is told")
    func budget() async throws {
        let jobs = [
            Self.job("quick") { run in run.judge("a fact", true, expected: "", observed: "") },
            Self.job("endless") { run in try await run.lab.watch(for: .seconds(60)) },
            Self.job("long", seconds: 60) { run in run.judge("begun", false, expected: "", observed: "") },
        ]
        let begin = MonotonicClock.now
        let result = try await Self.runner(retries: 0).perform(jobs, budget: Budget(.seconds(3), since: begin))
        #expect(MonotonicClock.now - begin < .seconds(15))
        #expect(result.end == .budgetSpent)
        #expect(result.reports.map(\.scenario) == ["quick"])
        #expect(result.unfinished.map(\.id) == ["step0/endless", "step0/long"])
    }

    @Test("A run that is canceled tells what it has")
    func canceled() async throws {
        let jobs = [
            Self.job("quick") { run in run.judge("a fact", true, expected: "", observed: "") },
            Self.job("endless") { run in try await run.lab.watch(for: .seconds(60)) },
        ]
        let (began, signal) = AsyncStream.makeStream(of: Void.self)
        let runner = Self.runner(retries: 0)
        let work = Task { try await runner.perform(jobs) { _ in signal.yield() } }
        for await _ in began { break }
        work.cancel()
        let result = try await work.value
        #expect(result.end == .canceled)
        #expect(result.reports.map(\.scenario) == ["quick"] && result.unfinished.map(\.id) == ["step0/endless"])
    }

    @Test("A scenario that takes too long keeps what it had answered, and is inconclusive")
    func timeout() async throws {
        var runner = Self.runner(retries: 0)
        runner.timeout = .milliseconds(200)
        let job = Self.job("slow") { run in
            run.judge("before", true, expected: "", observed: "")
            _ = try? await run.lab.watch(for: .seconds(60))
            run.judge("after", false, expected: "", observed: "")
        }
        let report = try #require(await runner.run([job]).first)
        #expect(report.verdict == .inconclusive)
        #expect(report.checks.map(\.title) == ["before", "the scenario ends in time"])
    }

    @Test("Who wants no flaky result gets a failure for an answer that needed another run")
    func flaky() async throws {
        let runs = Mutex(0)
        let job = Self.job("moody") { run in
            let isFirst = runs.withLock { runs in
                runs += 1
                return runs == 1
            }
            if isFirst { throw LabError.noSuchNode("anywhere") }
            run.judge("a fact", true, expected: "", observed: "")
        }
        var runner = Self.runner(retries: 1)
        runner.flakyFails = true
        let report = try #require(await runner.run([job]).first)
        #expect(report.checks.map(\.verdict) == [.pass, .fail] && report.attempts == 2)
    }

    @Test("What a seed chooses for a scenario is the same each time, and without a seed it is nothing")
    func choices() async throws {
        let shares = Mutex<[Double]>([])
        var job = Self.job("chance") { run in
            shares.withLock { $0.append(run.choices.share("start")) }
            run.judge("a fact", true, expected: "", observed: "")
        }
        _ = try await Self.runner(retries: 0).run(job)
        job.seed = 7
        for _ in 1...2 { _ = try await Self.runner(retries: 0).run(job) }
        let seen = shares.withLock { $0 }
        #expect(seen[0] == 0 && seen[1] == seen[2] && seen[1] > 0)
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

    private static func job(
        _ id: String, seconds: Int = 0, _ body: @escaping @Sendable (ScenarioRun) async throws -> Void
    ) -> Runner.Job {
        let topology = Topology([NodeDescription("node1", [])])
        return Runner.Job(
            step: "step0", scenario: Scenario(id, id, topology: topology, files: [], body: body), seconds: seconds)
    }
}
