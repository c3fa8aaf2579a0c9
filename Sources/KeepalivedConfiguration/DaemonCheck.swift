import VRRPCore
import Wire

extension DaemonDraft {
    /// The configuration that a draft stands for. Whatever is wrong between its parts is reported here.
    func checked(_ diagnostics: inout Diagnostics) -> DaemonConfiguration {
        var configuration = DaemonConfiguration()
        configuration.routerID = globals.routerID?.value
        configuration.scriptUser = globals.scriptUser?.value
        configuration.scriptGroup = globals.scriptGroup?.value
        configuration.scriptSecurityEnabled = globals.scriptSecurity?.value ?? false
        let usable = scripts.filter { $0.hasCommand(&diagnostics) }
        configuration.scripts = usable.compactMap(\.trackScript)
        configuration.router.scripts = usable.map(\.counting)
        for instance in instances {
            guard let router = instance.checked(globals, usable, &diagnostics) else { continue }
            if let rival = configuration.router.virtualRouters.first(where: { $0.collides(with: router) }) {
                let sentence =
                    "\(rival.name) and \(router.name) both use VRID \(router.virtualRouterID) "
                    + "with \(router.family.rawValue) on interface \(router.interface)"
                diagnostics.fatal(sentence, at: instance.virtualRouterID?.location ?? instance.name.location)
                continue
            }
            configuration.router.virtualRouters.append(router)
            let scripts = instance.notifyScripts
            if !scripts.isEmpty { configuration.notifications[router.name] = scripts }
        }
        noteUnusedScripts(usable, &diagnostics)
        if !configuration.scriptSecurityEnabled { reportInsecurity(of: configuration, &diagnostics) }
        return configuration
    }

    private func noteUnusedScripts(_ scripts: [ScriptDraft], _ diagnostics: inout Diagnostics) {
        let used = Set(instances.flatMap(\.trackedScripts).map(\.name.value))
        for script in scripts where !used.contains(script.name.value) {
            diagnostics.note("script \(script.name.value) is not used", at: script.name.location)
        }
    }

    /// keepalived wants to be told that whoever can change a script can become its user.
    private func reportInsecurity(of configuration: DaemonConfiguration, _ diagnostics: inout Diagnostics) {
        let tracked = Set(configuration.router.virtualRouters.flatMap(\.trackedScripts).map(\.name))
        let commands =
            scripts.filter { tracked.contains($0.name.value) }.compactMap(\.command)
            + instances.flatMap(\.notifyCommands)
        guard let first = commands.first else { return }
        diagnostics.warning(
            "SECURITY VIOLATION - scripts are being executed but script_security not enabled: "
                + "add enable_script_security to global_defs",
            at: first.location, category: .security)
    }
}

extension ScriptDraft {
    fileprivate func hasCommand(_ diagnostics: inout Diagnostics) -> Bool {
        guard let command else {
            diagnostics.error("No script set for vrrp_script \(name.value) - removing", at: name.location)
            return false
        }
        if command.value.arguments[0].hasPrefix("<") {
            diagnostics.error(
                "vrrp_script \(name.value): '<FILE' in place of a command is not supported - removing",
                at: command.location)
            return false
        }
        return true
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

extension InstanceDraft {
    fileprivate var notifyScripts: NotifyScripts {
        var scripts = NotifyScripts()
        scripts.master = notifyMaster?.value
        scripts.backup = notifyBackup?.value
        scripts.fault = notifyFault?.value
        scripts.stop = notifyStop?.value
        scripts.generic = notify?.value
        return scripts
    }
}

extension VirtualRouterConfiguration {
    /// Whether two routers are one on the link; keepalived tells those with different unicast peers apart.
    fileprivate func collides(with other: VirtualRouterConfiguration) -> Bool {
        virtualRouterID == other.virtualRouterID && family == other.family && interface == other.interface
    }
}
