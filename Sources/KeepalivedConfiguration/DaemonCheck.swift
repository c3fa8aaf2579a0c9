import VRRPCore
import Wire

extension DaemonDraft {
    /// The configuration that a draft stands for. Whatever is wrong between its parts is reported here.
    func checked(_ diagnostics: inout Diagnostics) -> DaemonConfiguration {
        var configuration = DaemonConfiguration()
        globals.fill(&configuration, &diagnostics)
        let known = fillTracked(&configuration, &diagnostics)
        fillRouters(&configuration, known, &diagnostics)
        fillStatics(&configuration, &diagnostics)
        fillInterfaces(&configuration, &diagnostics)
        noteUnusedScripts(&diagnostics)
        return configuration
    }

    /// What can be tracked, and what is behind it.
    private func fillTracked(
        _ configuration: inout DaemonConfiguration, _ diagnostics: inout Diagnostics
    ) -> KnownItems {
        let usable = scripts.filter { $0.hasCommand(&diagnostics) }
        configuration.scripts = usable.compactMap(\.trackScript)
        configuration.router.scripts = usable.map(\.counting)
        configuration.files = files.compactMap { $0.checked(&diagnostics) }
        configuration.router.files = configuration.files.map { FileConfiguration(name: $0.name) }
        let counted = processes.compactMap { $0.checked(&diagnostics) }
        configuration.processes = counted.map(\.0)
        configuration.router.processes = counted.map(\.1)
        return KnownItems(
            self,
            usable: (
                Set(usable.map(\.name.value)), Set(configuration.files.map(\.name)),
                Set(configuration.processes.map(\.name))
            ))
    }

    private func fillRouters(
        _ configuration: inout DaemonConfiguration, _ known: KnownItems, _ diagnostics: inout Diagnostics
    ) {
        var routers: [VirtualRouterConfiguration] = []
        var places: [String: Int] = [:]
        var rivals: [VirtualRouterIdentity: String] = [:]
        var names = VirtualInterfaceNames()
        let alerts = (globals.mail.routerAlerts ?? globals.mail.alerts)?.value ?? false
        for instance in instances {
            guard var router = instance.checked(globals, known, &diagnostics) else { continue }
            if let rival = rivals[VirtualRouterIdentity(router)] {
                let sentence =
                    "\(rival) and \(router.name) both use VRID \(router.virtualRouterID) "
                    + "with \(router.family.rawValue) on interface \(router.interface)"
                diagnostics.fatal(sentence, at: instance.virtualRouterID?.location ?? instance.name.location)
                continue
            }
            rivals[VirtualRouterIdentity(router)] = router.name
            names.settle(&router, instance, &diagnostics)
            places[router.name] = routers.count
            routers.append(router)
            let scripts = instance.notify.scripts
            if !scripts.isEmpty { configuration.notifications[router.name] = scripts }
            if instance.notify.mails?.value ?? alerts { configuration.mailedRouters.insert(router.name) }
        }
        var owners: [String: String] = [:]
        for group in groups {
            let checked = group.checked(
                &routers, places: places, owners: &owners, known, globals, &diagnostics)
            guard let checked else { continue }
            configuration.router.syncGroups.append(checked)
            let scripts = group.notify.scripts
            if !scripts.isEmpty { configuration.groupNotifications[checked.name] = scripts }
            if group.notify.mails?.value ?? alerts { configuration.mailedGroups.insert(checked.name) }
        }
        configuration.router.virtualRouters = routers
    }

    private func fillStatics(_ configuration: inout DaemonConfiguration, _ diagnostics: inout Diagnostics) {
        let interface = globals.defaultInterface?.value ?? "eth0"
        configuration.staticAddresses = staticAddresses.map { $0.address(on: interface) }
        configuration.staticRoutes = staticRoutes.map(\.route)
        var numbers = RulePriorities()
        configuration.staticRules = staticRules.map { numbers.numbered($0, &diagnostics) }
        let rules = Dictionary(
            instances.map { instance in (instance.name.value, instance.rules) }, uniquingKeysWith: { first, _ in first }
        )
        for place in configuration.router.virtualRouters.indices {
            let name = configuration.router.virtualRouters[place].name
            configuration.router.virtualRouters[place].rules =
                (rules[name] ?? []).map { numbers.numbered($0, &diagnostics) }
        }
    }

    /// Scripts are passed over without a word by keepalived when nobody tracks them.
    private func noteUnusedScripts(_ diagnostics: inout Diagnostics) {
        let used = Set(
            (instances.flatMap(\.tracking.scripts) + groups.flatMap(\.tracking.scripts)).map(\.name.value))
        for script in scripts where !used.contains(script.name.value) {
            diagnostics.note("script \(script.name.value) is not used", at: script.name.location)
        }
    }
}

/// What a packet shows of a router: two with the same cannot live on one link.
private struct VirtualRouterIdentity: Hashable {
    let interface: String
    let family: AddressFamily
    let virtualRouterID: UInt8

    init(_ router: VirtualRouterConfiguration) {
        interface = router.interface
        family = router.family
        virtualRouterID = router.virtualRouterID
    }
}

/// The numbers that keepalived gives to rules without one, counted down in each family.
private struct RulePriorities {
    private var next: [AddressFamily: UInt32] = [.ipv4: 16_384, .ipv6: 16_384]

    mutating func numbered(_ line: RuleLine, _ diagnostics: inout Diagnostics) -> VirtualRule {
        var rule = line.rule
        guard !line.hasPriority else { return rule }
        let number = next[rule.family] ?? 16_384
        next[rule.family] = max(number, 2) - 1
        rule.priority = number
        diagnostics.warning(
            "Rule has no preference specified - setting to \(number). This is probably not what you want.",
            at: line.location)
        return rule
    }
}

extension ScriptDraft {
    fileprivate func hasCommand(_ diagnostics: inout Diagnostics) -> Bool {
        if command != nil { return true }
        diagnostics.error("No script set for vrrp_script \(name.value) - removing", at: name.location)
        return false
    }

    fileprivate var trackScript: TrackScript? {
        guard var command = command?.value else { return nil }
        if let user {
            command.user = user.value
            command.group = group?.value
        }
        return TrackScript(
            name: name.value, command: command, interval: interval?.value ?? .seconds(1), timeout: timeout?.value)
    }

    fileprivate var counting: ScriptConfiguration {
        var configuration = ScriptConfiguration(name: name.value)
        configuration.interval = interval?.value ?? .seconds(1)
        configuration.rise = rise?.value ?? 1
        configuration.fall = fall?.value ?? 1
        configuration.startsFailed = startsFailed?.value ?? false
        return configuration
    }
}
