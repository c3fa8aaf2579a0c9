import LinuxSystem
import NetnsKit
import Synchronization
import Timeline
import VRRPCore
import Wire

/// A scenario while it runs: the lab, the daemons under test, and the answers so far.
public final class ScenarioRun: Sendable {
    public let lab: Lab
    public let daemons: DaemonPair
    /// What is left to chance in this run.
    public let choices: Choices
    private let scenario: Scenario
    private let readings: Mutex<[String: ConfigurationReading]>
    private let results = Mutex<[CheckResult]>([])
    private let lines = Mutex<[String]>([])

    init(lab: Lab, daemons: DaemonPair, scenario: Scenario, choices: Choices = Choices()) {
        self.lab = lab
        self.daemons = daemons
        self.choices = choices
        self.scenario = scenario
        readings = Mutex(Self.readings(of: scenario))
    }

    private static func readings(of scenario: Scenario) -> [String: ConfigurationReading] {
        scenario.configurations.reduce(into: [:]) { readings, entry in
            let (node, path) = entry
            let files = scenario.files.filter { $0.node == node }.map(\.source)
            guard let file = files.first(where: { $0.path == path }) else { return }
            readings[node] = ConfigurationReading(file, including: files)
        }
    }

    public var checks: [CheckResult] { results.withLock { $0 } }

    // MARK: What the files say

    /// The nodes that run a daemon, in the order of the topology.
    public var routers: [String] {
        scenario.topology.nodes.map(\.name).filter { scenario.configurations[$0] != nil }
    }

    /// A node's configuration; nil when it has none.
    public func reading(of node: String) -> ConfigurationReading? {
        readings.withLock { $0[node] }
    }

    /// A virtual router of a node, as its file has it: bounds come from there.
    ///
    /// - Parameter name: the instance; the file's first when nil.
    /// - Throws: when the file has none that can run; a failed check says so, and the scenario ends.
    public func router(of node: String, named name: String? = nil) throws -> VirtualRouterConfiguration {
        let routers = reading(of: node)?.routers ?? []
        if let found = name.map({ name in routers.first { $0.name == name } }) ?? routers.first { return found }
        let claim = "\(node)'s configuration has \(name.map { "the instance \($0)" } ?? "an instance") that can run"
        record(
            CheckResult(
                claim, .fail, expected: "a vrrp_instance with interface and virtual_router_id",
                observed: routers.isEmpty ? "none" : "only \(routers.map(\.name).joined(separator: ", "))"))
        throw SetupFailure(claim: claim)
    }

    /// The virtual routers of all nodes, as their files have them now.
    var configuredRouters: [ConfiguredRouter] {
        routers.flatMap { node in reading(of: node)?.configuredRouters(of: node) ?? [] }
    }

    /// The protocol's times for a virtual router of a node.
    public func times(of node: String, named name: String? = nil) throws -> ProtocolTimes {
        ConfigurationReading.times(of: try router(of: node, named: name))
    }

    /// The configured priority of a virtual router of a node, 1...255.
    public func priority(of node: String, named name: String? = nil) throws -> Int {
        Int(try router(of: node, named: name).priority.rawValue)
    }

    /// Whether the files are somebody's work, not the course's own.
    public var isHandedIn: Bool { scenario.configurations.values.contains(LabStep.wrapper) }

    // MARK: Stimuli

    /// The program that a node runs: the first of the pair on the first node that runs a daemon, the second elsewhere.
    public func program(of node: String) -> DaemonProgram {
        node == routers.first ? daemons.first : daemons.second
    }

    /// Changes a file of a node, and with it what is known of the node's configuration.
    public func rewrite(_ file: NodeFile) throws {
        try lab[file.node].write(file)
        guard scenario.configurations[file.node] == file.path else { return }
        readings.withLock { $0[file.node] = ConfigurationReading(file.source) }
    }

    /// Starts the node's daemon with its configuration.
    ///
    /// - Returns: the instant just before.
    @discardableResult
    public func start(_ node: String) throws -> Instant {
        let configuration = scenario.configurations[node] ?? "/etc/keepalived/keepalived.conf"
        let program = program(of: node)
        let time = lab.step("start \(program.name) on \(node)")
        try lab[node].start(program.path, program.arguments(configuration: configuration), as: program.process)
        return time
    }

    /// The daemon of a node, as faults name it.
    public func daemon(of node: String) -> ProcessName {
        ProcessName(program(of: node).process, on: node)
    }

    // MARK: Checks

    /// Needs something to happen before the real question can be asked; without it nothing is learned.
    @discardableResult
    public func require(
        _ claim: String, within limit: Duration, since start: Instant,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent {
        do {
            return try await lab.expect(claim, within: limit, since: start, matches)
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    claim, .inconclusive, expected: "within \(limit.text)", observed: failure.observation,
                    explanation: "this had to happen before the question could be asked"))
            throw SetupFailure(claim: claim)
        }
    }

    /// Waits for something that must happen; nil, with a failed check on record, when it does not.
    public func expect(
        _ claim: String, within limit: Duration, since start: Instant, explanation: String? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent? {
        do {
            return try await lab.expect(claim, within: limit, since: start, matches)
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    claim, Verdict(failure.outcome), expected: "within \(limit.text)", observed: failure.observation,
                    explanation: explanation))
            return nil
        }
    }

    /// Waits for something that right files promise and without which nothing further can be asked.
    ///
    /// When it does not happen the scenario ends: with a failed check when somebody handed the files in, for then they
    /// are what is judged; otherwise nothing was learned.
    @discardableResult
    public func demand(
        _ claim: String, within limit: Duration, since start: Instant, explanation: String? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws -> TimelineEvent {
        guard isHandedIn else { return try await require(claim, within: limit, since: start, matches) }
        let event = try await expect(claim, within: limit, since: start, explanation: explanation, matches)
        guard let event else { throw SetupFailure(claim: claim) }
        return event
    }

    /// Ends the scenario with a failed check unless the files say what the next questions take for granted.
    public func demand(
        _ claim: String, _ holds: Bool, expected: String, observed: String, explanation: String? = nil
    ) throws {
        guard !holds else { return }
        judge(claim, false, expected: expected, observed: observed, explanation: explanation)
        throw SetupFailure(claim: claim)
    }

    /// Watches that something does not happen.
    ///
    /// - Parameter control: what must happen meanwhile, because without it nothing is proven.
    public func expectNever(
        _ claim: String, for span: Duration, since start: Instant, control: Landmark, explanation: String? = nil,
        _ matches: @escaping @Sendable (TimelineEvent) -> Bool
    ) async throws {
        let title = "never: \(claim)"
        let expected = "not for \(span.text)"
        do {
            try await lab.expectNever(title, for: span, since: start, control: control, matches)
            record(CheckResult(title, .pass, expected: expected, observed: "nothing of the kind for \(span.text)"))
        } catch let failure as ExpectationFailure {
            record(
                CheckResult(
                    title, Verdict(failure.outcome), expected: expected, observed: failure.observation,
                    explanation: explanation))
        }
    }

    /// Judges a measured time against a bound.
    ///
    /// - Parameters:
    ///   - window: where the time was measured; a stall of the host in it makes a miss inconclusive.
    ///   - theory: what the protocol's formulas give: what many runs together are held against.
    public func check(
        _ title: String, _ measured: Duration, within bound: ClosedRange<Duration>, window: ClosedRange<Instant>,
        theory: Theory? = nil, explanation: String? = nil
    ) {
        let holds = bound.contains(measured)
        record(
            CheckResult(
                title, verdict(holds, window, shortStall),
                expected: "\(bound.lowerBound.decimalSeconds())..\(bound.upperBound.text)", observed: measured.text,
                measured: measured, bound: bound, theory: theory, time: window.upperBound,
                explanation: holds ? nil : explanation))
    }

    /// Judges a fact.
    ///
    /// - Parameters:
    ///   - window: where it was observed; a long stall of the host in it makes a failure inconclusive.
    ///   - isTimely: whether a short one does, because it may have made routers change that would not have.
    public func judge(
        _ title: String, _ holds: Bool, expected: String, observed: String, window: ClosedRange<Instant>? = nil,
        isTimely: Bool = false, explanation: String? = nil
    ) {
        let stall = isTimely ? shortStall : longStall
        let verdict = window.map { self.verdict(holds, $0, stall) } ?? (holds ? .pass : .fail)
        record(
            CheckResult(
                title, verdict, expected: expected, observed: observed, explanation: holds ? nil : explanation))
    }

    /// Judges that something was not seen: while the host stood still, or events were lost, that proves nothing.
    public func judgeAbsence(
        _ title: String, _ holds: Bool, expected: String, observed: String, window: ClosedRange<Instant>,
        explanation: String? = nil
    ) {
        record(
            CheckResult(
                title, !holds ? .fail : isTrusted(window, longStall) ? .pass : .inconclusive,
                expected: expected, observed: observed, explanation: holds ? nil : explanation))
    }

    /// Puts a sentence of the published text to the test.
    ///
    /// The check fails when the text is wrong: that is what a reader of the text would meet. `labrun errata` asks for
    /// more, that the wire shows exactly what the erratum has for it.
    ///
    /// - Parameters:
    ///   - holds: whether the text is right after all.
    ///   - isAsCatalogued: whether what happened is what the erratum says.
    ///   - isOurs: whether it is what the erratum has for vrrpd alone.
    public func contrast(
        _ erratum: Erratum, holds: Bool, isAsCatalogued: Bool, isOurs: Bool = false, observed: String,
        measured: Duration? = nil, window: ClosedRange<Instant>? = nil
    ) {
        let verdict = window.map { self.verdict(holds, $0, longStall) } ?? (holds ? .pass : .fail)
        record(
            CheckResult(
                "the text: \(erratum.text)", verdict, expected: "as the text says", observed: observed,
                measured: measured, explanation: isOurs ? erratum.ours : holds ? nil : erratum.wire,
                contrast: Contrast(erratum.id, isAsCatalogued: isAsCatalogued, isOurs: isOurs)))
    }

    /// Says why something was not looked at.
    public func skip(_ title: String, because reason: String) {
        record(CheckResult(title, .skip, expected: "", observed: reason))
    }

    private func verdict(_ holds: Bool, _ window: ClosedRange<Instant>, _ stall: Duration) -> Verdict {
        holds ? .pass : isTrusted(window, stall) ? .fail : .inconclusive
    }

    /// Whether the captures saw everything in a window, and the host never stood still for longer than that.
    private func isTrusted(_ window: ClosedRange<Instant>, _ stall: Duration) -> Bool {
        let timeline = lab.timeline
        return timeline.stalls(in: window, longerThan: stall).isEmpty && timeline.losses(in: window).isEmpty
    }

    /// Adds a line to the table that people see before the checks; at most 78 columns.
    public func show(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    /// What was shown so far.
    public var table: [String] { lines.withLock { $0 } }

    /// Adds an answer that was found elsewhere.
    public func record(_ result: CheckResult) {
        var result = result
        result.time = result.time ?? MonotonicClock.now
        results.withLock { $0.append(result) }
    }
}

extension Node {
    /// Puts a file of a scenario where the node's programs find it.
    func write(_ file: NodeFile) throws(LabError) {
        try write(file.contents, to: file.path, mode: file.mode, owner: file.owner, group: file.group)
    }
}

/// A scenario could not get to its question; the check that says why is on record.
struct SetupFailure: Error {
    var claim: String
}

/// What spoils a measured time.
private let shortStall: Duration = .milliseconds(20)
/// What spoils the question whether something happens at all: less only delays it.
private let longStall: Duration = .milliseconds(250)
