import KeepalivedConfiguration
import LinuxSystem
import Netlink
import VRRPCore
import Wire

/// What the daemon hears of the namespace, and does in it.
extension Daemon {
    /// Prepares the network's side for a configuration, before anybody asks something of it.
    mutating func adoptNetwork() {
        let routers = configuration.router.virtualRouters
        addresses.expect(routers)
        sockets.hearsStrangers = configuration.logsUnknownVRIDs
        if let size = configuration.process.packetBufferSize { sockets.bufferSize = size }
        if let size = configuration.process.monitorBufferSize { interfaces.setReceiveBuffer(size) }
        announcer.spacing = configuration.announcementSpacing
        announcer.interfaceSpacing = configuration.interfaceSpacing
        announcer.logsDetail = log.showsDetail
    }

    /// When the network's side must be asked again.
    var networkDeadline: Instant? {
        [addresses.nextDeadline, announcer.nextDeadline, sockets.nextDeadline, lookAgainAt, listenAgainAt]
            .compactMap(\.self).min()
    }

    /// Does what is due on the network's side.
    mutating func meetNetworkDeadlines(at now: Instant) {
        for index in sockets.pausesOver(at: now) { hearPackets(interfaceIndex: index) }
        announcer.meetDeadline(at: now)
        addresses.meetDeadline(at: now, among: interfaces.interfaces).forEach(log.write)
        if let due = lookAgainAt, due <= now { hearInterfaces() }
        if let due = listenAgainAt, due <= now { rematchSockets(for: configuration.router.virtualRouters) }
    }
}

// MARK: - Coming and going

extension Daemon {
    /// Takes away what a crashed predecessor may have left, and puts in place what is there as long as the daemon is.
    mutating func enterNetwork() {
        Shields.removeLeftovers()
        installStatics(insteadOf: DaemonConfiguration())
    }

    /// Makes virtual interfaces, settings and static entries fit the configuration.
    ///
    /// - Parameter former: what was in place before.
    mutating func installStatics(insteadOf former: DaemonConfiguration) {
        // Routers that go need their interfaces once more, to say farewell.
        matchVirtualInterfaces(to: former.router.virtualRouters + configuration.router.virtualRouters)
        for router in configuration.router.virtualRouters where router.promotesSecondaries {
            let path = "/proc/sys/net/ipv4/conf/\(router.home)/promote_secondaries"
            if let complaint = settings.set(path, to: 1) { log.notice(complaint) }
        }
        let (name, now) = (RouteInstaller.daemon, interfaces.interfaces)
        routing.remove(
            former.staticRoutes.filter { !configuration.staticRoutes.contains($0) },
            former.staticRules.filter { !configuration.staticRules.contains($0) }, for: name, among: now
        ).forEach(log.write)
        addresses.remove(
            former.staticAddresses.filter { !configuration.staticAddresses.contains($0) }, for: name, among: now
        ).forEach(log.write)
        addresses.install(configuration.staticAddresses, for: name, among: now, at: MonotonicClock.now)
            .forEach(log.write)
        routing.install(configuration.staticRoutes, configuration.staticRules, for: name, among: now)
            .forEach(log.write)
    }

    /// Makes the virtual interfaces that routers need, and removes the others. Returns whether there was one to make or
    /// to remove.
    @discardableResult
    mutating func matchVirtualInterfaces(to routers: [VirtualRouterConfiguration]) -> Bool {
        var isChanged = false
        virtualInterfaces.match(routers, interfaces.interfaces, isChanged: &isChanged).forEach(log.write)
        if isChanged { try? interfaces.refresh() }
        return isChanged
    }

    /// Leaves the namespace as it was found.
    mutating func leaveNetwork() {
        routing.removeAll(among: interfaces.interfaces)
        addresses.removeAll(among: interfaces.interfaces).forEach(log.write)
        shields.removeAll()
        virtualInterfaces.removeAll(among: interfaces.interfaces)
        settings.restore()
    }
}

// MARK: - Packets

extension Daemon {
    /// What waits at one interface.
    mutating func hearPackets(interfaceIndex: Int32) {
        let datagrams = sockets.receive(interfaceIndex: interfaceIndex)
        sockets.keepPace(
            interfaceIndex: interfaceIndex, hasHeard: !datagrams.isEmpty, at: MonotonicClock.now, loop)
        for datagram in datagrams { tell(.datagram(datagram)) }
    }

    /// What waits anywhere. A process that was held up may have missed what waits in its sockets: silence is proven by
    /// listening.
    mutating func hearAllPackets() throws(DaemonError) {
        sockets.resumeAll(loop)
        // The loop names a bounded number of sockets at a time, others the next time.
        for _ in 0..<8 {
            let ready = try insisting { () throws(SystemError) in try loop.wait(until: .zero) }
            for case .packets(let index)? in Set(ready).map({ EventSource(token: $0) }) {
                hearPackets(interfaceIndex: index)
            }
            if ready.count < EventLoop.capacity { return }
        }
    }
}

// MARK: - Interfaces

extension Daemon {
    /// Takes in what has changed in the namespace, and tells the routers once.
    mutating func hearInterfaces() {
        let former = options.logsAddresses ? interfaces.interfaces : [:]
        let news: InterfaceTable.News
        do {
            news = try interfaces.hear { addresses.isVirtual($0) }
            lookAgainAt = nil
            if options.logsAddresses { logAddresses(since: former) }
        } catch {
            log.notice("\(error)")
            lookAgainAt = MonotonicClock.now + .seconds(1)
            return
        }
        guard !news.isEmpty else { return }
        let changesLinks = news.isComplete || !news.links.isEmpty
        if changesLinks { rematchSockets(for: configuration.router.virtualRouters) }
        if changesLinks || !news.addresses.isEmpty {
            tellInterfaces(news.isComplete ? nil : news.links.union(news.addresses))
        }
        if changesLinks { settleLinks() }
        let missing = addresses.missing(from: interfaces.interfaces, at: changesLinks ? nil : news.removed)
        // The routers may just have given up some of these themselves.
        for (address, router) in missing where addresses.holds(address, for: router) {
            guard router != RouteInstaller.daemon else {
                addresses.install([address], for: router, among: interfaces.interfaces, at: MonotonicClock.now)
                    .forEach(log.write)
                continue
            }
            tell(.addressLost(address.prefix.address, interface: address.interface))
        }
        // Routes go with an interface or an address, and the kernel does not say so.
        let mayHaveLostRoutes = changesLinks || !news.removed.isEmpty
        if mayHaveLostRoutes, !routing.isIdle { tellLosses(routing.putBack(among: interfaces.interfaces)) }
    }

    /// A virtual interface that went with the one below it comes back with it.
    private mutating func settleLinks() {
        guard matchVirtualInterfaces(to: configuration.router.virtualRouters) else { return }
        rematchSockets(for: configuration.router.virtualRouters)
        tellInterfaces()
    }

    /// Puts routes and rules back that somebody took away.
    mutating func hearRouting() {
        do {
            tellLosses(try routing.hear(among: interfaces.interfaces))
        } catch {
            log.notice("\(error)")
        }
    }

    private mutating func tellLosses(_ losses: [RouterEvent]) {
        for loss in losses {
            switch loss {
            case .routeLost(_, RouteInstaller.daemon), .ruleLost(_, RouteInstaller.daemon): break
            default: tell(loss)
            }
        }
    }

    /// Opens and closes sockets as interfaces and routers come and go. What the kernel refuses is asked for again every
    /// second: a router that hears nobody takes itself for the only one.
    mutating func rematchSockets(for routers: [VirtualRouterConfiguration]) {
        do {
            try sockets.match(routers, interfaces.interfaces, loop)
            if listenAgainAt != nil { log.notice("all advertisements can be heard again") }
            listenAgainAt = nil
        } catch {
            if listenAgainAt == nil { log.notice("cannot listen for advertisements, and tries again: \(error)") }
            listenAgainAt = MonotonicClock.now + .seconds(1)
        }
    }

    /// Tells the routers what they must know of each interface that they name, as far as it is news.
    ///
    /// - Parameter names: looks at these only; nil looks at all.
    mutating func tellInterfaces(_ names: Set<String>? = nil) {
        let concerned = names.map(interfaceNames.intersection) ?? interfaceNames
        if names == nil { toldInterfaces = toldInterfaces.filter { interfaceNames.contains($0.key) } }
        for name in concerned.sorted() {
            let state =
                interfaces.interfaces[name]?.state { address in
                    addresses.isVirtual(VirtualAddress.Place(interface: name, address: address))
                } ?? .absent
            guard toldInterfaces.updateValue(state, forKey: name) != state else { continue }
            tell(.interface(name, state))
        }
    }
}

// MARK: - Actions

extension Daemon {
    /// Does what concerns the network; everything else is left alone.
    mutating func performOnNetwork(_ action: RouterAction) {
        switch action {
        case .transmit(let transmission):
            sockets.send(transmission).map(log.write)
        case .install(let list, let router):
            addresses.install(list, for: router, among: interfaces.interfaces, at: MonotonicClock.now)
                .forEach(log.write)
        case .remove(let list, let router):
            announcer.withdraw(list, of: router)
            addresses.remove(list, for: router, among: interfaces.interfaces).forEach(log.write)
        case .announce(let list, let count, let router):
            announcer.announce(list, count: count, for: router, from: origin, at: MonotonicClock.now)
                .forEach(log.write)
        case .announceSource(let address, let interface):
            announcer.announceSource(address, on: interface, from: origin, at: MonotonicClock.now)
        case .installRoutes(let routes, let rules, let router):
            routing.install(routes, rules, for: router, among: interfaces.interfaces).forEach(log.write)
        case .removeRoutes(let routes, let rules, let router):
            routing.remove(routes, rules, for: router, among: interfaces.interfaces).forEach(log.write)
        case .shield(let list, let router):
            shields.cover(list, for: router).forEach(log.write)
        case .unshield(let list, let router):
            shields.uncover(list, for: router).forEach(log.write)
        case .transition, .log:
            break
        }
    }

    private var origin: Announcer.Origin {
        Announcer.Origin(interfaces: interfaces.interfaces, bases: virtualInterfaces.bases)
    }
}

extension DaemonConfiguration {
    /// Every interface on which something is sent, installed or watched.
    var interfaceNames: Set<String> {
        let tracked = router.syncGroups.flatMap(\.trackedInterfaces).map(\.name)
        return Set(
            router.virtualRouters.flatMap { router in
                [router.interface] + router.trackedInterfaces.map(\.name) + router.allAddresses.map(\.interface)
                    + (router.virtualInterface.map { [$0.name] } ?? [])
            } + tracked)
    }
}
