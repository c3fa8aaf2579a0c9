import Wire

extension VirtualRouter {
    /// What keeps a virtual router out of the election.
    public enum Blocker: Hashable, Sendable {
        /// The daemon has not started yet, or has stopped.
        case notRunning
        /// The interface for advertisements is down or absent.
        case interfaceDown
        /// There is no address to send from.
        case noSourceAddress
        /// A tracked interface without weight is down, or up when reversed.
        case trackedInterface(String)
        /// A tracked script without weight failed, or succeeded when reversed.
        case trackedScript(String)
        /// A tracked script without weight has not ended once yet.
        case scriptPending(String)

        /// Whether something is wrong, and not merely not known yet.
        public var isFault: Bool {
            switch self {
            case .notRunning, .scriptPending: false
            case .interfaceDown, .noSourceAddress, .trackedInterface, .trackedScript: true
            }
        }
    }
}

/// RFC 9568 §6.4.1.
extension VirtualRouter {
    /// Addresses that a crashed predecessor left behind go first.
    mutating func start(under conditions: Conditions, at now: Instant) -> [RouterAction] {
        removeAddresses() + adopt(conditions) + proceed(past: conditions.blockers, at: now, note: " (init)")
    }

    mutating func reconsider(
        _ conditions: Conditions, as told: VirtualRouterConfiguration? = nil, at now: Instant
    ) -> [RouterAction] {
        adopt(conditions, as: told) + proceed(past: conditions.blockers, at: now)
    }

    /// Leaves the election. Waiting for a script's first result is silent, a fault is not.
    mutating func block(on blockers: Set<Blocker>, note: String = "") -> [RouterAction] {
        let wasFault = state.isFault
        state = .initialize(blockers)
        guard state.isFault, !wasFault else { return [] }
        return [log(.notice, "Entering FAULT STATE\(note)"), transition(.fault)]
    }

    /// The end: nothing is left to be done about the addresses.
    mutating func halt() -> [RouterAction] {
        state = .initialize([.notRunning])
        return [transition(.stop)]
    }

    /// The end of a router that a reload removed: keepalived runs `notify_fault` for it.
    mutating func vanish() -> [RouterAction] {
        let wasFault = state.isFault
        state = .initialize([.notRunning])
        return [log(.notice, "no longer configured")] + (wasFault ? [] : [transition(.fault)])
    }

    /// An owner is active at once, unless it was told to start as BACKUP; everybody else listens first, for as long as
    /// a master may be silent. `state MASTER` alone is no head start, as with keepalived.
    private mutating func proceed(
        past blockers: Set<Blocker>, at now: Instant, note: String = ""
    ) -> [RouterAction] {
        guard blockers.isEmpty else { return block(on: blockers, note: note) }
        if configuration.priority.isOwner && configuration.startsAsMaster { return becomeActive(at: now) }
        let interval = configuration.advertisementInterval
        state = .backup(Backup(activeDownAt: now + timers(interval).activeDownInterval, masterInterval: interval))
        return [log(.notice, "Entering BACKUP STATE\(note)"), transition(.backup)]
    }
}
