import LabCourse
import NetnsKit
import Testing
import Wire

@Suite struct RunPlanTests {
    @Test("Everything runs once before anything runs again")
    func order() {
        let plan = RunPlan([Self.job("crash"), Self.job("stop")], repetitions: 2, seed: 7)
        #expect(
            plan.jobs.map(\.label) == [
                "step2/crash run 1", "step2/stop run 1", "step2/crash run 2", "step2/stop run 2",
            ])
        #expect(plan.planned == 4 && plan.isRepeated && !plan.hasPairs)
    }

    @Test("A single run has no number, the seed itself, and a fault that comes at once")
    func single() {
        let plan = RunPlan([Self.job("crash")], seed: 7)
        #expect(plan.jobs.map(\.repetition) == [nil] && plan.jobs.map(\.phase) == [nil])
        #expect(plan.jobs.map(\.seed) == [7])
        #expect(!plan.isRepeated)
    }

    @Test("With several pairs every run has a directory of its own, also for two programs of one name")
    func pairs() {
        let (ours, other) = (Self.daemon("ours"), Self.daemon("/opt/ours"))
        let pairs = [ours, other].flatMap { first in [ours, other].map { DaemonPair(first, $0) } }
        let plan = RunPlan([Self.job("crash")], pairs: pairs, repetitions: 3, seed: 7)
        #expect(plan.jobs.count == 12)
        let places = plan.jobs.map { "\($0.pairName ?? "") \($0.repetition ?? 0)" }
        #expect(Set(places).count == 12)
        #expect(plan.jobs.first?.pairName == "ours-ours")
        #expect(plan.jobs.first?.label == "step2/crash [ours] run 1")
    }

    @Test("The same words with the same seed make the same choices, and each run has its own")
    func seeds() {
        let first = RunPlan([Self.job("crash"), Self.job("stop")], repetitions: 20, seed: 7)
        let second = RunPlan([Self.job("crash"), Self.job("stop")], repetitions: 20, seed: 7)
        #expect(first.jobs.map(\.phase) == second.jobs.map(\.phase))
        #expect(Set(first.jobs.compactMap(\.phase)).count > 30)
        #expect(Set(first.jobs.compactMap(\.seed)).count == 20)
        #expect(first.jobs.allSatisfy { $0.isPhaseDrawn && (0..<1).contains($0.phase ?? 1) })
        #expect(RunPlan([Self.job("crash")], repetitions: 2, seed: 8).jobs.map(\.phase) != first.jobs.map(\.phase))
    }

    @Test("The seed and the phase of any run make it again as a run of its own")
    func again() throws {
        let third = try #require(RunPlan([Self.job("crash")], repetitions: 5, seed: 7).jobs.dropFirst(2).first)
        let seed = try #require(third.seed)
        let phase = try #require(third.phase)
        let wish = try #require(PhaseWish(parsing: "\(phase)"))
        let again = try #require(RunPlan([Self.job("crash")], seed: seed, phase: wish).jobs.first)
        #expect(again.seed == seed && again.phase == phase)
    }

    @Test("A sweep has the middles of equal parts; what takes no phase has none")
    func sweep() {
        let jobs = [Self.job("crash"), Self.job("tie", takesPhase: false)]
        let plan = RunPlan(jobs, repetitions: 4, seed: 7, phase: .sweep(0...1))
        #expect(plan.jobs.compactMap(\.phase) == [0.125, 0.375, 0.625, 0.875])
        #expect(plan.jobs.allSatisfy { !$0.isPhaseDrawn })
    }

    @Test("The shards of a plan have every job once, for any number of them", arguments: 1...9)
    func shards(_ count: Int) throws {
        let plan = RunPlan((1...11).map { Self.job("s\($0)", seconds: $0) }, repetitions: 3, seed: 7)
        let shards = try (1...count).map { plan.part(try #require(Shard($0, of: count))) }
        #expect(shards.flatMap(\.jobs).map(\.label).sorted() == plan.jobs.map(\.label).sorted())
        let loads = shards.map { $0.jobs.reduce(0) { $0 + $1.seconds } }
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 11)
        #expect(shards.allSatisfy { $0.planned == 33 && $0.isRepeated })
    }

    @Test("A phase is a part of an interval or a range of it", arguments: ["1", "-0.1", "1..0", "0..2", "x", "..", ""])
    func refusedPhases(_ text: String) {
        #expect(PhaseWish(parsing: text) == nil)
    }

    @Test("What a seed stands for is the same on every machine and for ever")
    func golden() {
        #expect(Choices.seed(7, repetition: 1) == 7)
        #expect(Choices.seed(7, repetition: 2) == 700_427_119)
        #expect(Choices(seed: 7, scenario: "step2/crash").drawnPhase == 0.565)
        #expect(Choices(scenario: "step2/crash").share("start of node2") == 0)
    }

    @Test("What cannot end in time is not begun")
    func budget() {
        let begin = Instant.zero
        let budget = Budget(.seconds(10), since: begin)
        #expect(budget.allows(seconds: 10, at: begin))
        #expect(!budget.allows(seconds: 10, at: begin + .milliseconds(1)))
        #expect(!budget.allows(seconds: 0, at: begin + .seconds(11)))
    }

    private static func daemon(_ name: String) -> DaemonProgram { DaemonProgram(name: name, path: "/bin/true") }

    private static func job(_ id: String, takesPhase: Bool = true, seconds: Int = 1) -> Runner.Job {
        let scenario = Scenario(id, id, topology: Topology([]), files: [], takesPhase: takesPhase) { _ in }
        return Runner.Job(step: "step2", scenario: scenario, seconds: seconds)
    }
}
