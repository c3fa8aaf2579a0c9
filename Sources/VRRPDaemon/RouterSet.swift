import VRRPCore
import Wire

/// The daemon's virtual routers, each in a `Router` of its own, so that a reload can replace one of them and leave the
/// others in peace.
struct RouterSet {
    /// What a new router must be told before it starts.
    struct Facts {
        var interfaces: [String: InterfaceState]
        /// How the last run of each script ended.
        var scriptResults: [String: Bool]
    }

    fileprivate struct Member {
        /// Of one virtual router and the scripts that it tracks.
        let configuration: RouterConfiguration
        var router: Router
    }

    private var members: [Member] = []

    /// In configured order.
    var virtualRouters: [VirtualRouter] { members.flatMap(\.router.virtualRouters) }

    var nextDeadline: Instant? {
        members.lazy.compactMap(\.router.nextDeadline).min()
    }

    /// Tells every router that an event may concern.
    mutating func handle(_ event: RouterEvent, at now: Instant) -> [RouterAction] {
        var actions: [RouterAction] = []
        for index in members.indices where members[index].isConcerned(by: event, at: now) {
            for action in members[index].router.handle(event, at: now) where !actions.isRepeatedLog(action) {
                actions.append(action)
            }
        }
        return actions
    }

    /// Takes over a configuration: routers that stay as they were notice nothing, those that are gone or changed stop,
    /// new and changed ones start.
    mutating func configure(_ configuration: RouterConfiguration, _ facts: Facts, at now: Instant) -> [RouterAction] {
        let wanted = configuration.virtualRouters.map { router in
            let names = Set(router.trackedScripts.map(\.name))
            return RouterConfiguration(
                virtualRouters: [router], scripts: configuration.scripts.filter { names.contains($0.name) })
        }
        let names = Set(configuration.virtualRouters.map(\.name))
        var actions: [RouterAction] = []
        for var former in members where !wanted.contains(former.configuration) {
            actions += former.router.handle(.stop, at: now).filter { !$0.isStopNotice(ofOneIn: names) }
        }
        members = wanted.map { wanted in
            if let same = members.first(where: { $0.configuration == wanted }) { return same }
            var member = Member(configuration: wanted, router: Router(wanted))
            member.learn(facts, at: now)
            actions += member.router.handle(.start, at: now)
            return member
        }
        return actions
    }
}

extension RouterSet.Member {
    fileprivate func isConcerned(by event: RouterEvent, at now: Instant) -> Bool {
        switch event {
        case .start, .stop, .interface, .scriptResult, .addressLost:
            true
        case .deadline:
            router.nextDeadline.map { $0 <= now } ?? false
        case .datagram(let datagram):
            // RFC 9568 §5.2: the virtual router ID is the second octet of every version.
            configuration.virtualRouters.contains {
                $0.interface == datagram.interface && $0.virtualRouterID == datagram.payload.dropFirst().first
            }
        }
    }

    /// Facts are told before the start, and what is said about them then is old news.
    fileprivate mutating func learn(_ facts: RouterSet.Facts, at now: Instant) {
        for (name, state) in facts.interfaces { _ = router.handle(.interface(name, state), at: now) }
        for script in configuration.scripts {
            guard let succeeded = facts.scriptResults[script.name] else { continue }
            // As often as it takes to be believed.
            for _ in 0..<max(script.rise, script.fall) {
                _ = router.handle(.scriptResult(name: script.name, succeeded: succeeded), at: now)
            }
        }
    }
}

extension [RouterAction] {
    /// Lines that carry no router's name are said once, however many routers say them.
    fileprivate func isRepeatedLog(_ action: RouterAction) -> Bool {
        if case .log = action { contains(action) } else { false }
    }
}

extension RouterAction {
    fileprivate func isStopNotice(ofOneIn names: Set<String>) -> Bool {
        guard case .transition(let transition) = self else { return false }
        return transition.state == .stop && names.contains(transition.router)
    }
}
