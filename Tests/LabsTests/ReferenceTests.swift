import LabCourse
import Labs
import NetnsKit
import Testing

@Suite("Files of the course under the catalogue's eyes")
struct ReferenceTests {
    @Test("The solutions of a step have no mistake", arguments: Course.steps.map(\.id))
    func solutions(_ id: String) throws {
        let step = try #require(Course.step(id))
        #expect(Workplace.findings(step.files.map(\.solved), in: step) == [])
    }

    @Test("The reference files of a step have no mistake", arguments: Course.steps.map(\.id))
    func references(_ id: String) throws {
        let step = try #require(Course.step(id))
        // Some scenarios bring files that are wrong on purpose; those that judge a learner's do not.
        let scenarios = (step.variants[.yours] ?? step.variants[.reference])?.scenarios ?? []
        #expect(!scenarios.isEmpty)
        for scenario in scenarios {
            let found = try Self.findings(in: scenario, of: step)
            #expect(found == [], "\(scenario.id): \(found)")
        }
    }

    @Test("The published files of step 3 have the mistakes that are known, at these lines")
    func asWrittenStep3() throws {
        let step = try #require(Course.step("step3"))
        let scenario = try #require(step.variants[.asWritten]?.scenarios.first)
        #expect(
            try Self.findings(in: scenario, of: step) == [
                "VR104 keepalived.conf:45,46,47", "VR101 keepalived.conf:33", "VR102 keepalived.conf:29",
            ])
    }

    @Test("The published files of step 4 have the mistakes that are known, at these lines")
    func asWrittenStep4() throws {
        let step = try #require(Course.step("step4"))
        let scenario = try #require(step.variants[.asWritten]?.scenarios.first)
        let found = try Self.findings(in: scenario, of: step)
        #expect(
            found == [
                "VR104 keepalived.conf:45,46,47", "VR104 keepalived-backup.conf:37,38,39",
                "VR109 keepalived-backup.conf:22", "VR110 keepalived.conf:11", "VR110 keepalived.conf:19",
                "VR101 keepalived.conf:33", "VR101 keepalived-backup.conf:26", "VR102 keepalived.conf:29",
            ])
    }

    @Test("Without psmisc the published check has no program")
    func withoutKillall() throws {
        let step = try #require(Course.step("step3"))
        let scenario = try #require(step.variants[.asWritten]?.scenarios.first)
        let machine = Workplace.machine(Workplace.programs.subtracting(["/usr/bin/killall", "/usr/bin/curl"]))
        let found = try Self.findings(in: scenario, of: step, machine).filter { $0.hasPrefix("VR105") }
        #expect(found == ["VR105 keepalived.conf:9", "VR105 keepalived.conf:17"])
    }

    /// What is found when a scenario's own files are handed in.
    private static func findings(
        in scenario: Scenario, of step: LabStep, _ machine: MachineFacts = Workplace.machine
    ) throws -> [String] {
        let files = scenario.files.map(\.source)
        let routers = scenario.topology.nodes.compactMap { node -> Submission.Router? in
            let own = scenario.files.filter { $0.node == node.name }.map(\.source)
            guard let path = scenario.configurations[node.name], let file = own.first(where: { $0.path == path })
            else { return nil }
            return Submission.Router(
                node: node.name, interfaces: node.interfaces, reading: ConfigurationReading(file, including: own))
        }
        let submission = Submission(
            step: step.id, routers: routers, files: files, machine: machine,
            interfaces: scenario.topology.nodes.flatMap(\.interfaces))
        return Catalogue.diagnose(submission).map(Workplace.summary)
    }
}
