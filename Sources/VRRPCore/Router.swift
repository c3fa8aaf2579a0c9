import Wire

/// The daemon's whole mind: all virtual routers and what they watch, as one value.
///
/// The host tells it what happened and when, performs the actions in order, and comes back at `nextDeadline`. Events
/// that are ready at the same moment should be told before `deadline`: an advertisement that waits in a socket is then
/// heard before its absence is concluded. An event costs what it changes, however many virtual routers there are.
public struct Router: Hashable, Sendable {
    /// In configured order.
    public internal(set) var virtualRouters: [VirtualRouter]
    /// Packets that belong to no virtual router here.
    public private(set) var strayDatagrams = 0

    enum Phase: Hashable, Sendable {
        case waiting
        /// Started, but nobody takes part before this (`vrrp_startup_delay`).
        case delayed(until: Instant)
        case running, stopped
    }

    var phase = Phase.waiting
    var tracker: Tracker
    var groups: [SyncGroup] = []
    private(set) var index = RouterIndex()
    private var deadlines = DeadlineQueue()
    private var discardLog = LogLimiter()
    var startupDelay: Duration

    /// Routers begin outside of the election, until `start`; of two with the same interface, family and virtual router
    /// ID, the first one gets the packets.
    public init(_ configuration: RouterConfiguration) {
        virtualRouters = configuration.virtualRouters.map { VirtualRouter($0) }
        tracker = Tracker(configuration)
        startupDelay = configuration.startupDelay
        arrange(configuration)
    }

    /// When the host must send `deadline`; nil while nothing is to be waited for.
    public var nextDeadline: Instant? {
        switch phase {
        case .stopped: nil
        case .delayed(let until): [until, tracker.nextDeadline].compactMap(\.self).min()
        case .waiting, .running: [deadlines.earliest, tracker.nextDeadline].compactMap(\.self).min()
        }
    }

    /// The state of a virtual router by its configured name; nil if there is none.
    public func state(of router: String) -> VirtualRouter.State? {
        index.names[router].map { virtualRouters[$0].state }
    }

    /// Takes note of an event and returns what must be done about it, in this order.
    ///
    /// Interfaces may be told before `start`, and should be: an unknown one counts as down. After `stop` nothing has an
    /// effect.
    public mutating func handle(_ event: RouterEvent, at now: Instant) -> [RouterAction] {
        guard phase != .stopped else { return [] }
        switch event {
        case .start: return start(at: now)
        case .stop: return stop(at: now)
        case .deadline: return meetDeadlines(at: now)
        case .datagram(let datagram): return deliver(datagram, at: now)
        case .interface(let name, let state): return note(state, of: name, at: now)
        case .scriptResult(let name, let succeeded): return note(succeeded, ofScript: name, at: now)
        case .fileValue(let name, let value): return note(value, inFile: name, at: now)
        case .processCount(let name, let number): return note(number, ofProcess: name, at: now)
        case .addressLost(let address, let interface):
            let concerned = index.interfaces[interface] ?? []
            return concerned.flatMap { tell($0, .addressLost(address, interface: interface), at: now) }
        case .routeLost(let route, let router):
            return index.names[router].map { tell($0, .routeLost(route), at: now) } ?? []
        case .ruleLost(let rule, let router):
            return index.names[router].map { tell($0, .ruleLost(rule), at: now) } ?? []
        }
    }
}

extension Router {
    /// Tells one virtual router, and keeps its next deadline in mind.
    mutating func tell(_ place: Int, _ event: VirtualRouter.Event, at now: Instant) -> [RouterAction] {
        let actions = virtualRouters[place].handle(event, at: now)
        deadlines.set(place, to: virtualRouters[place].nextDeadline)
        return actions
    }

    /// Must follow every change of who is in `virtualRouters`: places are those of the configuration.
    mutating func arrange(_ configuration: RouterConfiguration) {
        let routers = configuration.virtualRouters
        let places = Dictionary(zip(routers.map(\.name), routers.indices)) { first, _ in first }
        let notified = Dictionary(groups.map { ($0.configuration.name, $0.notified) }) { first, _ in first }
        groups = configuration.syncGroups.map { told in
            var group = SyncGroup(told, places: places)
            group.notified = notified[told.name] ?? nil
            return group
        }
        index = RouterIndex(routers, groups)
        for place in routers.indices {
            virtualRouters[place].membership = index.groups[place].map { groups[$0].membership(among: routers) }
        }
        deadlines = DeadlineQueue(virtualRouters.map(\.nextDeadline))
    }

    private mutating func meetDeadlines(at now: Instant) -> [RouterAction] {
        var actions = settle(at: now)
        if case .delayed(let until) = phase {
            guard until <= now else { return actions }
            phase = .running
            return actions + [.log(LogEntry(.notice, "Delayed start completed"))] + enter(at: now)
        }
        for place in deadlines.due(at: now) {
            actions += tell(place, .deadline, at: now)
            actions += synchronize(after: place, at: now)
        }
        return actions
    }

    private mutating func deliver(_ datagram: Datagram, at now: Instant) -> [RouterAction] {
        // RFC 9568 §5.2: the virtual router ID is the second octet of every version.
        guard datagram.payload.count > 1,
            let place = index.keys[
                VirtualRouterConfiguration.Key(
                    interface: datagram.interface, family: datagram.source.family,
                    virtualRouterID: datagram.payload[1])]
        else {
            strayDatagrams += 1
            return []
        }
        do {
            let actions = try virtualRouters[place].receive(datagram, at: now)
            deadlines.set(place, to: virtualRouters[place].nextDeadline)
            return actions + followContest(actions, of: place, at: now) + synchronize(after: place, at: now)
        } catch {
            // One line a second for all of them together: whoever sends such packets chooses how many.
            let line = discardLog.admit(
                "(\(virtualRouters[place].configuration.name)) \(error) from \(datagram.source)", at: now)
            return line.map { [.log(LogEntry(.notice, $0))] } ?? []
        }
    }
}
