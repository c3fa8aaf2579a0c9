import Chance
import Foundation
import Glibc
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

@Suite("The articles")
struct ArticleTests {
    private let lan = Topology([
        NodeDescription("r1", [InterfaceDescription("eth0", on: "lan", ["10.0.0.1/24"])]),
        NodeDescription("r2", [InterfaceDescription("eth0", on: "lan", ["10.0.0.2/24"])]),
    ])

    private static func page(_ name: String) -> String { "Sources/NetnsKit/NetnsKit.docc/\(name)" }

    @Test("Faults: a cable that is pulled and plugged in again", .requiresNamespaces)
    func faults() async throws {
        // Fault: begin
        try await Lab.run(lan) { lab in
            let cable = LinkEnd("r1", "eth0")
            let cut = try lab.inject(.carrierLoss(cable))
            try await lab.expect("r1 loses its carrier", within: .seconds(1), since: cut.began) {
                $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
            }
            let plugged = try lab.heal(.carrierLoss(cable))
            try await lab.expect("r1 has it again", within: .seconds(1), since: plugged.began) {
                $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: true)
            }
        }
        // Fault: end
        #expect(try Excerpt("Fault").stands(in: Self.page("Articles/Faults.md")))
    }

    @Test("Faults: a plan of a seed's shrinks to the plan that the article shows", .requiresNamespaces)
    func schedules() async throws {
        var printed: [String] = []
        func print(_ schedule: FaultSchedule) { printed.append("\(schedule)") }
        // Schedule: begin
        let faults = lan.faults([.carrierLoss, .isolation, .silence])
        let schedule = FaultSchedule(
            seed: 7, from: faults, over: .milliseconds(300), lengths: .milliseconds(20) ... .milliseconds(80),
            pauses: .milliseconds(10) ... .milliseconds(60))
        let isFailing = { @Sendable (schedule: FaultSchedule) in
            try await Lab.run(lan) { lab in
                try await lab.run(schedule)
                return lab.timeline.contains { $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false) }
            }
        }
        if try await isFailing(schedule) {
            print(try await schedule.shrunk(whileFailing: isFailing).story)
        }
        // Schedule: end
        #expect(try Excerpt("Schedule").stands(in: Self.page("Articles/Faults.md")))
        let story = try #require(printed.first)
        #expect(try Excerpt.contents(of: Self.page("Articles/Faults.md")).contains("\n\(story)\n"), "\(story)")
    }

    @Test("Machines: what is missing is printed with what to do")
    func machines() throws {
        // Machine: begin
        for feature in MachineFeature.survey() where !feature.isAvailable {
            print("\(feature.name): \(feature.observation)")
            if let remedy = feature.remedy { print("    \(remedy)") }
        }
        // Machine: end
        #expect(try Excerpt("Machine").stands(in: Self.page("Articles/Machines.md")))
    }

    @Test("Running: a program with input and one that is written to", .requiresNamespaces)
    func programs() async throws {
        var printed: [String] = []
        func print(_ value: some Any) { printed.append("\(value)") }
        // Program: begin
        try await Lab.run(lan) { lab in
            let sorted = try await lab["r1"].run(
                "/usr/bin/sort", ["--reverse"], environment: ["LC_ALL": "C"], input: "one\ntwo\n")
            print(sorted?.output ?? [])  // ["two", "one"]

            let echo = try lab["r2"].start("/bin/cat", as: "echo", input: .open)
            try await echo.write("are you there?\n")
            try await lab.expect(line: "are you there?", from: echo)
            echo.closeInput()
            print(await echo.exit(within: .seconds(1)) == .exited(code: 0))
        }
        // Program: end
        #expect(printed == [#"["two", "one"]"#, "true"])
        #expect(try Excerpt("Program").stands(in: Self.page("Articles/Running.md")))
    }

    @Test("Running: a closure that has the node's interfaces", .requiresNamespaces)
    func closures() async throws {
        var printed: [Bool] = []
        func print(_ value: Bool) { printed.append(value) }
        // Closure: begin
        try await Lab.run(lan) { lab in
            let index = try await lab["r1"].enter { unsafe if_nametoindex("eth0") }
            print(index > 0)
        }
        // Closure: end
        #expect(printed == [true])
        #expect(try Excerpt("Closure").stands(in: Self.page("Articles/Running.md")))
    }

    @Test("Seeing: an outage that a probe measures, and a report of it", .requiresNamespaces)
    func probes() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // Probe: begin
        try await Lab.run(lan) { lab in
            let r1 = IPv4Address(10, 0, 0, 1)
            let isAnswer = { @Sendable (event: TimelineEvent) in
                guard event.node == "r2", !event.isSent, case .icmp(let message, _)? = event.frame?.content else {
                    return false
                }
                return message.kind == .echoReply
            }
            let start = lab.step("r2 asks")
            let probe = try lab["r2"].probe(r1, over: "eth0")
            try await lab.expect("r1 answers", count: 3..., within: .seconds(2), since: start, isAnswer)

            let cut = try lab.inject(.silence(LinkEnd("r1", "eth0")))
            try await lab.watch(for: .milliseconds(100), since: cut.inForce)
            let healed = try lab.heal(.silence(LinkEnd("r1", "eth0")))
            try await lab.expect("r1 answers again", within: .seconds(2), since: healed.began, isAnswer)
            probe.stop()

            let experience = lab.timeline.echoExperience(of: .v4(r1), by: "r2")
            print("nobody answered for \(experience.longestOutage?.length ?? .zero)")
            try Evidence(lab, title: "r1 is silenced").write(to: directory)
        }
        // Probe: end
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == [
                "diagram.txt", "lab.pcapng", "seed.txt", "timeline.ndjson", "timeline.svg", "topology.txt",
            ])
        #expect(try Excerpt("Probe").stands(in: Self.page("Articles/Seeing.md")))
    }

    @Test("Claims: that something never happens, and would have been seen", .requiresNamespaces)
    func claims() async throws {
        // Claim: begin
        try await Lab.run(lan) { lab in
            let start = lab.step("r1 asks r2")
            try lab["r1"].ping(IPv4Address(10, 0, 0, 2), over: "eth0")
            try await lab.expectNever(
                "r2 advertises", for: .milliseconds(100), since: start, control: .frame(at: "r2", .sent)
            ) { $0.isAdvertisement(from: "r2") }
        }
        // Claim: end
        #expect(try Excerpt("Claim").stands(in: Self.page("Articles/Claims.md")))
    }

    @Test("Fabrics: two bad cables", .requiresNamespaces, .requiresTapDevices)
    func fabrics() async throws {
        let nodes = lan.nodes
        // Fabric: begin
        let lan = Topology(
            nodes, segments: [SegmentDescription("lan", fabric: .userSpace)], seed: 7)
        try await Lab.run(lan) { lab in
            try lab.inject(.impair(LinkEnd("r1", "eth0"), .sent, Impairment(loss: 0.1, on: .except(.arp))))
            try lab.inject(.impair(LinkEnd("r2", "eth0"), .received, Impairment(loss: 1, on: .nth([3], .vrrp))))
        }
        // Fabric: end
        #expect(try Excerpt("Fabric").stands(in: Self.page("Articles/Fabrics.md")))
    }

    @Test("the tutorial ends with the test that Examples builds and runs")
    func tutorial() throws {
        #expect(
            try Excerpt.contents(of: Self.page("Resources/failover-4.swift"))
                == Excerpt.contents(of: "Examples/Tests/FailoverTests/FailoverTests.swift"))
    }

    @Test("the tutorial's outputs are there, and are those of its tests")
    func outputs() throws {
        let failing = try Excerpt.contents(of: Self.page("Resources/failing.txt"))
        #expect(failing.contains("expected: r2 has the address; observed: nothing of the kind for 4.0 s"))
        let drawing = try Excerpt.contents(of: Self.page("Resources/drawing.txt"))
        #expect(drawing.contains("fault: r1/eth0 unplugged"))
        #expect(drawing.contains("ok    r2 tells everybody"))
        #expect(drawing.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
