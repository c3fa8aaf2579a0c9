import LinuxSystem
import NetnsKit
import NetnsTesting
import Synchronization
import Testing
import Timeline
import Wire

/// Tests that go wrong on purpose, in a process of their own, which other tests start.
@Suite("Specimens", .enabled(if: ThisProcess.environment("NETNSKIT_SPECIMENS") == "1"))
struct Specimens {
    private static let kept = Mutex<Node?>(nil)
    private static let attempts = Mutex(0)

    @Test("fails", .lab(pair))
    func failing() async throws {
        let lab = try Lab.current
        _ = try await lab["r1"].run("/bin/echo", ["words"])
        let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
        try await lab.expect("r2 notices", within: .milliseconds(200), since: cut.began) {
            $0.node == "r2" && $0.kind == .link(interface: "eth0", isUp: false)
        }
    }

    @Test("fails in an experiment")
    func failingExperiment() async throws {
        try await Experiment.run(pair, titled: "trial") { $0.claim("one is two", false) }
    }

    @Test("leaks", .lab(pair))
    func leaking() throws {
        let node = try Lab.current["r2"]
        Self.kept.withLock { $0 = node }
    }

    @Test("is spoiled once", .lab(pair))
    func spoiledOnce() throws {
        let attempt = Self.attempts.withLock { attempts in
            attempts += 1
            return attempts
        }
        if attempt == 1 {
            throw ExpectationFailure(claim: "quiet", observation: "a storm", time: .zero, outcome: .inconclusive)
        }
        #expect(attempt == 2)
    }

    @Test("learns nothing", .lab(pair))
    func learningNothing() async throws {
        let lab = try Lab.current
        try await lab.expectNever("a miracle", for: .milliseconds(20), since: lab.start) { _ in false }
    }

    @Test("waits for ever", .lab(pair), .enabled(if: ThisProcess.environment("NETNSKIT_ENDLESS") == "1"))
    func waiting() async throws {
        let lab = try Lab.current
        try lab["r1"].start("/bin/sleep", ["1000"])
        try await lab.watch(for: .seconds(600))
    }
}

@Suite("A test that goes wrong", .requiresNamespaces)
struct FailureTests {
    private static let machine: Topology = {
        let directory = RunningProgram.directory
        let isHidden = NodeDescription.standardPrivateDirectories.contains { directory.hasPrefix($0 + "/") }
        return Topology([NodeDescription("machine", [], exposedPaths: isHidden ? [directory] : [])])
    }()

    /// Runs this test program again in a node, and only the specimens of it.
    private static func start(_ filter: String, _ environment: [String: String], on lab: Lab) throws -> NodeProcess {
        try lab["machine"].start(
            RunningProgram.path,
            ["--testing-library", "swift-testing", "--filter", filter, "--attachments-path", "/tmp/attachments"],
            as: "tests",
            environment: environment.merging(["NETNSKIT_SPECIMENS": "1", "HOME": "/tmp"]) { given, _ in given })
    }

    @Test(
        "leaves its evidence as attachments and files, prints its seed, and names who leaked; a spoiled one runs again")
    func evidence() async throws {
        try await Lab.run(Self.machine) { lab in
            _ = try await lab["machine"].run("/bin/mkdir", ["/tmp/attachments"])
            let tests = try Self.start(
                "Specimens", ["NETNSKIT_ARTIFACTS": "/tmp/artifacts", "NETNSKIT_SEED": "7"], on: lab)
            let status = await tests.exit(within: .seconds(60))
            let lines = lab.timeline.compactMap { event -> String? in
                if case .output("tests", _, let line) = event.kind { line } else { nil }
            }
            let text = lines.joined(separator: "\n")
            #expect(status == .exited(code: 1), "\(text)")
            let names = [
                "failing-diagram.txt", "failing-lab.pcapng", "failing-r1-echo#0.log", "failing-seed.txt",
                "failing-timeline.ndjson", "failing-timeline.svg", "failing-topology.txt",
            ]
            let trial = names.filter { !$0.hasSuffix(".log") }.map { $0.replacing("failing", with: "trial") }
            #expect(try await Self.list("/tmp/attachments", lab) == names + trial)
            #expect(
                try await Self.list("/tmp/artifacts/failing", lab) == names.map { String($0.dropFirst(8)) })
            for test in ["failing", "trial"] {
                #expect(try lab["machine"].read("/tmp/artifacts/\(test)/seed.txt") == Array("7\n".utf8))
            }
            #expect(
                lines.contains {
                    $0 == "netnskit: failing failed; NETNSKIT_SEED=7 repeats its chances, "
                        + "evidence in /tmp/artifacts/failing"
                }, "\(text)")
            #expect(text.contains("nearest: r1 eth0 down, on r1 instead of r2"), "\(text)")
            #expect(
                text.contains("leaking() left something behind: descriptor: node r2 is still referred to"), "\(text)")
            #expect(lines.contains { $0.contains("\"is spoiled once\" passed") }, "\(text)")
            #expect(text.contains("nothing was learned of 'a miracle'"), "\(text)")
            #expect(lines.contains { $0.contains("\"learns nothing\" passed") }, "\(text)")
        }
    }

    private static func list(_ directory: String, _ lab: Lab) async throws -> [String] {
        try #require(await lab["machine"].run("/bin/ls", [directory])).lines
    }

    @Test("ends, and its lab with it, when the runner that started it is killed")
    func killedRunner() async throws {
        try await Lab.run(Self.machine) { lab in
            _ = try await lab["machine"].run("/bin/mkdir", ["/tmp/attachments"])
            let command = """
                NETNSKIT_SPECIMENS=1 NETNSKIT_ENDLESS=1 \(RunningProgram.path) --testing-library swift-testing \
                --filter 'Specimens/waiting' & wait
                """
            let runner = try lab["machine"].start("/bin/sh", ["-c", command], as: "runner")
            let count = "set -- /proc/[0-9]*; echo $#"
            // The machine's first process, this shell, the runner, the tests, two first processes and a sleep.
            let deadline = MonotonicClock.now + .seconds(30)
            while try await lab["machine"].run("/bin/sh", ["-c", count])?.lines != ["7"] {
                try #require(MonotonicClock.now < deadline, "the lab does not come up")
            }
            try runner.send(signal: 9)
            let settled = "while set -- /proc/[0-9]*; [ $# -gt 2 ]; do :; done"
            let gone = try await lab["machine"].run("/bin/sh", ["-c", settled], within: .seconds(10))
            #expect(gone?.succeeded == true, "the tests go on although their runner is dead")
        }
    }
}
