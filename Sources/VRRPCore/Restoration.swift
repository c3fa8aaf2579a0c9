import Wire

/// Puts back what somebody takes away from a master: at once, but in a fight only once a second.
struct Restoration: Hashable, Sendable {
    /// What was lost.
    enum Loss: Hashable, Sendable {
        case address(VirtualAddress)
        case route(VirtualRoute)
        case rule(VirtualRule)
    }

    enum Verdict: Hashable {
        case restore
        /// From now on losses are only collected; say so once.
        case beginWaiting
        case wait
    }

    /// Losses within a second that are answered at once, at least: everything may be lost together.
    static let limit = 10

    private var secondEndsAt: Instant?
    private var count = 0
    private var isFighting = false
    private var pending: [Loss] = []

    /// Only a fight needs to be looked at.
    var nextDeadline: Instant? { isFighting ? secondEndsAt : nil }

    /// - Parameter held: how much there is to lose.
    mutating func judge(_ losses: [Loss], outOf held: Int, at now: Instant) -> Verdict {
        if isFighting {
            collect(losses)
            return .wait
        }
        if let secondEndsAt, now < secondEndsAt {
            count += 1
        } else {
            secondEndsAt = now + .seconds(1)
            count = 1
        }
        guard count > max(Self.limit, held) else { return .restore }
        isFighting = true
        secondEndsAt = now + .seconds(1)
        collect(losses)
        return .beginWaiting
    }

    /// What is to be put back now. A second without a loss ends the fight.
    mutating func due(at now: Instant) -> [Loss] {
        guard isFighting, let end = secondEndsAt, end <= now else { return [] }
        let due = pending
        pending = []
        if due.isEmpty {
            self = Restoration()
        } else {
            secondEndsAt = now + .seconds(1)
        }
        return due
    }

    private mutating func collect(_ losses: [Loss]) {
        pending += losses.filter { !pending.contains($0) }
    }
}

/// What somebody takes away from a master is put back; keepalived would step down and come again.
extension VirtualRouter {
    mutating func restore(
        _ active: Active, _ address: IPAddress, on interface: String, at now: Instant
    ) -> [RouterAction] {
        let lost = configuration.allAddresses.filter {
            $0.prefix.address == address && $0.interface == interface && $0.isTracked
        }
        return restore(active, lost.map { .address($0) }, called: "IP \(address)", from: " from \(interface)", at: now)
    }

    mutating func restore(_ active: Active, _ route: VirtualRoute, at now: Instant) -> [RouterAction] {
        let lost = configuration.routes.filter { $0 == route && $0.isTracked }
        return restore(active, lost.map { .route($0) }, called: "route \(route.destination)", at: now)
    }

    mutating func restore(_ active: Active, _ rule: VirtualRule, at now: Instant) -> [RouterAction] {
        let lost = configuration.rules.filter { $0 == rule && $0.isTracked }
        return restore(active, lost.map { .rule($0) }, called: "rule \(rule.priority)", at: now)
    }

    private mutating func restore(
        _ active: Active, _ losses: [Restoration.Loss], called what: String, from place: String = "", at now: Instant
    ) -> [RouterAction] {
        guard !losses.isEmpty else { return [] }
        var active = active
        let held = configuration.allAddresses.count + configuration.routes.count + configuration.rules.count
        let verdict = active.restoration.judge(losses, outOf: held, at: now)
        state = .active(active)
        let report = "Netlink reflector reports \(what) removed\(place)"
        switch verdict {
        case .restore: return [log(.notice, report)] + putBack(losses)
        case .beginWaiting:
            return [log(.notice, "\(report) again and again: what is missing is put back once a second")]
        case .wait: return []
        }
    }

    /// Nothing when nothing was lost, or what was lost is not configured any more.
    func putBack(_ losses: [Restoration.Loss]) -> [RouterAction] {
        guard !losses.isEmpty else { return [] }
        var (addresses, routes, rules) = ([VirtualAddress](), [VirtualRoute](), [VirtualRule]())
        for loss in losses {
            switch loss {
            case .address(let address): if configuration.allAddresses.contains(address) { addresses.append(address) }
            case .route(let route): if configuration.routes.contains(route) { routes.append(route) }
            case .rule(let rule): if configuration.rules.contains(rule) { rules.append(rule) }
            }
        }
        var actions: [RouterAction] = []
        if !addresses.isEmpty { actions.append(.install(addresses, router: configuration.name)) }
        if !routes.isEmpty || !rules.isEmpty {
            actions.append(.installRoutes(routes, rules, router: configuration.name))
        }
        return actions + announce(addresses, configuration.announcement.repeatCount)
    }
}
