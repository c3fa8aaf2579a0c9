import LabCourse
import NetnsTesting
import Testing
import Timeline

@testable import Labs

@Suite(
    "Step 6, a track script of one's own", .requiresNamespaces,
    .requires(program: "/usr/sbin/haproxy", package: "haproxy"),
    .requires(program: "/usr/bin/curl", package: "curl"), .requires(program: "/usr/bin/socat", package: "socat"))
struct Step6Tests {
    @Test(
        "At the pace of the files, too, a drained node costs the client nothing with a weight, and the skew without",
        arguments: [Pair.ours, .keepalived])
    func realTime(_ pair: Pair) async throws {
        guard Pair.available.contains(pair) else { return }
        let scenarios = LabStep.step6.scenarios(.reference).filter { ["http", "fault", "slow"].contains($0.id) }
        let reports = try await Self.run(scenarios, pair)
        #expect(reports.count == 3)
        for report in reports { expectPass(report) }
        let outages = reports.map { $0.checks.first { $0.title == "the client without a page" }?.measured }
        #expect(outages[0].map { $0 < .milliseconds(290) } == true)
        #expect(outages[2].map { $0 > .milliseconds(500) } == true)
    }

    @Test("The solution passes as a learner's work, and the step's beginning fails everywhere")
    func handedIn() async throws {
        let solved = try await Self.runYours(LabStep.step6.files.map(\.solved), ["states", "process"])
        for report in solved { expectPass(report) }
        let begun = try await Self.runYours(LabStep.step6.files.map(\.begun))
        #expect(begun.count == 8)
        for report in begun {
            #expect(report.verdict == .fail, "\(report.id)")
            #expect(report.checks.first?.title == "node1 uses the check", "\(report.id)")
        }
        let states = try #require(begun.first { $0.scenario == "states" })
        #expect(Self.failures(states) == ["node1 uses the check", "no web server left"], "\(states.drawn)")
        let observation = Self.observation(states, LabStep.step6.files.map(\.begun))
        #expect(TrackSymptom.hiddenFailure(observation).map(\.code) == [.checkWithoutConsequence])
        #expect(TrackSymptom.constancy(observation).isEmpty)
    }

    @Test("A script that always ends with 0 is seen as such: alone, and when the address stays", arguments: [0, 1])
    func constant(_ code: Int) async throws {
        let files = Self.files { $0.path == ServiceFile.check ? "#!/bin/sh\nexit \(code)\n" : $0.solution }
        let reports = try await Self.runYours(files, ["states", "process"])
        let states = try #require(reports.first)
        let good = ["all is well", "no admin socket, but it serves"]
        let bad = ["/health says 503", "process hangs (SIGSTOP)", "no web server left", "process killed"]
        #expect(Self.failures(states) == (code == 0 ? bad : good), "\(states.drawn)")
        let found = TrackSymptom.constancy(Self.observation(states, files))
        #expect(found.map(\.code) == [.constantResult])
        #expect(Self.failures(reports[1]) == [code == 0 ? "node2 takes over" : "node1 is well at the start"])
    }

    @Test("A check that is trusted again too soon flaps, and the address with it")
    func flapping() async throws {
        let files = Self.files { file in
            // Slow routers do not follow such a service; these do.
            file.solution.replacing("rise 3", with: "rise 1")
                .replacing("advert_int 1", with: "advert_int 0.1\n    version 3")
        }
        let report = try #require(try await Self.runYours(files, ["flap"]).first)
        #expect(Self.failures(report) == ["the address does not flap"], "\(report.drawn)")
        let found = TrackSymptom.flapping(Self.observation(report, files))
        #expect(found.map(\.code) == [.flapping])
        #expect(found.first?.places.first?.text == "rise 1")
    }

    @Test("A weight that is smaller than the distance moves nothing, and the check says so")
    func smallWeight() async throws {
        let files = Self.files { $0.solution.replacing("weight -60", with: "weight -20") }
        let report = try #require(try await Self.runYours(files, ["http"]).first)
        #expect(Self.failures(report) == ["node2 takes over"], "\(report.drawn)")
        #expect(report.checks.last?.explanation?.contains("advertises 130, which is not below node2's 100") == true)
    }

    @Test("With fall 1 one bad answer is enough, and the check says so")
    func impatient() async throws {
        let files = Self.files { $0.solution.replacing("fall 2", with: "fall 1") }
        let report = try #require(try await Self.runYours(files, ["once"]).first)
        #expect(
            report.checks.first { $0.verdict == .fail }?.explanation?.contains("write fall 2 or more") == true,
            "\(report.drawn)")
    }

    @Test("The published script and pair differ exactly as the errata say", arguments: [Pair.ours, .keepalived])
    func asWritten(_ pair: Pair) async throws {
        guard Pair.available.contains(pair) else { return }
        let reports = try await Self.run(LabStep.step6.scenarios(.asWritten), pair, variant: .asWritten)
        let contrasts = reports.flatMap(\.checks).compactMap(\.contrast)
        #expect(contrasts.map(\.erratum).sorted() == ["E60", "E61", "E62", "E63"])
        for contrast in contrasts { #expect(contrast.isAsCatalogued, "\(contrast.erratum)") }
        let others = reports.flatMap(\.checks).filter { $0.contrast == nil }
        #expect(others.map(\.verdict) == [.pass, .pass, .pass, .pass])
    }

    // MARK: Running

    private static func run(
        _ scenarios: [Scenario], _ pair: Pair, variant: LabVariant = .reference
    ) async throws -> [ScenarioReport] {
        let jobs = scenarios.map { Runner.Job(step: "step6", scenario: $0) }
        return try await Runner(daemons: try pair.programs(), variant: variant, width: 9, retries: 2).run(jobs)
    }

    /// Runs somebody's files with our daemon: all scenarios, or those of these names.
    private static func runYours(_ files: [SourceFile], _ names: [String]? = nil) async throws -> [ScenarioReport] {
        let scenarios = LabStep.step6.scenarios(.yours, files: files).filter { names?.contains($0.id) ?? true }
        return try await run(scenarios, .ours, variant: .yours)
    }

    /// The step's files with other contents.
    private static func files(_ contents: (LearnerFile) -> String) -> [SourceFile] {
        LabStep.step6.files.map { SourceFile($0.path, contents($0), mode: $0.mode) }
    }

    private static func observation(_ report: ScenarioReport, _ files: [SourceFile]) -> Observation {
        Observation(LabStep.step6.submission(files), report)
    }

    private static func failures(_ report: ScenarioReport) -> [String] {
        report.checks.filter { $0.verdict > .pass }.map(\.title)
    }
}
