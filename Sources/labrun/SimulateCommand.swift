import ArgumentParser
import LinuxSystem
import Timeline
import VRRPSimulator
import Wire

/// `labrun simulate`: the daemon's own router on simulated hosts, under faults that a seed chooses.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play routers against each other in virtual time, with faults from a seed.",
        discussion: """
            Needs no rights and no network: an hour takes less than a second. One seed is drawn, many are counted. \
            The same seed tells the same story, until the router or the simulator changes.
            """)

    @Option(name: .long, help: ArgumentHelp("Which story.", valueName: "number"))
    var seed: UInt64?

    @Option(name: .long, help: ArgumentHelp("Which stories, such as 1...200.", valueName: "range"))
    var seeds: String?

    @Option(name: .long, help: ArgumentHelp("2 to 8; without it the seed chooses.", valueName: "count"))
    var hosts: Int?

    @Option(name: .long, help: ArgumentHelp("Of virtual time.", valueName: "seconds"))
    var duration = 60

    @Option(
        name: .long,
        help: "safety: faults all the time; liveness: in spells with quiet between them. Without it the seed chooses.")
    var mode: Scenario.Mode?

    @Flag(name: .long, help: "List the faults, for people and as Swift code.")
    var schedule = false

    func validate() throws {
        guard (seed == nil) != (seeds == nil) else {
            throw ValidationError("say which story: --seed 1, or --seeds 1...200")
        }
        guard hosts.map((2...8).contains) ?? true else { throw ValidationError("--hosts must be 2 to 8") }
        guard (1...1_000_000).contains(duration) else {
            throw ValidationError("--duration must be 1 to 1000000 seconds")
        }
        if let seeds, Self.range(seeds) == nil {
            throw ValidationError("--seeds \(seeds): a range such as 1...200 is wanted, of at most a million")
        }
    }

    func run() async throws {
        let isSound: Bool
        if let range = seeds.flatMap(Self.range) {
            isSound = await playMany(range)
        } else {
            isSound = playOne(scenario(seed ?? 0))
        }
        if !isSound { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    private func scenario(_ seed: UInt64) -> Scenario {
        Scenario(seed: seed, hosts: hosts, duration: .seconds(duration), mode: mode)
    }

    /// Two numbers with three dots between them.
    private static func range(_ text: String) -> ClosedRange<UInt64>? {
        let ends = text.split(separator: "...", omittingEmptySubsequences: false).map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < 1_000_000
        else { return nil }
        return first...last
    }
}

// MARK: - One story

extension Simulate {
    /// Draws a story and judges it.
    private func playOne(_ scenario: Scenario) -> Bool {
        Terminal.say("seed \(scenario.seed), \(scenario.mode.rawValue), \(duration) s of virtual time")
        for line in scenario.lines { Terminal.say("  \(line)") }
        if schedule {
            Terminal.say("\n" + scenario.schedule.lines.joined(separator: "\n"))
            Terminal.say("\n" + scenario.schedule.code)
        }
        let report = SimulationReport(playing: scenario)
        let windows = windows(of: report)
        // The same story again, this time with its frames where they are worth a look.
        let watched = SimulationReport(playing: scenario, recordingFramesIn: windows)
        for window in windows {
            let hosts = (1...scenario.hostCount).map { "node\($0)" }
            let options = Diagram.Options(maximumRows: 80, nodes: hosts, origin: .zero)
            Terminal.say("\n\(Diagram(watched.timeline[window], options))")
        }
        for finding in report.findings.prefix(10) { Terminal.say(Self.text(finding)) }
        let faults = scenario.schedule.entries.count
        let mark = report.findings.isEmpty ? "PASS" : "FAIL"
        Terminal.say(
            """
            \(mark)  \(faults) faults, \(report.eventCount) events, \(report.findings.count) violations of \
            \(Invariant.all.count) invariants
            See it again: \(scenario.command)
            """)
        return report.findings.isEmpty
    }

    /// What is drawn: around the first violations, or else the beginning, as far as a screen or two can show it.
    private func windows(of report: SimulationReport) -> [ClosedRange<Instant>] {
        let interval = report.scenario.interval
        guard !report.findings.isEmpty else {
            return [Instant.zero...Instant.zero + min(report.scenario.duration, .seconds(60))]
        }
        var windows: [ClosedRange<Instant>] = []
        for finding in report.findings {
            let window = finding.violation.time - interval * 20...finding.violation.time + interval * 4
            let isCovered = windows.contains { $0.overlaps(window) }
            if !isCovered, windows.count < 2 { windows.append(window) }
        }
        return windows
    }

    private static func text(_ finding: SimulationReport.Finding) -> String {
        let time = Duration.nanoseconds(finding.violation.time.nanoseconds).decimalSeconds()
        let node = finding.violation.node.map { "\($0): " } ?? ""
        return "  FAIL  \(finding.invariant)\n        at \(time): \(node)\(finding.violation.text)"
    }
}

// MARK: - Many stories

extension Simulate {
    /// What is kept of a story that is not drawn.
    private struct Outcome: Sendable {
        var scenario: Scenario
        var findings: [SimulationReport.Finding]
        var situations: Situation.Counts
        var eventCount: Int
    }

    /// Plays stories on every core; those that contradict an invariant are told at once.
    private func playMany(_ seeds: ClosedRange<UInt64>) async -> Bool {
        let begin = MonotonicClock.now
        var failures = 0
        var events = 0
        var situations: Situation.Counts = [:]
        await withTaskGroup(of: Outcome.self) { group in
            var rest = seeds[...]
            for _ in 0..<16 { add(&rest, to: &group) }
            for await outcome in group {
                add(&rest, to: &group)
                events += outcome.eventCount
                situations.merge(outcome.situations) { $0 + $1 }
                guard let finding = outcome.findings.first else { continue }
                failures += 1
                Terminal.say("\(Self.text(finding))\n        see it again: \(outcome.scenario.command)")
            }
        }
        for situation in Situation.allCases {
            let count = "\(situations[situation, default: 0])"
            Terminal.say(String(repeating: " ", count: max(9 - count.count, 0)) + "\(count)  \(situation.rawValue)")
        }
        let hours = Duration.seconds(duration * seeds.count).inSeconds / 3600
        let time = (MonotonicClock.now - begin).decimalSeconds(digits: 1)
        let mark = failures == 0 ? "PASS" : "FAIL"
        let virtual = Duration.seconds(hours).decimalSeconds(digits: 1)
        Terminal.say("\(mark)  \(seeds.count) seeds, \(virtual) h of virtual time, \(events) events, in \(time) s")
        if failures > 0 { Terminal.say("\(failures) seeds contradict an invariant") }
        return failures == 0
    }

    private func add(_ rest: inout ClosedRange<UInt64>.SubSequence, to group: inout TaskGroup<Outcome>) {
        guard let seed = rest.popFirst() else { return }
        let scenario = scenario(seed)
        group.addTask {
            let report = SimulationReport(playing: scenario)
            return Outcome(
                scenario: scenario, findings: report.findings, situations: report.situations,
                eventCount: report.eventCount)
        }
    }
}

extension Scenario.Mode: ExpressibleByArgument {}
