import Wire

/// The start and the end of all virtual routers.
extension Router {
    /// Addresses that a crashed predecessor left behind go first.
    mutating func start(at now: Instant) -> [RouterAction] {
        guard phase == .waiting else { return [] }
        let leftovers = virtualRouters.flatMap { $0.takeAway() }
        guard startupDelay > .zero else {
            phase = .running
            return leftovers + enter(at: now)
        }
        phase = .delayed(until: now + startupDelay)
        return leftovers + [.log(LogEntry(.notice, "Delaying startup for \(startupDelay.inShort) seconds"))]
    }

    /// All routers leave `initialize`, or say why they cannot. keepalived tells of groups first here.
    mutating func enter(at now: Instant) -> [RouterAction] {
        let conditions = conditions(of: virtualRouters.map(\.configuration), groups)
        let actions = virtualRouters.indices.flatMap { tell($0, .startup(conditions[$0]), at: now) }
        return groups.indices.flatMap { noteState(ofGroup: $0) } + actions
    }

    /// Neighbors hear first, of all masters; then the addresses go, and at last the outside world is told.
    mutating func stop(at now: Instant) -> [RouterAction] {
        phase = .stopped
        let actions = virtualRouters.indices.flatMap { tell($0, .shutdown, at: now) }
        return actions.filter(\.isTransmission) + actions.filter { !$0.isTransmission && !$0.isTransition }
            + actions.filter(\.isTransition) + groups.map { $0.transition(.stop) }
    }
}

extension RouterAction {
    fileprivate var isTransmission: Bool {
        if case .transmit = self { true } else { false }
    }

    fileprivate var isTransition: Bool {
        if case .transition = self { true } else { false }
    }
}

extension Duration {
    /// Seconds, with a fraction only where there is one.
    fileprivate var inShort: String {
        let (seconds, rest) = components
        return rest == 0 ? "\(seconds)" : "\(inSeconds)"
    }
}
