import KeepalivedConfiguration
import LinuxSystem
import VRRPCore
import Wire

/// The text of `keepalived.data`, as far as there is something to say: keepalived's sections, names and order.
struct StateDump {
    var configuration: DaemonConfiguration
    var scripts: [PreparedTrackScript]
    var notifications: [String: Notifications]
    var routers: [VirtualRouter]
    var interfaces: [String: Interface]
    /// The last state that a router was told to announce, and when.
    var transitions: [String: Instant]
    /// The addresses that are in place.
    var installed: Set<VirtualAddress>
    /// Added to an instant, it gives nanoseconds since 1970.
    var clockOffset: Int64

    var text: String {
        let interfaces = interfaces.sorted { $0.value.index < $1.value.index }
        let sections: [(title: String, lines: [String])] = [
            ("Global definitions", globals),
            ("VRRP Topology", routers.flatMap { self.lines(about: $0) }),
            ("VRRP Scripts", scripts.flatMap { self.lines(about: $0) }),
            ("Interfaces", interfaces.flatMap { self.lines(about: $0.key, $0.value) }),
        ]
        let lines = sections.filter { !$0.lines.isEmpty }.flatMap { ["------< \($0.title) >------"] + $0.lines }
        return lines.joined(separator: "\n") + "\n"
    }

    private var globals: [String] {
        [
            " Router ID = \(configuration.routerID ?? ThisProcess.hostName)",
            " Script security \(configuration.scriptSecurityEnabled ? "enabled" : "disabled")",
        ]
    }

    private func lines(about router: VirtualRouter) -> [String] {
        let told = router.configuration
        var lines = [
            " VRRP Instance = \(told.name)", "   VRRP Version = \(told.version.rawValue)", "   State = \(router.state)",
        ]
        if case .backup(let backup) = router.state, let master = backup.master {
            lines += ["   Master router = \(master.address)", "   Master priority = \(master.priority)"]
        }
        if let instant = transitions[told.name] { lines.append("   Last transition = \(stamp(instant))") }
        if let instant = router.nextDeadline { lines.append("   Read timeout = \(stamp(instant))") }
        lines += [
            "   Master down timer = \(router.activeDownInterval.nanoseconds / 1000) usecs",
            "   Interface = \(told.interface)",
            "   Using src_ip = \(router.source.map { "\($0)" } ?? "(none)")",
        ]
        lines += told.unicastPeers.isEmpty ? ["   Multicast address \(told.family.vrrpGroup)"] : ["   Unicast Peer = "]
        lines += told.unicastPeers.map { "     \($0)" }
        lines += announcementLines(told.announcement)
        lines += [
            "   Down timer adverts = \(told.downTimerAdvertisements)",
            "   Virtual Router ID = \(told.virtualRouterID)",
            "   Priority = \(told.priority)",
            "   Effective priority = \(router.effectivePriority)",
            "   Total priority = \(router.totalPriority)",
            "   Advert interval = \(interval(told))",
            "   Preempt = \(told.preempts ? "enabled" : "disabled")",
        ]
        if told.preemptDelay > .zero { lines.append("   Preempt delay = \(told.preemptDelay.inSeconds) secs") }
        if case .password = told.authentication {
            // Dumps are read by people who need not know it.
            lines += ["   Authentication type = SIMPLE_PASSWORD", "   Password = ********"]
        }
        lines += addressLines("Virtual IP", told.addresses)
        lines += addressLines("Virtual IP Excluded", told.excludedAddresses)
        lines += itemLines("Tracked interfaces", told.trackedInterfaces)
        lines += itemLines("Tracked scripts", told.trackedScripts)
        return lines + notifyLines(notifications[told.name] ?? Notifications())
    }

    private func announcementLines(_ policy: AnnouncementPolicy) -> [String] {
        [
            ("delay", seconds(policy.delay)), ("repeat", policy.repeatCount),
            ("refresh", policy.refresh.map(seconds) ?? 0), ("refresh repeat", policy.refreshRepeatCount),
            ("lower priority delay", seconds(policy.lowerPriorityDelay ?? policy.delay)),
            ("lower priority repeat", policy.lowerPriorityRepeatCount ?? policy.repeatCount),
        ].map { "   Gratuitous ARP \($0) = \($1)" }
    }

    private func addressLines(_ title: String, _ addresses: [VirtualAddress]) -> [String] {
        guard !addresses.isEmpty else { return [] }
        return ["   \(title) (\(addresses.count)):"]
            + addresses.map { address in
                "     \(address.prefix) dev \(address.interface) scope \(name(of: address.scope))"
                    + (address.label.map { " label \($0)" } ?? "") + (installed.contains(address) ? " set" : "")
            }
    }

    private func itemLines(_ title: String, _ items: [TrackedItem]) -> [String] {
        guard !items.isEmpty else { return [] }
        return ["   \(title) :"]
            + items.map { "     \($0.name) weight \($0.weight)\($0.isReversed ? " reverse" : "")" }
    }

    private func notifyLines(_ scripts: Notifications) -> [String] {
        let named: [(String, PreparedScript?)] = [
            ("Backup", scripts.specific[.backup]), ("Fault", scripts.specific[.fault]),
            ("Master", scripts.specific[.master]), ("Stop", scripts.specific[.stop]), ("Generic", scripts.generic),
        ]
        return named.compactMap { title, script in
            script.map { "   \(title) state transition script = \(command($0))" }
        }
    }

    private func lines(about script: PreparedTrackScript) -> [String] {
        let timeout = script.timeout ?? script.interval
        return [
            " VRRP Script = \(script.name)", "   Command = \(command(script.script))",
            "   Interval = \(script.interval.inSeconds) sec", "   Timeout = \(timeout.inSeconds) sec",
        ]
    }

    private func lines(about name: String, _ interface: Interface) -> [String] {
        let ipv4 = interface.addresses.first { $0.family == .ipv4 }
        let ipv6 = interface.addresses.first { $0.family == .ipv6 }
        return [
            " Name = \(name)", "   index = \(interface.index)",
            "   IPv4 address = \(ipv4.map { "\($0)" } ?? "(none)")",
            "   IPv6 address = \(ipv6.map { "\($0)" } ?? "(none)")",
            "   MAC = \(interface.macAddress.map { "\($0)" } ?? "(none)")",
            "   State = \(interface.isUp ? "UP, RUNNING" : "DOWN")\(interface.isLoopback ? ", loopback" : "")",
        ]
    }
}

extension StateDump {
    private func stamp(_ instant: Instant) -> String {
        let (seconds, rest) = (instant.nanoseconds + clockOffset).quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest / 1000)
        let fraction = "." + String(repeating: "0", count: 6 - digits.count) + digits
        let date = LocalTime(secondsSince1970: seconds).calendarDate(fraction: fraction)
        return "\(seconds)\(fraction) (\(date))"
    }

    private func seconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds)
    }

    private func interval(_ router: VirtualRouterConfiguration) -> String {
        switch router.version {
        case .v2: "\(seconds(router.advertisementInterval)) sec"
        case .v3: "\(router.advertisementInterval.nanoseconds / 1_000_000) milli-sec"
        }
    }

    private func command(_ script: PreparedScript) -> String {
        let words = script.arguments.map { "'\($0)'" }.joined(separator: " ")
        return "\(words), uid:gid \(script.account.user):\(script.account.group)"
    }

    private func name(of scope: AddressScope) -> String {
        switch scope {
        case .global: "global"
        case .site: "site"
        case .link: "link"
        case .host: "host"
        case .nowhere: "nowhere"
        default: "\(scope.rawValue)"
        }
    }
}
