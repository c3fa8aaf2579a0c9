import KeepalivedConfiguration
import VRRPCore
import Wire

/// Virtual routers and sync groups.
extension StateDump {
    func lines(about router: VirtualRouter) -> [String] {
        let told = router.configuration
        return [" VRRP Instance = \(told.name)", "   VRRP Version = \(told.version.rawValue)"]
            + stateLines(router) + transportLines(router) + announcementLines(told.announcement)
            + electionLines(router) + resourceLines(told) + tellingLines(told)
    }

    private func stateLines(_ router: VirtualRouter) -> [String] {
        let told = router.configuration
        var lines: [String] = []
        if let group = group(of: told.name) { lines.append("   Sync group = \(group.name)") }
        if told.family == .ipv6 { lines.append("   Using Native IPv6") }
        lines.append("   State = \(router.state)")
        if case .backup(let backup) = router.state, let master = backup.master {
            lines += ["   Master router = \(master.address)", "   Master priority = \(master.priority)"]
        }
        let flags = [
            ("Using unicast", !told.unicastPeers.isEmpty), ("Strict mode", told.isStrict),
            ("Don't track primary", told.ignoresOwnInterface),
            ("Skip check advert addresses", told.skipsAddressCheck),
        ].filter(\.1).map { "     \($0.0)" }
        lines += flags.isEmpty ? ["   Flags: none"] : ["   Flags:"] + flags
        var blockers: Set<VirtualRouter.Blocker> = []
        if case .initialize(let present) = router.state { blockers = present }
        lines += [
            "   Wantstate = \(router.state)",
            "   Number of interface and track script faults = \(blockers.count(where: \.isFault))",
            "   Number of track scripts init = \(blockers.count { !$0.isFault })",
        ]
        if let instant = router.lastTransition { lines.append("   Last transition = \(stamp(instant))") }
        lines.append("   Read timeout = \(router.nextDeadline.map { stamp($0) } ?? "DISABLED")")
        return lines + ["   Master down timer = \(router.activeDownInterval.nanoseconds / 1000) usecs"]
    }

    private func transportLines(_ router: VirtualRouter) -> [String] {
        let told = router.configuration
        var lines: [String] = []
        if let virtual = told.virtualInterface { lines.append("   VMAC interface = \(virtual.name)") }
        let source = router.source.map { "\($0)" } ?? "(none)"
        lines += [
            "   Interface = \(told.interface)",
            "   Using src_ip = \(source)\(told.sourceAddress == nil ? "" : " (from configuration)")",
        ]
        if told.unicastPeers.isEmpty {
            let index = told.family == .ipv6 ? interfaces[told.interface].map { ", ifindex \($0.index)" } : nil
            lines.append("   Multicast address \(told.multicastGroup ?? told.family.vrrpGroup)\(index ?? "")")
        }
        return lines
    }

    private func announcementLines(_ policy: AnnouncementPolicy) -> [String] {
        [
            ("delay", seconds(policy.delay)), ("repeat", policy.repeatCount),
            ("refresh", policy.refresh.map(seconds) ?? 0), ("refresh repeat", policy.refreshRepeatCount),
            ("lower priority delay", seconds(policy.lowerPriorityDelay ?? policy.delay)),
            ("lower priority repeat", policy.lowerPriorityRepeatCount ?? policy.repeatCount),
        ].map { "   Gratuitous ARP \($0) = \($1)" }
    }

    private func electionLines(_ router: VirtualRouter) -> [String] {
        let told = router.configuration
        var lines = [
            "   Down timer adverts = \(told.downTimerAdvertisements)",
            "   Send advert after receive lower priority advert = \(told.answersLowerPriority)",
            "   Send advert after receive higher priority advert = \(told.sendsLastAdvertisement)",
            "   Virtual Router ID = \(told.virtualRouterID)",
            "   Priority = \(told.priority)",
            "   Effective priority = \(router.effectivePriority)",
            "   Total priority = \(router.totalPriority)",
            "   Advert interval = \(interval(told))",
            "   Accept = \(word(told.accepts))",
            "   Preempt = \(word(told.preempts))",
        ]
        if told.preemptDelay > .zero { lines.append("   Preempt delay = \(told.preemptDelay.inSeconds) secs") }
        lines.append("   Promote_secondaries = \(word(told.promotesSecondaries))")
        // Dumps are read by people who need not know the secret.
        switch told.authentication {
        case .none: break
        case .password: lines += ["   Authentication type = SIMPLE_PASSWORD", "   Password = ********"]
        case .header: lines += ["   Authentication type = IPSEC_AH", "   Password = ********"]
        }
        return lines
    }

    private func resourceLines(_ told: VirtualRouterConfiguration) -> [String] {
        var lines = list("Virtual IP (\(told.addresses.count)):", told.addresses.map { text(of: $0) })
        lines += list("Virtual IP Excluded :", told.excludedAddresses.map { text(of: $0) })
        if !told.unicastPeers.isEmpty {
            lines.append("   Unicast TTL = \(told.unicastHopLimit ?? 255)")
            lines += list("Unicast Peer :", told.unicastPeers.map { peerText($0, of: told) })
        }
        lines += list("Virtual Routes :", told.routes.map { text(of: $0) })
        lines += list("Virtual Rules :", told.rules.map { text(of: $0) })
        return lines
            + trackingLines(
                told.trackedInterfaces, told.trackedScripts, told.trackedFiles, told.trackedProcesses)
    }

    private func peerText(_ peer: IPAddress, of told: VirtualRouterConfiguration) -> String {
        let limits = told.peerHopLimits[peer] ?? 0...255
        return "\(peer) min_ttl \(limits.lowerBound) max_ttl \(limits.upperBound)"
    }

    private func trackingLines(
        _ interfaces: [TrackedItem], _ scripts: [TrackedItem], _ files: [TrackedItem], _ processes: [TrackedItem]
    ) -> [String] {
        func text(_ item: TrackedItem, _ separator: String) -> String {
            "\(item.name)\(separator) weight \(item.weight)\(item.isReversed ? " reverse" : "")"
        }
        return list("Tracked interfaces :", interfaces.map { text($0, "") })
            + list("Tracked scripts :", scripts.map { text($0, "") })
            + list("Tracked files :", files.map { text($0, ",") })
            + list("Tracked processes :", processes.map { text($0, ",") })
    }

    private func tellingLines(_ told: VirtualRouterConfiguration) -> [String] {
        let isMailed = configuration.mailedRouters.contains(told.name)
        return [
            "   Using smtp notification = \(isMailed ? "yes" : "no")",
            "   Notify deleted = \(told.notifiesDeletion ? "Deleted" : "Fault")",
        ] + notifyLines(notifications[told.name]) + ["   Notify priority changes = \(told.notifiesPriorityChanges)"]
    }

    private func notifyLines(_ scripts: Notifications?) -> [String] {
        let named: [(String, PreparedScript?)] = [
            ("Backup", scripts?.specific[.backup]), ("Fault", scripts?.specific[.fault]),
            ("Master", scripts?.specific[.master]), ("Stop", scripts?.specific[.stop]),
            ("Deleted", scripts?.specific[.deleted]),
            ("Master rx lower priority", scripts?.specific[.receivedLowerPriority]), ("Generic", scripts?.generic),
        ]
        return named.compactMap { title, script in
            script.map { "   \(title) state transition script = \(command($0)), uid:gid \(account($0))" }
        }
    }

    func lines(about group: SyncGroupConfiguration) -> [String] {
        let members = routers.filter { group.members.contains($0.configuration.name) }
        let states = Set(members.map(\.state.description))
        let faults = members.count { $0.state.isFault }
        let state = faults > 0 ? "FAULT" : states.count == 1 ? states.first ?? "INIT" : "INIT"
        return [
            " VRRP Sync Group = \(group.name), \(state)",
            "   Num member fault \(faults), num member init \(members.count { $0.state.description == "INIT" })",
        ] + list("VRRP member instances :", group.members)
            + trackingLines(
                group.trackedInterfaces, group.trackedScripts, group.trackedFiles, group.trackedProcesses)
            + ["   Using smtp notification = \(configuration.mailedGroups.contains(group.name) ? "yes" : "no")"]
            + notifyLines(groupNotifications[group.name])
    }

    private func group(of router: String) -> SyncGroupConfiguration? {
        configuration.router.syncGroups.first { $0.members.contains(router) }
    }

    private func list(_ title: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["   \(title)"] + items.map { "     \($0)" }
    }

    private func word(_ isEnabled: Bool) -> String { isEnabled ? "enabled" : "disabled" }
}
