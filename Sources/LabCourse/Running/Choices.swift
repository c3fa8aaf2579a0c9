import Chance

/// What a run of a scenario leaves to chance: the same seed, scenario and name make the same choice on every machine.
public struct Choices: Hashable, Sendable {
    /// Nothing is left to chance when nil.
    public var seed: UInt64?
    /// Such as `step2/crash`.
    public var scenario: String
    /// How far into an interval after an advertisement the fault comes, 0..<1; as soon as it can when nil.
    public var phase: Double?
    /// Whether the seed decided the phase, and nobody else.
    public var isPhaseDrawn: Bool

    public init(seed: UInt64? = nil, scenario: String = "", phase: Double? = nil, isPhaseDrawn: Bool = false) {
        self.seed = seed
        self.scenario = scenario
        self.phase = phase
        self.isPhaseDrawn = isPhaseDrawn
    }

    /// A part of one, 0..<1, for something that has a name in the scenario; 0 when nothing is left to chance.
    public func share(_ name: String) -> Double {
        guard let seed else { return 0 }
        var generator = SeededGenerator(seed: seed, named: "\(scenario) \(name)")
        return generator.share()
    }

    /// The phase that the seed chooses, in thousandths, so that it can be written down.
    public var drawnPhase: Double { Double(Int(share("phase") * 1000)) / 1000 }

    /// The seed of one of several runs of the same: the first has that of the whole, so that `--seed` repeats any.
    public static func seed(_ whole: UInt64, repetition: Int) -> UInt64 {
        guard repetition > 1 else { return whole }
        var generator = SeededGenerator(seed: whole, named: "repetition \(repetition)")
        // Short enough to be typed, and for programs that read numbers of 53 bits.
        return generator.next() >> 32
    }
}
