import LabCourse
import Labs
import NetnsKit
import NetnsTesting
import Testing
import Timeline

@Suite("Mistakes of one file, when they run", .requiresNamespaces)
struct MistakeTests {
    /// A specimen with the mistake that it is one of.
    private struct Case {
        let specimen: Specimen
        let mistake: Mistake
    }

    private static let cases = Catalogue.mistakes.filter { mistake in
        (101...127).contains(Int(mistake.code.rawValue.dropFirst(2)) ?? 0)
    }.flatMap { mistake in mistake.specimens.map { Case(specimen: $0, mistake: mistake) } }

    @Test("Every specimen shows its symptom, and a run of it is recognized", arguments: Implementation.available)
    func symptoms(_ implementation: Implementation) async throws {
        let jobs = Self.cases.compactMap { one in
            Catalogue.practice(one.mistake, one.specimen).map { Runner.Job(step: one.specimen.step, scenario: $0) }
        }
        #expect(jobs.count == Self.cases.count && jobs.count >= 60)
        let runner = Runner(daemons: try implementation.pair.programs(), variant: .yours, width: 16, retries: 2)
        let reports = try await runner.run(jobs)
        for (report, one) in zip(reports, Self.cases) {
            #expect(report.verdict == .pass, "\(report.drawn)")
            guard one.specimen.isFoundOnWire else { continue }
            let step = try #require(Course.step(one.specimen.step))
            let submission = step.submission(step.files(of: one.specimen))
            let found = Catalogue.diagnose(Observation(submission, report)).map(\.code)
            #expect(found == [one.mistake.code], "\(one.specimen.id)")
        }
    }

    @Test("What is well has no mistake on the wire", arguments: Implementation.available)
    func references(_ implementation: Implementation) async throws {
        let wanted = ["step3": ["master"], "step4": ["nopreempt", "check"]]
        let jobs = Course.steps.flatMap { step in
            (step.variants[.reference]?.scenarios ?? []).filter { wanted[step.id]?.contains($0.id) ?? false }
                .map { Runner.Job(step: step.id, scenario: $0) }
        }
        #expect(jobs.count == 3)
        let runner = Runner(daemons: try implementation.pair.programs(), width: 3, retries: 2)
        for report in try await runner.run(jobs) {
            let step = try #require(Course.step(report.step))
            let observation = Observation(step.submission(step.files.map(\.solved)), report)
            let found = Catalogue.diagnose(observation).map { "\($0.code.rawValue) \($0.sentence)" }
            #expect(found == [], "\(report.id)")
        }
    }

    @Test("labrun mistake shows what was changed, what happened, and what it is called")
    func command() async throws {
        let words = ["mistake", "vr113", "--daemon", "ours"]
        let result = try #require(await Machine.run("labrun", words))
        #expect(result.succeeded, "\(result.lines.joined(separator: "\n"))")
        #expect(
            result.output.contains("    -     interface eth0") && result.output.contains("    +     interface eth1"))
        #expect(result.output.contains { $0.hasPrefix("  ok    the daemon ends by itself") })
        #expect(result.output.contains { $0.hasPrefix("  error VR113  an interface that is not there") })
        #expect(result.output.last?.hasPrefix("PASS  the symptom is there, in ") == true)
        #expect(result.output.filter { $0.count > 80 } == [])
        #expect(result.output.count <= 40)
    }

    @Test(
        "a code or a specimen that nobody knows is a usage error that says what there is",
        arguments: [
            (["explain", "VR104", "104x"], "VR104  notify command not quoted"),
            (["mistake", "VR104", "--specimen", "VR104-x"], "VR104-half"), (["explain", "zzz"], "labrun mistakes"),
        ])
    func unknown(_ words: [String], _ help: String) async throws {
        let result = try #require(await Machine.run("labrun", words))
        #expect(result.status == .exited(code: 64))
        #expect(result.errors.contains { $0.contains(help) }, "\(result.errors)")
    }

    @Test("labrun explain says it without a network, and as JSON")
    func explain() async throws {
        let text = try #require(await Machine.run("labrun", ["explain", "vr110", "VR101"]))
        #expect(text.succeeded && text.output.contains { $0.hasSuffix("weight -20") })
        let json = try #require(await Machine.run("labrun", ["explain", "VR110", "--json"]))
        #expect(json.output.count == 1 && json.output[0].contains(#""code":"VR110""#))
    }
}
