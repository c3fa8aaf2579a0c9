/// What was asked for, and where it ran: the first line of a run.
public struct RunRecord: Codable, Hashable, Sendable {
    public var v = 1
    public var kind = "run"
    /// The name of its directory, such as `0007`.
    public var id: String
    /// The words after `labrun`.
    public var arguments: [String]
    /// What all random choices came from; the same seed makes the same choices.
    public var seed: UInt64
    /// In seconds since 1970.
    public var started: Double
    public var machine: MachineRecord
    /// Versions by name: `labrun`, and each program that took part.
    public var programs: [String: String]
    /// Which part of the work this is, such as `2/4`, when several machines share it.
    public var shard: String?
    /// What was asked for, without what only says where results go or which part this is: the same in every shard.
    public var words: [String]?
    /// How many scenarios that is in all shards together, repetitions and pairs counted.
    public var planned: Int?

    public init(
        id: String, arguments: [String], seed: UInt64, started: Double, machine: MachineRecord,
        programs: [String: String], shard: String? = nil, words: [String]? = nil, planned: Int? = nil
    ) {
        self.id = id
        self.arguments = arguments
        self.seed = seed
        self.started = started
        self.machine = machine
        self.programs = programs
        self.shard = shard
        self.words = words
        self.planned = planned
    }
}

/// The machine that a run was made on.
public struct MachineRecord: Codable, Hashable, Sendable {
    /// The distribution, as it calls itself.
    public var system: String
    /// The kernel's release.
    public var kernel: String
    public var architecture: String
    public var cores: Int

    public init(system: String, kernel: String, architecture: String, cores: Int) {
        self.system = system
        self.kernel = kernel
        self.architecture = architecture
        self.cores = cores
    }
}
