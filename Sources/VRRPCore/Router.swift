import Wire

/// The daemon's whole mind: all virtual routers and what they watch, as one value.
///
/// The host tells it what happened and when, performs the actions in order, and comes back at `nextDeadline`. Events
/// that are ready at the same moment should be told before `deadline`: an advertisement that waits in a socket is then
/// heard before its absence is concluded.
public struct Router: Hashable, Sendable {
    /// In configured order.
    public internal(set) var virtualRouters: [VirtualRouter]
    /// Packets that belong to no virtual router here.
    public private(set) var strayDatagrams = 0

    enum Phase: Hashable, Sendable {
        case waiting, running, stopped
    }

    private(set) var phase = Phase.waiting
    var tracker: Tracker
    private var indices: [VirtualRouterConfiguration.Key: Int] = [:]

    /// Routers begin outside of the election, until `start`; of two with the same interface, family and virtual router
    /// ID, the first one gets the packets.
    public init(_ configuration: RouterConfiguration) {
        virtualRouters = configuration.virtualRouters.map { VirtualRouter($0) }
        tracker = Tracker(configuration.scripts)
        indexRouters()
    }

    /// When the host must send `deadline`; nil while nothing is to be waited for.
    public var nextDeadline: Instant? {
        virtualRouters.lazy.compactMap(\.nextDeadline).min()
    }

    /// The state of a virtual router by its configured name; nil if there is none.
    public func state(of router: String) -> VirtualRouter.State? {
        virtualRouters.first { $0.configuration.name == router }?.state
    }

    /// Takes note of an event and returns what must be done about it, in this order.
    ///
    /// Interfaces may be told before `start`, and should be: an unknown one counts as down. After `stop` nothing has an
    /// effect.
    public mutating func handle(_ event: RouterEvent, at now: Instant) -> [RouterAction] {
        guard phase != .stopped else { return [] }
        switch event {
        case .start:
            guard phase == .waiting else { return [] }
            phase = .running
            return tellEach(at: now) { .startup($0.conditions(for: $1)) }
        case .stop:
            phase = .stopped
            return tellEach(at: now) { _, _ in .shutdown }
        case .deadline:
            return tellEach(at: now) { _, _ in .deadline }
        case .datagram(let datagram):
            return deliver(datagram, at: now)
        case .interface(let name, let state):
            let former = tracker.note(state, of: name)
            return report(state, of: name, insteadOf: former) + reconsider(at: now)
        case .scriptResult(let name, let succeeded):
            guard tracker.count(succeeded, of: name) else { return [] }
            let text = "VRRP_Script(\(name)) \(succeeded ? "succeeded" : "failed")"
            return [.log(LogEntry(.notice, text))] + reconsider(at: now)
        case .fileValue, .processCount, .routeLost, .ruleLost:
            return []
        case .addressLost(let address, let interface):
            return tellEach(at: now) { _, _ in .addressLost(address, interface: interface) }
        }
    }

    /// Must follow every change of who is in `virtualRouters`.
    mutating func indexRouters() {
        let keys = virtualRouters.map(\.configuration.key)
        indices = Dictionary(zip(keys, keys.indices)) { first, _ in first }
    }

    private mutating func tellEach(
        at now: Instant, _ event: (Tracker, VirtualRouterConfiguration) -> VirtualRouter.Event
    ) -> [RouterAction] {
        virtualRouters.indices.flatMap { index in
            let event = event(tracker, virtualRouters[index].configuration)
            return virtualRouters[index].handle(event, at: now)
        }
    }

    /// Before `start`, facts are only collected.
    private mutating func reconsider(at now: Instant) -> [RouterAction] {
        guard phase == .running else { return [] }
        return tellEach(at: now) { .conditions($0.conditions(for: $1)) }
    }

    private mutating func deliver(_ datagram: Datagram, at now: Instant) -> [RouterAction] {
        // RFC 9568 §5.2: the virtual router ID is the second octet of every version.
        guard let virtualRouterID = datagram.payload.dropFirst().first,
            let index = indices[
                VirtualRouterConfiguration.Key(
                    interface: datagram.interface, family: datagram.source.family, virtualRouterID: virtualRouterID)]
        else {
            strayDatagrams += 1
            return []
        }
        return virtualRouters[index].receive(datagram, at: now)
    }

    /// keepalived's line about a link that matters to somebody.
    private func report(
        _ state: InterfaceState, of name: String, insteadOf former: InterfaceState?
    ) -> [RouterAction] {
        guard phase == .running, let former, former.isUp != state.isUp,
            virtualRouters.contains(where: { $0.configuration.dependsOn(interface: name) })
        else { return [] }
        return [.log(LogEntry(.notice, "Netlink reports \(name) \(state.isUp ? "up" : "down")"))]
    }
}

extension VirtualRouterConfiguration {
    fileprivate func dependsOn(interface name: String) -> Bool {
        interface == name || trackedInterfaces.contains { $0.name == name }
    }
}
