import LabCourse
import Labs
import NetnsTesting
import Testing
import Timeline

@Suite("Step 7: validating", .requiresNamespaces)
struct ValidationTests {
    @Test(
        "Both tests and a start say of each file what the step says of it", .timeLimit(.minutes(2)),
        arguments: ["text", "values", "network", "scripts", "references"], Implementation.available)
    func table(_ scenario: String, _ implementation: Implementation) async throws {
        try await expectPass("step7/\(scenario)", implementation.pair)
    }

    @Test("A table has a line for each file, of 78 columns at most")
    func lines() async throws {
        let report = try await run("step7/values", .ours)
        #expect(report.table.count == 17)
        #expect(report.table.allSatisfy { $0.count <= 78 }, "\(report.table.map(\.count))")
        #expect(report.table.first?.hasPrefix("FILE") == true)
    }

    @Test(
        "The published commands do what the errata say, and not what the text says", .timeLimit(.minutes(1)),
        arguments: ["test", "dump"], Implementation.available)
    func published(_ scenario: String, _ implementation: Implementation) async throws {
        let report = try await run("step7/\(scenario)", implementation.pair, variant: .asWritten)
        #expect(report.verdict == .fail)
        #expect(report.checks.compactMap(\.contrast).map(\.isAsCatalogued) == [true], "\(report.checks)")
    }

    @Test("A learner's files get the table too: a sound one passes, a broken one is named")
    func learnersFiles() async throws {
        let step = try #require(Course.step("step7"))
        let sound = SourceFile("/etc/keepalived/keepalived.conf", text(interface: "eth0"))
        let broken = SourceFile("/etc/keepalived/other.conf", text(interface: "bond0"))
        let runner = Runner(daemons: try Pair.ours.programs(), variant: .yours, width: 1, retries: 2)
        let scenario = try #require(step.scenarios(.yours, files: [sound, broken]).first)
        let report = try await runner.run(Runner.Job(step: "step7", scenario: scenario))
        let failed = report.checks.filter { $0.verdict == .fail }.map(\.title)
        #expect(failed == ["other.conf: no error of the catalogue", "other.conf: a daemon runs with it"])
        #expect(report.table.count == 3)
        #expect(report.table.last?.contains("VR210") == true, "\(report.table)")
    }

    @Test("Without any file the table is skipped, and says why")
    func noFiles() async throws {
        let step = try #require(Course.step("step7"))
        let runner = Runner(daemons: try Pair.ours.programs(), variant: .yours, width: 1)
        let scenario = try #require(step.scenarios(.yours, files: []).first)
        let report = try await runner.run(Runner.Job(step: "step7", scenario: scenario))
        #expect(report.verdict == .skip)
        #expect(report.checks.first?.observed.contains("*.conf") == true)
    }

    private func text(interface: String) -> String {
        """
        vrrp_instance VI_1 {
            interface \(interface)
            virtual_router_id 51
            virtual_ipaddress {
                192.168.1.100/24
            }
        }

        """
    }
}
