import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// What surrounds the protocol: scripts, pipes, mail, tracked files and processes, the service manager.
extension Daemon {
    var nextServiceDeadline: Instant? {
        [scripts.nextDeadline, mail.nextDeadline, processes.nextDeadline, supervisor.nextDeadline]
            .compactMap(\.self).min()
    }

    /// Takes up what the configuration asks for; what goes on from a former one goes on without a break.
    mutating func startServices() {
        let now = MonotonicClock.now
        let routers = configuration.router.virtualRouters
        let groups = configuration.router.syncGroups
        let tracked = Set((routers.flatMap(\.trackedScripts) + groups.flatMap(\.trackedScripts)).map(\.name))
        scripts.track(prepared.tracked.filter { tracked.contains($0.name) }, at: now)
        pipes.match(configuration.fifos).forEach(log.write)
        scripts.dismissCompanions()
        for fifo in configuration.fifos {
            guard let reader = prepared.readers[fifo.path] else { continue }
            scripts.accompany(reader, loop).map(log.write)
        }
        mail.adopt(configuration.mail, routerID: configuration.routerID ?? ThisProcess.hostName, loop).map(log.write)
        take(files.adopt(configuration.files, loop))
        take(processes.adopt(configuration.processes, at: now, loop))
    }

    mutating func serve(_ source: EventSource) {
        let now = MonotonicClock.now
        switch source {
        case .trackedFiles: take(files.look())
        case .trackedProcess(let pid): take(processes.ended(pid))
        case .mail: mail.hear(at: now, loop).map(log.write)
        case .nameLookup: mail.learnAddress(at: now, loop).map(log.write)
        case .signals, .interfaces, .routing, .packets, .process: break
        }
    }

    mutating func meetServiceDeadlines(at now: Instant) {
        if let due = scripts.nextDeadline, due <= now { take(scripts.meetDeadlines(at: now, loop)) }
        if let due = processes.nextDeadline, due <= now { take(processes.look(at: now, loop)) }
        mail.meetDeadline(at: now, loop).map(log.write)
        supervisor.meetDeadline(at: now)
    }

    mutating func endServices() {
        scripts.stop(loop).forEach(log.write)
    }

    /// Tells the outside world of a transition.
    mutating func announce(_ transition: Transition) {
        let now = MonotonicClock.now
        scripts.notify(prepared.programs(for: transition), at: now, loop).forEach(log.write)
        if isTold(transition) { pipes.write(transition).forEach(log.write) }
        let mailed = transition.subject == .group ? configuration.mailedGroups : configuration.mailedRouters
        if mailed.contains(transition.router) { mail.report(transition, at: now, loop).map(log.write) }
    }

    /// A weaker neighbor may speak at any rate, so only who asked for it hears of it.
    private func isTold(_ transition: Transition) -> Bool {
        transition.state != .receivedLowerPriority
            || prepared.notifications[transition.router]?.specific[.receivedLowerPriority] != nil
    }

    /// Tells the routers once more what files and processes are like: of what was not configured yet they took no note.
    mutating func repeatFacts() {
        for (name, value) in files.values.sorted(by: { $0.key < $1.key }) { tell(.fileValue(name: name, value)) }
        for (name, count) in processes.counts.sorted(by: { $0.key < $1.key }) {
            tell(.processCount(name: name, count))
        }
    }

    /// Says which addresses have come and gone (`--address-monitoring`).
    func logAddresses(since former: [String: Interface]) {
        for (name, interface) in interfaces.interfaces.sorted(by: { $0.key < $1.key }) {
            let before = former[name]?.addresses ?? []
            for address in interface.addresses where !before.contains(address) {
                log.notice("Netlink reports \(address) added to \(name)")
            }
            for address in before where !interface.addresses.contains(address) {
                log.notice("Netlink reports \(address) removed from \(name)")
            }
        }
    }

    /// Writes every present state into the pipes, groups first, as at the start.
    mutating func repeatStates() {
        for group in configuration.router.syncGroups {
            guard let state = router.state(ofGroup: group.name) else { continue }
            pipes.write(Transition(.group, router: group.name, state: state, priority: 0)).forEach(log.write)
        }
        for router in router.virtualRouters {
            guard let state = NotifiedState(rawValue: router.state.description) else { continue }
            let transition = Transition(
                router: router.configuration.name, state: state, priority: router.effectivePriority.rawValue)
            pipes.write(transition).forEach(log.write)
        }
    }
}

// MARK: - Signals

extension Daemon {
    /// Does what signals ask for; of many that ask for the same, one counts.
    mutating func obey(_ signals: [Int32]) {
        if signals.contains(SignalNumber.child) { collectChildren() }
        let meanings = Set(signals.compactMap { SignalMeaning(number: $0) })
        guard !meanings.contains(.stop) else { return stop() }
        for meaning in SignalMeaning.allCases where meanings.contains(meaning) { obey(meaning) }
    }

    private mutating func obey(_ meaning: SignalMeaning) {
        switch meaning {
        case .stop: stop()
        case .reload: reload()
        case .dumpState: dump(stateDump.text, to: place.stateDump)
        case .dumpStatistics: dump(StatisticsDump.text(of: router.virtualRouters), to: place.statisticsDump)
        case .dumpAndClearStatistics:
            dump(StatisticsDump.text(of: router.virtualRouters), to: place.statisticsDump)
            router.clearStatistics()
        case .dumpJSON:
            let dump = JSONDump(state: stateDump)
            if let text = dump.text(version: configuration.layout.jsonVersion) { self.dump(text, to: place.jsonDump) }
        }
    }

    /// Programs leave children behind that become ours when we are the first process, or take in orphans.
    private mutating func collectChildren() {
        for _ in 0..<1000 {
            guard let pid = ThisProcess.endedChild else { return }
            if scripts.holds(pid) {
                take(scripts.collect(pid, at: MonotonicClock.now, loop))
            } else {
                ThisProcess.collectOrphan(pid)
            }
        }
    }
}

// MARK: - Dumps

extension Daemon {
    var stateDump: StateDump {
        StateDump(
            configuration: configuration, scripts: prepared.tracked, notifications: prepared.notifications,
            groupNotifications: prepared.groupNotifications, routers: router.virtualRouters,
            interfaces: interfaces.interfaces, lostPackets: sockets.lossCount,
            installed: Set(
                configuration.router.virtualRouters.flatMap { router in
                    router.allAddresses.filter { addresses.holds($0, for: router.name) }
                }),
            clockOffset: MonotonicClock.offsetToRealTime, scriptReports: scripts.reports, fileValues: files.values,
            processCounts: processes.counts)
    }

    /// Writes a dump for its owner's eyes only.
    func dump(_ text: String, to path: String) {
        do {
            try FileSystem.replace(path, with: Array(text.utf8), mode: 0o600)
        } catch {
            log.notice("cannot write \(path): \(error)")
        }
    }
}
