import LinuxSystem
import Netlink
import Synchronization
import Timeline
import Wire

/// A running network of nodes; it exists for the length of a closure and leaves nothing behind.
///
/// Every namespace is held by descriptors and by processes that die with the lab, so that even a SIGKILL of the harness
/// cleans up: the kernel does it.
public final class Lab: Sendable {
    public let topology: Topology
    /// When the lab was ready: every node up, every capture open.
    public let start: Instant
    /// How long building it took.
    public let constructionTime: Duration

    private let nodes: [String: Node]
    private let wiring: Wiring
    private let recorder: Recorder
    private let watcher: Watcher

    /// Builds the network, runs the body in it, and takes it down again, whether the body throws or not.
    ///
    /// - Throws: `LabError` when the network cannot be built, and whatever the body throws.
    public static func run<Result: Sendable>(
        _ topology: Topology, _ body: (Lab) async throws -> Result
    ) async throws -> Result {
        let lab = try await build(topology)
        do {
            let result = try await body(lab)
            lab.tearDown()
            return result
        } catch {
            lab.tearDown()
            throw error
        }
    }

    /// Builds on a thread of its own: building waits for the kernel, and the few threads that run tasks must not.
    private static func build(_ topology: Topology) async throws -> Lab {
        try await withCheckedThrowingContinuation { continuation in
            startThread(named: "lab-builder") {
                continuation.resume(with: Result { try Lab(topology) })
            }
        }
    }

    private init(_ topology: Topology) throws(LabError) {
        do {
            try topology.validate()
        } catch {
            throw .topology(error)
        }
        let begin = MonotonicClock.now
        let recorder = Recorder()
        let watcher = try translated { () throws(SystemError) in try Watcher(recorder: recorder) }
        let wiring = try Wiring(recorder: recorder)
        nodes = try Construction(recorder: recorder, watcher: watcher, wiring: wiring).build(topology.nodes)
        watcher.start()
        self.topology = topology
        self.recorder = recorder
        self.watcher = watcher
        self.wiring = wiring
        start = MonotonicClock.now
        constructionTime = start - begin
    }

    /// Ends every process and stops watching; the kernel takes the namespaces and links away by itself.
    ///
    /// A node's first process is dead only when the kernel has taken its mounts away, and closing a capture waits for
    /// all processors. Nobody has to wait for that: a thread collects the dead, and lets go of the lab last.
    private func tearDown() {
        for node in nodes.values { node.kill() }
        watcher.stop()
        startThread(named: "lab-reaper") { [self] in
            for node in nodes.values { node.collect() }
        }
    }

    // MARK: Parts

    /// The node of that name; asking for one that the topology does not have is a programmer's mistake.
    public subscript(_ name: String) -> Node {
        guard let node = nodes[name] else { preconditionFailure("there is no node '\(name)' in this lab") }
        return node
    }

    /// Everything that was recorded until now.
    public var timeline: Timeline { recorder.timeline }

    /// Nanoseconds to add to an instant of this lab to get nanoseconds since 1970.
    public var offsetToRealTime: Int64 { MonotonicClock.offsetToRealTime }

    /// Writes a line of the scenario into the timeline.
    @discardableResult
    public func step(_ text: String) -> Instant {
        record(.step(text))
    }

    // MARK: Faults

    /// Lets something go wrong, now.
    ///
    /// - Returns: when it began and when it was in force: what it causes comes after the one, what it prevents ends
    /// with   the other.
    @discardableResult
    public func inject(_ fault: Fault) throws(LabError) -> FaultWindow {
        let began = record(.fault("\(fault)"))
        try injector.inject(fault)
        return FaultWindow(began: began, inForce: MonotonicClock.now)
    }

    /// Takes a fault back, now.
    @discardableResult
    public func heal(_ fault: Fault) throws(LabError) -> FaultWindow {
        let began = record(.healed("\(fault)"))
        try injector.heal(fault)
        return FaultWindow(began: began, inForce: MonotonicClock.now)
    }

    private var injector: FaultInjector {
        FaultInjector(wiring: wiring, recorder: recorder, watcher: watcher) { [nodes] name throws(LabError) in
            guard let node = nodes[name] else { throw .noSuchNode(name) }
            return node
        }
    }

    /// Hears of the cables' far ends, also when the lab has ended: so a benchmark sees when they have gone.
    package func monitorOfWiring() throws(LabError) -> RouteMonitor {
        try translated { () throws(NetlinkError) in try RouteMonitor(.links, in: wiring.namespace) }
    }

    // MARK: For expectations

    @discardableResult
    func record(_ kind: TimelineEvent.Kind) -> Instant {
        let now = MonotonicClock.now
        recorder.append(TimelineEvent(at: now, kind))
        return now
    }

    func wait(until deadline: Instant, _ question: @escaping Recorder.Question) async -> TimelineEvent? {
        await recorder.wait(until: deadline, onRegistration: { [watcher] in watcher.wake(before: deadline) }, question)
    }
}
