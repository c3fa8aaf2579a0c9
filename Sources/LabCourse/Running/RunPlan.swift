import NetnsKit

/// What a run is to do: which scenarios with which daemons, how often, and what is left to chance in each.
public struct RunPlan: Sendable {
    /// In the order in which they begin: everything once, then everything once more.
    public private(set) var jobs: [Runner.Job]
    /// How many there are in all shards together.
    public let planned: Int
    /// Whether anything runs more than once, or with several pairs of daemons.
    public let isRepeated: Bool
    /// Whether it runs with several pairs of daemons.
    public let hasPairs: Bool

    /// Plans scenarios.
    ///
    /// - Parameters:
    ///   - scenarios: each once.
    ///   - pairs: each scenario runs with each of them; with the runner's own when empty.
    ///   - repetitions: how often; 1 or more.
    ///   - seed: what is left to chance comes from it.
    ///   - phase: when faults come; when nil the seed decides that for each of several runs, and a single run's
    ///     comes at once.
    public init(
        _ scenarios: [Runner.Job], pairs: [DaemonPair] = [], repetitions: Int = 1, seed: UInt64,
        phase: PhaseWish? = nil
    ) {
        let names = Self.names(of: pairs)
        let choices: [DaemonPair?] = pairs.isEmpty ? [nil] : pairs
        jobs = (1...max(repetitions, 1)).flatMap { number in
            choices.flatMap { pair in
                scenarios.map { scenario in
                    var job = scenario
                    job.daemons = pair
                    job.pairName = pair.flatMap { names[$0] }
                    job.repetition = repetitions > 1 || pair != nil ? number : nil
                    job.choose(seed, phase, number, of: repetitions)
                    return job
                }
            }
        }
        planned = jobs.count
        hasPairs = !pairs.isEmpty
        isRepeated = repetitions > 1 || hasPairs
    }

    /// Keeps the jobs of one shard; the jobs of all shards are those of the plan, each in one.
    public func part(_ shard: Shard) -> RunPlan {
        var part = self
        let numbers = Shard.partition(jobs.map(\.seconds), into: shard.count)[shard.index - 1]
        part.jobs = numbers.map { jobs[$0] }
        return part
    }

    /// What the job of a scenario that has ended is called.
    public func label(of record: ScenarioRecord) -> String {
        Runner.Job.label(record.id, hasPairs ? record.daemon : nil, record.repetition)
    }

    /// What each pair is called in the names of directories: no two alike.
    private static func names(of pairs: [DaemonPair]) -> [DaemonPair: String] {
        var names: [DaemonPair: String] = [:]
        for pair in pairs where names[pair] == nil {
            let plain = "\(pair.first.shortName)-\(pair.second.shortName)"
            let taken = Set(names.values)
            let candidates = [plain] + (2...pairs.count + 1).map { "\(plain)-pair\($0)" }
            names[pair] = candidates.first { !taken.contains($0) }
        }
        return names
    }
}

extension Runner.Job {
    /// Such as `step2/tie [ours:keepalived] run 2`.
    public var label: String { Self.label(id, daemons.map { "\($0)" }, repetition) }

    static func label(_ id: String, _ daemons: String?, _ repetition: Int?) -> String {
        id + (daemons.map { " [\($0)]" } ?? "") + (repetition.map { " run \($0)" } ?? "")
    }

    fileprivate mutating func choose(_ whole: UInt64, _ wish: PhaseWish?, _ number: Int, of count: Int) {
        let seed = Choices.seed(whole, repetition: number)
        self.seed = seed
        guard scenario.takesPhase else { return }
        if let wish {
            phase = wish.phase(ofRun: number, of: count)
        } else if count > 1 {
            phase = Choices(seed: seed, scenario: id).drawnPhase
            isPhaseDrawn = true
        }
    }
}

extension DaemonProgram {
    /// The word that selected it; of a path, the last part.
    public var shortName: String { name.split(separator: "/").last.map(String.init) ?? name }
}
