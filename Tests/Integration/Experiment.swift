import LabCourse
import LinuxSystem
import NetnsKit
import NetnsTesting
import Testing
import Timeline
import Wire

// Experiments with routers in them.
extension Experiment {
    /// Runs an experiment on the segment of two routers and a client.
    @discardableResult
    static func run<Result: Sendable>(
        titled title: String = "", sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @Sendable (Experiment) async throws -> Result
    ) async throws -> Result? {
        try await run(Segment.topology, titled: title, sourceLocation: sourceLocation, body)
    }

    /// Where a node's daemon finds its file.
    static let configurationFile = "/etc/keepalived/keepalived.conf"

    /// Writes a node's file and starts a daemon that logs to the timeline; every node's is called `daemon`.
    @discardableResult
    func start(
        _ implementation: Implementation, on node: String, _ text: String, options: [String] = []
    ) throws -> NodeProcess {
        try lab[node].write(text, to: Self.configurationFile)
        let program = try implementation.program()
        if implementation == .keepalived {
            excuse { event in event.isLine(on: node) { $0.contains("send advert error") } }
        }
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
