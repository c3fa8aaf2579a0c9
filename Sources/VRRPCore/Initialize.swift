import Wire

extension VirtualRouter {
    /// What keeps a virtual router out of the election.
    public enum Blocker: Hashable, Sendable {
        /// The daemon has not started yet, or has stopped.
        case notRunning
        /// The interface for advertisements is down or absent, or the one with the virtual MAC address is.
        case interfaceDown
        /// There is no address to send from.
        case noSourceAddress
        /// The configured source is on no interface (`track_src_ip`).
        case sourceAddressAbsent(IPAddress)
        /// It was to have peers and has none (`unicast_fault_no_peer`).
        case noPeers
        /// A tracked interface without weight is down, or up when reversed.
        case trackedInterface(String)
        /// A tracked script without weight failed, or succeeded when reversed.
        case trackedScript(String)
        /// A tracked script without weight has not ended once yet.
        case scriptPending(String)
        /// The number in a tracked file means a fault.
        case trackedFile(String)
        /// There are too few processes of a tracked kind, or too many.
        case trackedProcess(String)
        /// Processes of a tracked kind have not been counted yet.
        case processPending(String)
        /// Another member of the sync group is in fault.
        case memberInFault(group: String)
        /// Another member of the sync group waits for something that is not known yet.
        case memberPending(group: String)

        /// Whether something is wrong, and not merely not known yet.
        public var isFault: Bool {
            switch self {
            case .notRunning, .scriptPending, .processPending, .memberPending: false
            case .interfaceDown, .noSourceAddress, .sourceAddressAbsent, .noPeers, .trackedInterface, .trackedScript,
                .trackedFile, .trackedProcess, .memberInFault:
                true
            }
        }
    }
}

/// RFC 9568 §6.4.1.
extension VirtualRouter {
    mutating func start(under conditions: Conditions, at now: Instant) -> [RouterAction] {
        adopt(conditions) + proceed(past: conditions.blockers, at: now, note: " (init)")
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

    /// The end of a router that a reload removed: keepalived runs `notify_fault` for it, or `notify_deleted`.
    mutating func vanish() -> [RouterAction] {
        let isSilent = state.isFault && !configuration.notifiesDeletion
        state = .initialize([.notRunning])
        let farewell = transition(configuration.notifiesDeletion ? .deleted : .fault)
        return [log(.notice, "no longer configured")] + (isSilent ? [] : [farewell])
    }

    /// An owner is active at once, unless it was told to start as BACKUP; everybody else listens first, for as long as
    /// a master may be silent. `state MASTER` alone is no head start, as with keepalived.
    private mutating func proceed(
        past blockers: Set<Blocker>, at now: Instant, note: String = ""
    ) -> [RouterAction] {
        guard blockers.isEmpty else { return block(on: blockers, note: note) }
        let greeting = state.isFault ? announceSource() : []
        if configuration.isEagerOwner && membership?.isMixed != true { return greeting + becomeActive(at: now) }
        let interval = configuration.advertisementInterval
        let timers = timers(interval)
        // keepalived: an owner in a group with others gives them a moment to be heard.
        let patience = configuration.isEagerOwner ? interval + timers.skewTime : timers.activeDownInterval
        state = .backup(Backup(activeDownAt: now + patience, masterInterval: interval))
        return greeting + [log(.notice, "Entering BACKUP STATE\(note)"), transition(.backup)]
    }

    /// Peers that sent advertisements to a dead link may have forgotten where this router is.
    private func announceSource() -> [RouterAction] {
        guard configuration.isUnicast, let source else { return [] }
        return [.announceSource(source, interface: configuration.interface)]
    }
}

extension VirtualRouterConfiguration {
    /// Whether the router is active as soon as nothing stands in the way.
    var isEagerOwner: Bool { priority.isOwner && startsAsMaster }
}
