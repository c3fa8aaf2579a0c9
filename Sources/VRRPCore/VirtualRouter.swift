import Wire

/// One virtual router: the state machine of RFC 9568 §6.4 with keepalived's manners.
///
///               unblocked, owner
///        +---------------------------------------------+
///        |                                             v
///     initialize --- unblocked ---> backup --- silence ---> active
///        ^                            |  ^                    |
///        |                            |  +--- stronger one ---+
///        +---------- blocked ---------+------- blocked -------+
///
/// A value without clock or socket: it is told what happened and when, answers with what must be done, and says when it
/// wants to be woken. A deadline that comes too early changes nothing, so nobody has to cancel timers. Names inside are
/// the RFC's (`backup`, `active`), words in logs and for scripts are keepalived's (BACKUP, MASTER).
public struct VirtualRouter: Hashable, Sendable {
    /// What the router was told; only `Router.reconfigure` changes it.
    public internal(set) var configuration: VirtualRouterConfiguration
    /// Begins with the blocker `notRunning`.
    public internal(set) var state = State.initialize([.notRunning])
    /// Counted since the router was made; a stop does not clear it.
    public internal(set) var statistics = Statistics()
    /// The configured priority and all weights, unbounded.
    public private(set) var totalPriority: Int
    /// Where advertisements come from; always known in backup and active.
    public private(set) var source: IPAddress?
    /// When the router entered the state that it is in; nil until it entered one.
    public internal(set) var lastTransition: Instant?
    /// What its sync group means for it.
    var membership: Membership?
    /// The highest sequence number of an authentication header that was heard or sent.
    private var sequenceNumber: UInt32 = 0
    private var prepared = PreparedTransmission()
    var peerLog = LogLimiter(period: .milliseconds(500))

    init(_ configuration: VirtualRouterConfiguration) {
        self.configuration = configuration
        totalPriority = Int(configuration.priority.rawValue)
    }

    /// What the router claims at present: an owner always 255, everybody else 1...254.
    public var effectivePriority: Priority {
        configuration.priority.isOwner ? .owner : Priority(clamping: totalPriority)
    }

    /// How long silence must last, with the master's interval where one was learned (RFC 9568 §6.1).
    public var activeDownInterval: Duration {
        guard case .backup(let backup) = state else {
            return timers(configuration.advertisementInterval).activeDownInterval
        }
        return timers(backup.masterInterval).activeDownInterval
    }

    /// When the router wants to be woken; nil outside of backup and active.
    public var nextDeadline: Instant? {
        switch state {
        case .initialize: nil
        case .backup(let backup): backup.activeDownAt
        case .active(let active): active.nextDeadline
        }
    }
}

extension VirtualRouter {
    mutating func handle(_ event: Event, at now: Instant) -> [RouterAction] {
        let before = state.notified
        let actions = react(to: event, at: now)
        if state.notified != before { lastTransition = now }
        return actions
    }

    /// Every state with every event: this table says which pairs mean something, its leaves say what.
    private mutating func react(to event: Event, at now: Instant) -> [RouterAction] {
        switch (state, event) {
        case (.initialize, .startup(let conditions)): start(under: conditions, at: now)
        case (.initialize, .shutdown): halt()
        case (.initialize, .deadline), (.initialize, .advertisement): []
        case (.initialize, .conditions(let conditions)): reconsider(conditions, at: now)
        case (.initialize, .configuration(let told, let conditions)): reconsider(conditions, as: told, at: now)
        case (.initialize, .deletion): vanish()
        case (.initialize, .addressLost), (.initialize, .routeLost), (.initialize, .ruleLost): []
        case (.initialize, .relocation), (.initialize, .group): []

        case (.backup, .startup): []
        case (.backup, .shutdown): halt()
        case (.backup(let backup), .deadline): expire(backup, at: now)
        case (.backup(let backup), .advertisement(let heard)): listen(backup, to: heard, at: now)
        case (.backup(let backup), .conditions(let conditions)): adjust(backup, to: conditions, at: now)
        case (.backup(let backup), .configuration(let told, let conditions)):
            adjust(backup, to: conditions, as: told, at: now)
        case (.backup, .deletion): vanish()
        case (.backup, .addressLost), (.backup, .routeLost), (.backup, .ruleLost): []
        case (.backup(let backup), .group(.takeOver)): becomeActive(at: now, isContested: backup.isContested)
        case (.backup, .relocation), (.backup, .group): []

        case (.active, .startup): []
        case (.active, .shutdown): resign() + release() + halt()
        case (.active(let active), .deadline): keepUp(active, at: now)
        case (.active(let active), .advertisement(let heard)): defend(active, against: heard, at: now)
        case (.active, .conditions(let conditions)): persist(under: conditions, at: now)
        case (.active(let active), .configuration(let told, let conditions)):
            persist(active, under: conditions, as: told, at: now)
        case (.active, .deletion): resign() + release() + vanish()
        case (.active(let active), .addressLost(let address, let interface)):
            restore(active, address, on: interface, at: now)
        case (.active(let active), .routeLost(let route)): restore(active, route, at: now)
        case (.active(let active), .ruleLost(let rule)): restore(active, rule, at: now)
        case (.active(let active), .relocation(let interface)): relocate(active, on: interface, at: now)
        case (.active, .group(.takeOver)): []
        case (.active, .group(.stepDown)): stepDown(at: now)
        case (.active(let active), .group(.contest)): announceAgain(active, at: now)
        }
    }

    /// A packet with our virtual router ID. One that fails a check is counted, and nothing else.
    mutating func receive(_ datagram: Datagram, at now: Instant) throws(Discard) -> [RouterAction] {
        if case .initialize = state { return [] }
        let check = ReceiveCheck(configuration, master: state.master?.address, sequenceNumber: sequenceNumber)
        let advertisement: Advertisement
        do {
            advertisement = try check.examine(datagram)
        } catch {
            statistics.discards[error.counter, default: 0] += 1
            throw error
        }
        statistics.advertisementsReceived += 1
        if advertisement.priority == nil { statistics.priorityZeroReceived += 1 }
        if let header = datagram.authentication { sequenceNumber = header.sequenceNumber }
        if configuration.ownerIgnoresAdvertisements && configuration.priority.isOwner { return [] }
        return handle(.advertisement(advertisement), at: now)
    }

    /// The advertisement that leaves now; a `priority` of nil resigns.
    mutating func advertise(_ priority: Priority?) -> [RouterAction] {
        guard let source else { return [] }
        statistics.advertisementsSent += 1
        var transmission = prepared.transmission(of: configuration, from: source, priority: priority)
        if let key = configuration.headerKey {
            // Goes on from the master's number, or the peers would take it for an old packet; zero is never sent.
            sequenceNumber = sequenceNumber == .max ? 1 : sequenceNumber + 1
            transmission.authentication = SentAuthenticationHeader(key: key, sequenceNumber: sequenceNumber)
        }
        return [.transmit(transmission)]
    }
}

/// What more than one state needs.
extension VirtualRouter {
    func timers(_ masterInterval: Duration) -> ProtocolTimers {
        ProtocolTimers(
            version: configuration.version, priority: effectivePriority, masterInterval: masterInterval,
            downTimerAdvertisements: configuration.downTimerAdvertisements)
    }

    /// Takes over source, priority and what else the router is told; the blockers are for the state to judge.
    mutating func adopt(_ conditions: Conditions, as told: VirtualRouterConfiguration? = nil) -> [RouterAction] {
        let before = effectivePriority
        if let told, told != configuration {
            configuration = told
            prepared = PreparedTransmission()
        }
        source = conditions.source
        totalPriority = conditions.totalPriority
        guard effectivePriority != before else { return [] }
        let line = log(.notice, "Changing effective priority from \(before) to \(effectivePriority)")
        guard configuration.notifiesPriorityChanges || membership?.notifiesPriorityChanges == true else {
            return [line]
        }
        switch state {
        case .initialize: return [line]
        case .backup: return [line, transition(.backupPriority)]
        case .active: return [line, transition(.masterPriority)]
        }
    }

    func transition(_ state: NotifiedState) -> RouterAction {
        .transition(Transition(router: configuration.name, state: state, priority: effectivePriority.rawValue))
    }

    func log(_ level: LogEntry.Level, _ text: String) -> RouterAction {
        .log(LogEntry(level, "(\(configuration.name)) \(text)"))
    }

    /// A line about what a peer does, unless there was one just now: peers may do it often.
    mutating func logPeer(_ text: @autoclosure () -> String, at now: Instant) -> [RouterAction] {
        peerLog.admit(text(), at: now).map { [log(.notice, $0)] } ?? []
    }
}
