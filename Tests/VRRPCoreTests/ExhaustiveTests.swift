import Testing
import Wire

@testable import VRRPCore

@Suite("All traces of a few events")
struct ExhaustiveTests {
    /// What may come next; each choice takes some time, so that timers are met in every phase.
    enum Choice: CaseIterable {
        case start, deadline, lower, equalFromHigherAddress, higher, resignation, invalid
        case interfaceDown, interfaceUp, scriptFailed, scriptSucceeded, addressLost, stop
        /// The file says something else than before: one address more or less, another priority.
        case reload

        /// Nil for a reload, which is no event.
        func event(for router: VirtualRouterConfiguration) -> RouterEvent? {
            var packet = VRRPPacket.valid(for: router)
            switch self {
            case .start: return .start
            case .deadline: return .deadline
            case .lower: packet.priority = 50
            case .equalFromHigherAddress: packet.priority = 100
            case .higher: (packet.priority, packet.interval) = (200, router.version == .v2 ? .seconds(1) : .seconds(2))
            case .resignation: packet.priority = 0
            case .invalid: packet.type = 2
            case .interfaceDown: return .interface("eth0", .down)
            case .interfaceUp: return .interface("eth0", .ready)
            case .scriptFailed: return .scriptResult(name: "chk", succeeded: false)
            case .scriptSucceeded: return .scriptResult(name: "chk", succeeded: true)
            case .addressLost: return .addressLost(VirtualAddress.first.prefix.address, interface: "eth0")
            case .stop: return .stop
            case .reload: return nil
            }
            return .datagram(.carrying(packet))
        }
    }

    /// A router, its clock, and what its host has installed; the past is forgotten, so that equal presents meet.
    struct Present: Hashable {
        var bench: Bench
        var installed: Set<VirtualAddress> = []

        /// Makes a choice come true and returns the complaints about what followed.
        mutating func make(_ choice: Choice, _ event: RouterEvent?) -> [String] {
            let before = bench.state
            bench.now = bench.now + .milliseconds(300)
            if choice == .deadline { bench.now = max(bench.now, bench.router.nextDeadline ?? bench.now) }
            if choice == .addressLost { installed.remove(.first) }
            var twin = bench.router
            let actions = bench.router.take(event, at: bench.now)
            var complaints: [String] = []
            if twin.take(event, at: bench.now) != actions || twin != bench.router {
                complaints.append("equal inputs, unequal outputs")
            }
            for action in actions { perform(action) }
            bench.router.virtualRouters[0].forget()
            if choice == .invalid, bench.state != before || actions.steps != [] {
                complaints.append("a packet that failed a check did something")
            }
            return complaints + self.complaints(after: actions, before: before)
        }

        private mutating func perform(_ action: RouterAction) {
            switch action {
            case .install(let addresses, _): installed.formUnion(addresses)
            case .remove(let addresses, _): installed.subtract(addresses)
            case .transmit, .announce, .announceSource, .transition, .log: break
            case .installRoutes, .removeRoutes, .shield, .unshield: break
            }
        }

        private func complaints(after actions: [RouterAction], before: VirtualRouter.State) -> [String] {
            let isActive = bench.state.description == "MASTER"
            let wasActive = before.description == "MASTER"
            let takesPart = isActive || bench.state.description == "BACKUP"
            var complaints: [String] = []
            let wanted = isActive ? Set(bench.virtualRouter.configuration.allAddresses) : []
            if installed != wanted { complaints.append("installed \(installed)") }
            if (bench.router.nextDeadline != nil) != takesPart { complaints.append("deadline in \(bench.state)") }
            if !isActive && !wasActive && !actions.transmissions.isEmpty { complaints.append("spoke as \(before)") }
            if !isActive, actions.contains(where: \.isAnnouncement) { complaints.append("announced as \(bench.state)") }
            if bench.router.nextDeadline != bench.virtualRouter.nextDeadline { complaints.append("deadline forgotten") }
            if let deadline = bench.router.nextDeadline, deadline > bench.now {
                var early = bench.router
                if !early.handle(.deadline, at: deadline - .nanoseconds(1)).isEmpty || early != bench.router {
                    complaints.append("an early deadline did something")
                }
            }
            return complaints
        }
    }

    /// Before the start, waiting for a script, and as master: whatever else there is lies a step or two away.
    private func beginnings(of configuration: VirtualRouterConfiguration) -> Set<Present> {
        let scripts = [ScriptConfiguration(name: "chk")]
        let waiting = Bench(configuration, scripts: scripts)
        let pending = Bench(started: configuration, scripts: scripts)
        var active = pending
        active.send(.scriptResult(name: "chk", succeeded: true))
        active.reachDeadline()
        return [
            Present(bench: waiting), Present(bench: pending), Present(bench: active, installed: [.first, .second]),
        ]
    }

    @Test("Eight invariants hold after each step of every trace", arguments: [VRRPVersion.v2, .v3], [true, false])
    func invariants(version: VRRPVersion, preempts: Bool) {
        expectInvariants(steps: 5, of: Choice.allCases.filter { $0 != .reload }, version, preempts: preempts)
    }

    @Test("They hold through reloads too, in every trace of four steps", arguments: [VRRPVersion.v2, .v3])
    func reloads(version: VRRPVersion) {
        expectInvariants(steps: 4, of: Choice.allCases, version, preempts: true)
    }

    private func expectInvariants(steps: Int, of choices: [Choice], _ version: VRRPVersion, preempts: Bool) {
        let configuration = VirtualRouterConfiguration.tutorial(version) {
            $0.excludedAddresses = [.second]
            $0.trackedScripts = [TrackedItem("chk"), TrackedItem("chk", weight: -20)]
            $0.preempts = preempts
            $0.preemptDelay = preempts ? .seconds(1) : .zero
        }
        let choices = choices.map { ($0, $0.event(for: configuration)) }
        var presents = beginnings(of: configuration)
        for step in 1...steps {
            var successors: Set<Present> = []
            for present in presents {
                for (choice, event) in choices {
                    var next = present
                    let complaints = next.make(choice, event)
                    #expect(complaints.isEmpty, "\(choice) as step \(step) in \(present.bench.state)")
                    successors.insert(next)
                }
            }
            presents = successors
        }
        #expect(presents.count > 1_000)
    }
}

extension RouterAction {
    fileprivate var isAnnouncement: Bool {
        if case .announce = self { true } else { false }
    }
}

extension VirtualRouter {
    /// What has no effect on what comes.
    fileprivate mutating func forget() {
        (statistics, lastTransition, peerLog) = (Statistics(), nil, LogLimiter())
    }
}

extension Router {
    fileprivate mutating func take(_ event: RouterEvent?, at now: Instant) -> [RouterAction] {
        if let event { return handle(event, at: now) }
        var configuration = virtualRouters[0].configuration
        configuration.excludedAddresses = configuration.excludedAddresses.isEmpty ? [.second] : []
        configuration.priority = configuration.priority == .standard ? Priority(120)! : .standard
        let scripts = [ScriptConfiguration(name: "chk")]
        return reconfigure(RouterConfiguration(virtualRouters: [configuration], scripts: scripts), at: now)
    }
}
