import LabCourse
import LinuxSystem
import NetnsKit
import Synchronization
import Testing
import Timeline
import Wire

/// One run of a lab with routers in it, and what was found to be wrong with them.
///
/// Times are the kernel's. What fails while the host stood still, or while events were lost, says nothing about a
/// daemon: the whole experiment is done again, and only what fails in quiet is reported.
final class Experiment: Sendable {
    let lab: Lab
    private let complaints = Mutex<[String]>([])
    /// Nodes that run keepalived.
    private let others = Mutex<Set<String>>([])
    private static let attempts = 3

    private init(_ lab: Lab) {
        self.lab = lab
    }

    /// Runs an experiment in a lab of its own until it can be trusted, and reports what did not hold.
    ///
    /// - Returns: what the body returns in the last run; nil when an expectation ended it.
    @discardableResult
    static func run<Result: Sendable>(
        _ topology: Topology = Segment.topology, titled title: String = "",
        sourceLocation: SourceLocation = #_sourceLocation, _ body: @Sendable (Experiment) async throws -> Result
    ) async throws -> Result? {
        var attempt = 1
        while true {
            let outcome = try await Lab.run(topology) { lab in
                let experiment = Experiment(lab)
                let result = try await experiment.perform(body)
                return (result, experiment.complaints.withLock { $0 }, lab.timeline, experiment.isSpoiled)
            }
            let (result, complaints, timeline, isSpoiled) = outcome
            if complaints.isEmpty { return result }
            if isSpoiled, attempt < attempts {
                attempt += 1
                continue
            }
            for complaint in complaints {
                let title = title.isEmpty ? "" : "\(title): "
                Issue.record("\(title)\(complaint)", sourceLocation: sourceLocation)
            }
            Issue.record("\(timeline.drawn)\n\(timeline.logEnds)", sourceLocation: sourceLocation)
            return result
        }
    }

    /// An expectation that was left to itself is a complaint like any other.
    private func perform<Result>(_ body: @Sendable (Experiment) async throws -> Result) async throws -> Result? {
        do {
            return try await body(self)
        } catch let failure as ExpectationFailure {
            complain(failure.description)
            return nil
        }
    }

    /// Whether what was seen says nothing about our daemon: the host stood still, events were lost, or the other daemon
    /// said that it could not send.
    private var isSpoiled: Bool {
        let timeline = lab.timeline
        let whole = Instant.zero...timeline.endTime
        let others = others.withLock { $0 }
        return !timeline.stalls(in: whole).isEmpty || !timeline.losses(in: whole).isEmpty
            || timeline.contains { event in
                event.node.map(others.contains) == true
                    && event.isLine(on: event.node ?? "") { $0.contains("send advert error") }
            }
    }

    private func complain(_ text: String) {
        complaints.withLock { $0.append(text) }
    }

    // MARK: Claims

    /// States a fact that must hold.
    func claim(_ claim: String, _ holds: Bool, sawInstead observation: @autoclosure () -> String = "") {
        if !holds { complain("\(claim); observed: \(observation())") }
    }

    /// States how long something must take.
    func claim(_ claim: String, _ time: Duration, within bound: ClosedRange<Duration>) {
        let text = "\(bound.lowerBound.text)...\(bound.upperBound.text)"
        self.claim("\(claim) (\(text))", bound.contains(time), sawInstead: time.text)
    }

    /// States that something takes less than a time.
    func claim(_ claim: String, _ time: Duration, atMost limit: Duration) {
        self.claim("\(claim) (at most \(limit.text))", time <= limit, sawInstead: time.text)
    }

    /// States that something did not happen, now that it would have been seen.
    func claimNever(
        _ what: String, in window: ClosedRange<Instant>, _ matches: (TimelineEvent) -> Bool
    ) {
        let found = lab.timeline.first(after: window.lowerBound) { window.contains($0.time) && matches($0) }
        claim("never \(what)", found == nil, sawInstead: "after \((found!.time - window.lowerBound).text)")
    }

    // MARK: Routers

    /// Where a node's daemon finds its file.
    static let configurationFile = "/etc/keepalived/keepalived.conf"

    /// Writes a node's file and starts a daemon that logs to the timeline; every node's is called `daemon`.
    @discardableResult
    func start(
        _ implementation: Implementation, on node: String, _ text: String, options: [String] = []
    ) throws -> NodeProcess {
        try lab[node].write(text, to: Self.configurationFile)
        let program = try implementation.program()
        if implementation == .keepalived { _ = others.withLock { $0.insert(node) } }
        return try lab[node].start(
            program.path, program.arguments(configuration: Self.configurationFile) + options, as: "daemon")
    }

    /// Has a node's daemon read its file again, after it was given another.
    @discardableResult
    func reload(_ node: String, _ text: String) throws -> Instant {
        try lab[node].write(text, to: Self.configurationFile)
        return try reload(node)
    }

    /// Has a node's daemon read its file again.
    @discardableResult
    func reload(_ node: String) throws -> Instant {
        let time = lab.step("SIGHUP on \(node)")
        try lab[node].process("daemon").send(signal: SignalNumber.hangUp)
        return time
    }

    /// A node's daemon, as faults name it.
    func daemon(of node: String) -> ProcessName { ProcessName("daemon", on: node) }

    /// Starts a master on node1 and then a backup on node2, which hears it.
    ///
    /// One after the other: at short intervals the daemon that starts faster would be the master for a moment.
    func startPair(_ pair: Pair, _ master: InstanceText = .master, _ backup: InstanceText = .backup) async throws {
        try start(pair.implementations.first, on: "node1", master.text)
        let claim = try await lab.expect("node1 is the master", within: .seconds(8), since: lab.start) {
            $0.isClaim(by: "node1")
        }
        try start(pair.implementations.second, on: "node2", backup.text)
        let ready = try await expectLine("Entering BACKUP STATE", on: "node2", since: claim.time)
        try await expectMaster("node1", heardBy: "node2", since: ready.time)
    }

    /// Waits until a node has been heard as a master twice, so that it is one and its peer knows.
    func expectMaster(
        _ node: String, heardBy peer: String, within limit: Duration = .seconds(8), since start: Instant? = nil
    ) async throws {
        let claim = "\(node) is the master that \(peer) hears"
        let first = try await lab.expect(claim, within: limit, since: start ?? lab.start) { $0.isHeard(at: peer) }
        try await lab.expect("\(claim), again", within: .seconds(3), since: first.time + .milliseconds(1)) {
            $0.isHeard(at: peer)
        }
    }

    /// Waits for a line in a node's log.
    @discardableResult
    func expectLine(
        _ fragment: String, on node: String, within limit: Duration = .seconds(5), since start: Instant? = nil
    ) async throws -> TimelineEvent {
        try await lab.expect("\(node) logs '\(fragment)'", within: limit, since: start ?? lab.start) {
            $0.isLine(on: node) { $0.contains(fragment) }
        }
    }

    /// Lets time pass in which nothing is to be waited for.
    func watch(for span: Duration) async {
        _ = try? await lab.watch(for: span)
    }

    /// Lines that a node's daemon has written since an instant.
    func lines(of node: String, since start: Instant = .zero) -> [String] {
        lab.timeline.events.compactMap { event in
            guard event.node == node, event.time >= start, case .output("daemon", _, let line) = event.kind else {
                return nil
            }
            return line
        }
    }
}

extension Timeline {
    /// The last lines of every daemon, whole.
    fileprivate var logEnds: String {
        Set(events.compactMap(\.node)).sorted().map { node in
            let lines = events.compactMap { event -> String? in
                guard event.node == node, case .output("daemon", _, let line) = event.kind else { return nil }
                return line.contains("Sending ") ? nil : line
            }
            return lines.isEmpty ? "" : "\(node):\n" + lines.suffix(12).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The picture that a failing experiment shows.
    var drawn: String {
        let options = Diagram.Options(width: 110, maximumRows: 90) { event in
            event.isLine(on: event.node ?? "") { !$0.contains("gratuitous ARP") }
        }
        return "\(Diagram(self, options))"
    }
}
