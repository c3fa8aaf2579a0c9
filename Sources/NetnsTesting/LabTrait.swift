import LinuxSystem
import NetnsKit
import Synchronization
import Testing
import Timeline

/// Builds a lab for a test, or for each test of a suite, and for each case of one with arguments.
///
///     @Test("a cable that is pulled takes the carrier with it", .lab(pair))
///     func carrier() async throws {
///         let lab = try Lab.current
///         let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
///         try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
///             $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
///         }
///     }
///
/// Inside, `Lab.current` is that lab. What fails while the host stood still or events were lost is a known issue, and
/// the test runs again in a new lab. A test that fails leaves its evidence as attachments, and in a directory below
/// `NETNSKIT_ARTIFACTS` when that is set. When the lab has ended nothing of it may be left, or the test fails by name.
public struct LabTrait: TestTrait, SuiteTrait, TestScoping {
    private let topology: Topology
    /// How often a test may run until its result can be trusted.
    private let attempts: Int
    /// Tells one trait from another: of several, a test's own is the last.
    private let number = LabTrait.count.withLock { count in
        count += 1
        return count
    }
    private static let count = Mutex(0)

    init(_ topology: Topology, attempts: Int) {
        self.topology = topology
        self.attempts = max(attempts, 1)
    }

    public var isRecursive: Bool { true }

    /// Runs a test case in a lab of its own.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let innermost = test.traits.compactMap { $0 as? LabTrait }.last
        guard testCase != nil, innermost?.number ?? number == number else { return try await function() }
        _ = ParentWatch.isOn
        let topology = Requirements.seeded(topology)
        for attempt in 1...attempts {
            let run = LabTestRun(of: test, in: topology, mayRepeat: attempt < attempts)
            do {
                try await run.perform(function)
            } catch LabError.notPermitted(let error) where !Requirements.areStrict {
                try Test.cancel("making namespaces needs root (in a container: --privileged): \(error)")
            }
            if run.isConclusive { return }
        }
    }
}

extension Trait where Self == LabTrait {
    /// Gives each test a lab of its own, `Lab.current`, built for it and taken down after it.
    ///
    /// Where namespaces cannot be made the test is canceled with the reason; with `NETNSKIT_REQUIRE=1` it fails.
    ///
    /// - Parameters:
    ///   - topology: `NETNSKIT_SEED` replaces its seed.
    ///   - attempts: how often a test runs at most, when the host stood still or events were lost in a run that failed.
    public static func lab(_ topology: Topology, attempts: Int = 3) -> Self {
        LabTrait(topology, attempts: attempts)
    }
}
