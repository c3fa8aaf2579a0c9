import LabCourse
import Labs
import NetnsTesting
import Testing
import Timeline

@Suite("Mistakes of pairs, made for real", .requiresNamespaces)
struct PairMistakeTests {
    @Test(
        "The symptom is there, and its cause is told from the wire alone", .timeLimit(.minutes(3)),
        arguments: Implementation.available)
    func demonstrations(_ implementation: Implementation) async throws {
        let experiments = Catalogue.mistakes.filter { $0.code.rawValue.hasPrefix("VR2") }.flatMap { mistake in
            mistake.specimens.filter(\.isFoundOnWire).compactMap { Catalogue.experiment(mistake, on: $0) }
        }
        #expect(experiments.count >= 16)
        let runner = Runner(daemons: try implementation.pair.programs(), variant: .yours, width: 8, retries: 2)
        let reports = try await runner.run(experiments.map(\.job))
        for (experiment, report) in zip(experiments, reports) {
            let id = experiment.specimen.id
            for check in report.checks where check.verdict > .pass {
                Issue.record("\(id): \(check.title): expected \(check.expected), observed \(check.observed)")
            }
            let found = Catalogue.diagnose(Observation(experiment.submission, report))
            let codes = Set(found.map(\.code)).subtracting([.hostStalled])
            #expect(codes == [experiment.mistake.code], "\(id): \(report.drawn)")
            for diagnosis in found { #expect(!diagnosis.sights.isEmpty, "\(id)") }
        }
    }

    @Test("Sound pairs show no mistake on the wire, whatever befalls them", .timeLimit(.minutes(2)))
    func references() async throws {
        let step = try #require(Course.step("step4"))
        let submission = step.submission(step.files.map(\.solved))
        let scenarios = step.scenarios(.yours, files: step.files.map(\.solved))
        let runner = Runner(daemons: try Pair.ours.programs(), variant: .yours, width: 8, retries: 2)
        let reports = try await runner.run(scenarios.map { Runner.Job(step: "step4", scenario: $0) })
        for report in reports {
            let found = Catalogue.diagnose(Observation(submission, report)).filter { $0.code != .hostStalled }
            #expect(found == [], "\(report.id)")
        }
    }
}
