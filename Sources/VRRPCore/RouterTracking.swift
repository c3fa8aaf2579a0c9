import Wire

/// What the world tells of itself, and who must know it.
///
/// Before `start`, and while that is delayed, facts are only collected.
extension Router {
    mutating func note(_ state: InterfaceState, of name: String, at now: Instant) -> [RouterAction] {
        let former = tracker.interface(name)
        tracker.note(state, of: name, at: now)
        guard phase == .running else { return [] }
        let concerned = index.interfaces[name] ?? []
        var actions = report(name, insteadOf: former)
        actions += reconsider(Set(concerned).union(index.sourceTrackers), at: now)
        if let address = state.macAddress, let before = former?.macAddress, address != before {
            for place in concerned { actions += tell(place, .relocation(interface: name), at: now) }
        }
        return actions
    }

    mutating func note(_ succeeded: Bool, ofScript name: String, at now: Instant) -> [RouterAction] {
        guard tracker.count(succeeded, of: name) else { return [] }
        let text = "VRRP_Script(\(name)) \(succeeded ? "succeeded" : "failed")"
        return [.log(LogEntry(.notice, text))] + reconsider(Set(index.scripts[name] ?? []), at: now)
    }

    mutating func note(_ value: Int, inFile name: String, at now: Instant) -> [RouterAction] {
        guard tracker.note(value, in: name) else { return [] }
        let line = LogEntry(.detail, "Track file \(name) now holds \(value)")
        return [.log(line)] + reconsider(Set(index.files[name] ?? []), at: now)
    }

    mutating func note(_ number: Int, ofProcess name: String, at now: Instant) -> [RouterAction] {
        guard tracker.count(number, ofProcess: name, at: now) else { return [] }
        return reportQuorum(of: name) + reconsider(Set(index.processes[name] ?? []), at: now)
    }

    /// What has lasted long enough counts from now on.
    mutating func settle(at now: Instant) -> [RouterAction] {
        guard let due = tracker.nextDeadline, due <= now else { return [] }
        let (names, processes) = (tracker.settleInterfaces(at: now), tracker.settleProcesses(at: now))
        var concerned: Set<Int> = []
        var lines: [RouterAction] = []
        for name in names {
            concerned.formUnion(index.interfaces[name] ?? [])
            var former = tracker.interface(name)
            former?.isUp.toggle()
            lines += report(name, insteadOf: former)
        }
        for name in processes {
            concerned.formUnion(index.processes[name] ?? [])
            lines += reportQuorum(of: name)
        }
        return lines + reconsider(concerned, at: now)
    }

    /// Tells routers what the world means for them now, groups as a whole.
    private mutating func reconsider(_ places: Set<Int>, at now: Instant) -> [RouterAction] {
        guard phase == .running else { return [] }
        var actions: [RouterAction] = []
        var done: Set<Int> = []
        for place in places.sorted() {
            if let group = index.groups[place] {
                if done.insert(group).inserted { actions += reconsider(group: group, at: now) }
            } else {
                let configuration = virtualRouters[place].configuration
                let conditions = tracker.conditions(for: configuration, watching: WatchList(configuration))
                actions += tell(place, .conditions(conditions), at: now)
            }
        }
        return actions
    }

    /// keepalived's line about a link that matters to somebody.
    private func report(_ name: String, insteadOf former: InterfaceState?) -> [RouterAction] {
        guard phase == .running, let isUp = tracker.interface(name)?.isUp, let former, former.isUp != isUp,
            let concerned = index.interfaces[name],
            concerned.contains(where: { virtualRouters[$0].configuration.dependsOn(interface: name) })
        else { return [] }
        return [.log(LogEntry(.notice, "Netlink reports \(name) \(isUp ? "up" : "down")"))]
    }

    private func reportQuorum(of process: String) -> [RouterAction] {
        guard let isGood = tracker.isGood(process: process) else { return [] }
        let text = "Quorum \(isGood ? "gained" : "lost") for tracked process \(process)"
        return [.log(LogEntry(.notice, text))]
    }
}

extension VirtualRouterConfiguration {
    fileprivate func dependsOn(interface name: String) -> Bool {
        interface == name || virtualInterface?.name == name || trackedInterfaces.contains { $0.name == name }
    }
}
