import LabCourse
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("A start", .requiresNamespaces)
struct StartTests {
    /// Two that can run, and three that cannot, for different reasons.
    private static let impossible =
        InstanceText.master.text
        + InstanceText(name: "VI_2", interface: "eth7", virtualRouterID: 52, addresses: ["192.168.1.102/24"]).text
        + InstanceText(name: "VI_3", virtualRouterID: 300, addresses: ["192.168.1.103/24"]).text
        + InstanceText(name: "VI_4", virtualRouterID: 51, addresses: ["192.168.1.104/24"]).text
        + InstanceText(name: "VI_5", virtualRouterID: 55, priority: 150, addresses: ["192.168.1.105/24"]).text

    @Test("With instances that cannot run the daemon ends with 2, and says everything that is wrong at once")
    func impossible() async throws {
        try await Experiment.run { experiment in
            let daemon = try experiment.start(.ours, on: "node1", Self.impossible)
            let status = await daemon.exit(within: .seconds(5))
            experiment.claim("it ends with 2", status == .exited(code: 2), sawInstead: "\(status as Any)")
            let lines = experiment.lines(of: "node1")
            for word in ["eth7", "300", "VI_4"] {
                experiment.claim(
                    "it names \(word)", lines.contains { $0.contains(word) }, sawInstead: "\(lines)")
            }
            experiment.claimNever("it takes an address", in: experiment.lab.start...experiment.lab.timeline.endTime) {
                $0.node == "node1" && $0.kind.address == Segment.virtualAddress
            }
        }
    }

    @Test("With --keep-going the instances that can run do")
    func keepGoing() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try experiment.start(.ours, on: "node1", Self.impossible, options: ["--keep-going"])
            for text in ["192.168.1.100", "192.168.1.105"] {
                let address = try #require(IPAddress(text))
                try await lab.expect("\(address) is taken", within: .seconds(3), since: lab.start) {
                    $0.isAddition(of: address, to: "node1")
                }
            }
            experiment.claimNever("an impossible one runs", in: lab.start...lab.timeline.endTime) { event in
                guard event.node == "node1", case .addressAdded(let prefix, _) = event.kind else { return false }
                return ["192.168.1.102", "192.168.1.103", "192.168.1.104"].contains("\(prefix.address)")
            }
        }
    }

    @Test("A left-over address is taken away before anything is said, and a second daemon on a node refuses to start")
    func leftOver() async throws {
        try await Experiment.run { experiment in
            let lab = experiment.lab
            try await experiment.startPair(.ours)
            try lab.inject(.kill(experiment.daemon(of: "node1"), .tree))
            let killed = lab.step("killed")
            try await lab.expect("node2 takes over", within: .seconds(2), since: killed) { $0.isClaim(by: "node2") }
            let begin = lab.step("node1 again")
            try experiment.start(.ours, on: "node1", InstanceText.backup.text)
            let removal = try await lab.expect("node1 gives it up", within: .seconds(2), since: begin) {
                $0.isRemoval(of: Segment.virtualAddress, from: "node1")
            }
            experiment.claim("node1 gives it up", removal.time - begin, atMost: .milliseconds(500))
            try await experiment.expectLine("Entering BACKUP STATE", on: "node1", since: begin)
            let program = try Implementation.ours.program()
            let second = try await lab["node1"].run(
                program.path, program.arguments(configuration: Experiment.configurationFile))
            experiment.claim(
                "the second daemon says why", second?.lines.contains { $0.contains("already running") } == true,
                sawInstead: "\(second as Any)")
            experiment.claim("the first one lives", try lab["node1"].process("daemon").isRunning)
        }
    }

    @Test(
        "-t ends with the code that fits what is wrong",
        arguments: [
            ("sound", InstanceText.master.text, 0),
            ("an unknown word", InstanceText.master.with("prioritty 7").text, 5),
            ("a missing interface", InstanceText(interface: "eth7").text, 5),
            ("no number", InstanceText.master.with("priority abc").text, 5),
            ("a missing argument", InstanceText.master.with("priority").text, 2),
            ("nothing at all", "", 0),
        ])
    func configurationTest(_ what: String, _ text: String, _ code: Int32) async throws {
        try await Experiment.run { experiment in
            try experiment.lab["node1"].write(text, to: Experiment.configurationFile)
            let result = try await experiment.lab["node1"].run(Machine.program("vrrpd"), ["-t"])
            experiment.claim(
                "\(what): \(code)", result?.status == .exited(code: code), sawInstead: "\(result as Any)")
            experiment.claim("\(what): words, if anything is wrong", (result?.lines.isEmpty ?? true) == (code == 0))
        }
    }
}
