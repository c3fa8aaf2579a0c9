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
    /// The description after which the lab was built.
    public let topology: Topology
    /// When the body began: every node is up, and what it sends is recorded.
    public var start: Instant { beginning.withLock { $0 } }
    /// How long building it took.
    public let constructionTime: Duration

    private let beginning: Mutex<Instant>
    let nodes: [String: Node]
    let fabrics: Fabrics
    private let coupling: Coupling
    private let recorder: Recorder
    private let watcher: Watcher
    private let faults = FaultRegister()
    private let groups = ControlGroups()
    private let runners: Mutex<[ScheduleRunner]> = Mutex([])

    /// Builds the network, runs the body in it, and takes it down again, whether the body throws or not.
    ///
    /// It needs no test library; with XCTest the first expectation that does not hold fails the test:
    ///
    ///     func testTheCarrierGoesWithTheCable() async throws {
    ///         try await Lab.run(pair) { lab in
    ///             let cut = try lab.inject(.carrierLoss(LinkEnd("r1", "eth0")))
    ///             try await lab.expect("r1 notices", within: .seconds(1), since: cut.began) {
    ///                 $0.node == "r1" && $0.kind == .link(interface: "eth0", isUp: false)
    ///             }
    ///         }
    ///     }
    ///
    /// - Parameters:
    ///   - topology: the network to build.
    ///   - body: runs where the caller is.
    /// - Throws: `LabError` when the network cannot be built, and whatever the body throws.
    public nonisolated(nonsending) static func run<Result: Sendable>(
        _ topology: Topology, _ body: (Lab) async throws -> Result
    ) async throws -> Result {
        let lab = try await build(topology)
        // A task that was ready may have waited for a thread.
        lab.beginning.withLock { $0 = MonotonicClock.now }
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
        let fabrics = try Fabrics(topology, recorder: recorder, watcher: watcher)
        let coupling = Coupling(topology) { end, isUp throws(LabError) in
            try fabrics.fabric(of: end).setPort(of: end, isUp: isUp)
        }
        nodes = try Construction(recorder: recorder, watcher: watcher, fabrics: fabrics, coupling: coupling)
            .build(topology.nodes)
        watcher.start()
        self.topology = topology
        self.recorder = recorder
        self.watcher = watcher
        self.fabrics = fabrics
        self.coupling = coupling
        let end = MonotonicClock.now
        beginning = Mutex(end)
        constructionTime = end - begin
    }

    /// Ends the record, then every process; the kernel takes the namespaces and links away by itself.
    ///
    /// When this returns the timeline is final, nothing is sent by the harness any more, and every program that was
    /// started in a node has its SIGKILL, so that it runs no further; what it has started itself dies with the node's
    /// first process, which has its SIGKILL too. That one is dead only when the kernel has taken its mounts away, and
    /// closing a capture waits for all processors. Nobody has to wait for that: a thread collects the dead, and lets go
    /// of the lab last.
    private func tearDown() {
        for runner in runners.withLock({ $0 }) { runner.stop() }
        for node in nodes.values { node.collectCrashes() }
        for node in nodes.values { node.endTraffic() }
        fabrics.userSpace?.stop()
        // Before the dying, with whom its thread would have to share the processors.
        watcher.stop()
        for node in nodes.values { node.kill() }
        startThread(named: "lab-reaper") { [self] in
            watcher.forgetAll()
            for node in nodes.values { node.collect() }
            groups.removeAll()
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

    /// Lets the record forget traffic some time after it passed, so that a lab can stand for days: frames, requests,
    /// what kernels learned of their neighbors, and stalls of the host.
    ///
    /// What tells how the nodes are stays, however old it is: addresses, links, routes, programs and what they wrote,
    /// faults, steps. Claims about traffic must not look back further, and some of it stays a quarter longer.
    public func forgetTraffic(after span: Duration) {
        recorder.forgetTraffic(after: span)
    }

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
    ///   with the other.
    /// - Throws: `LabError.alreadyInForce` when it was injected before and not healed, `.impossible` when it cannot
    ///   happen to this lab.
    @discardableResult
    public func inject(_ fault: Fault) throws(LabError) -> FaultWindow {
        var began = MonotonicClock.now
        try faults.inject(fault) { () throws(LabError) in
            began = record(.fault("\(fault)"))
            return try injector.inject(fault)
        }
        return FaultWindow(began: began, inForce: MonotonicClock.now)
    }

    /// Takes a fault back, now: what it changed is as it was, and what was put right meanwhile stays so.
    ///
    /// - Throws: `LabError.notInForce` when it was not injected, or was healed before; a fault of one moment has
    ///   nothing to heal, and nothing happens.
    @discardableResult
    public func heal(_ fault: Fault) throws(LabError) -> FaultWindow {
        var began = MonotonicClock.now
        try faults.heal(fault) { began = record(.healed("\(fault)")) }
        return FaultWindow(began: began, inForce: MonotonicClock.now)
    }

    /// The faults that were injected and not healed, in the order in which they began.
    public var faultsInForce: [Fault] { faults.faults }

    /// Every fault so far, healed or not, in the order in which they began: what the timeline has in words.
    public var faultHistory: [Fault] { faults.history }

    /// Takes back every fault that is in force, the last one first.
    @discardableResult
    public func healAll() throws(LabError) -> FaultWindow {
        let began = MonotonicClock.now
        for fault in faultsInForce.reversed() { try heal(fault) }
        return FaultWindow(began: began, inForce: MonotonicClock.now)
    }

    /// Has a schedule end with the lab, when it does not end before.
    func keep(_ runner: ScheduleRunner) {
        runners.withLock { $0.append(runner) }
    }

    private var injector: FaultInjector {
        FaultInjector(fabrics: fabrics, coupling: coupling, recorder: recorder, watcher: watcher, groups: groups) {
            [nodes] name throws(LabError) in
            guard let node = nodes[name] else { throw .noSuchNode(name) }
            return node
        }
    }

    /// Hears of the cables' far ends, also when the lab has ended: so a benchmark sees when they have gone.
    package func monitorOfWiring() throws(LabError) -> RouteMonitor {
        try translated { () throws(NetlinkError) in try RouteMonitor(.links, in: fabrics.kernel.namespace) }
    }

    // MARK: Following

    /// Tells somebody of everything that is recorded from now on, until the follower goes or the lab ends.
    ///
    /// - Parameter receive: gets events in the order in which they came, which for late reports is not that of time; it
    ///   runs on the threads that record, so it must only take note.
    public func follow(_ receive: @escaping LabFollower.Receiver) -> LabFollower {
        LabFollower(recorder, receive)
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
