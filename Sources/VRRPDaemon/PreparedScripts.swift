import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// A program with its arguments, and as whom it runs.
struct PreparedScript: Hashable, Sendable {
    /// The program first.
    var arguments: [String]
    var account: UserAccount
}

/// The programs that are told of a virtual router's states.
struct Notifications: Hashable, Sendable {
    var specific: [NotifiedState: PreparedScript] = [:]
    /// Runs for every state, after the specific one.
    var generic: PreparedScript?

    /// What is to be started, in this order; nobody waits for an end.
    func programs(for transition: Transition) -> [PreparedScript] {
        var programs = [specific[transition.state]].compactMap(\.self)
        if var generic {
            generic.arguments += [
                "INSTANCE", transition.router, transition.state.rawValue, String(transition.priority),
            ]
            programs.append(generic)
        }
        return programs
    }
}

/// A `vrrp_script` ready to be run.
struct PreparedTrackScript: Hashable, Sendable {
    var name: String
    var script: PreparedScript
    var interval: Duration
    var timeout: Duration?
}

/// All scripts of a configuration for which a user was found; the others are dropped, as keepalived does it.
struct PreparedScripts {
    private(set) var tracked: [PreparedTrackScript] = []
    /// By virtual router.
    private(set) var notifications: [String: Notifications] = [:]
    /// What was dropped, and why.
    private(set) var complaints: [String] = []

    private let configuration: DaemonConfiguration
    private let lookUp: (String) -> UserAccount?

    /// - Parameter lookUp: finds a user by name.
    init(
        _ configuration: DaemonConfiguration,
        lookUp: @escaping (String) -> UserAccount? = { UserAccount(named: $0) }
    ) {
        self.configuration = configuration
        self.lookUp = lookUp
        for script in configuration.scripts {
            if let prepared = prepare(script.command) {
                tracked.append(
                    PreparedTrackScript(
                        name: script.name, script: prepared, interval: script.interval, timeout: script.timeout))
            } else {
                complaints.append("Unable to set default user for vrrp script \(script.name) - removing")
                complaints += configuration.router.virtualRouters.filter { router in
                    router.trackedScripts.contains { $0.name == script.name }
                }.map { "(\($0.name)) track script \(script.name) not found, ignoring..." }
            }
        }
        for (router, scripts) in configuration.notifications.sorted(by: { $0.key < $1.key }) {
            notifications[router] = prepare(scripts)
        }
    }

    /// Keeps the notifications of virtual routers that are no longer configured, until they have said farewell.
    mutating func keep(_ former: [String: Notifications]) {
        notifications.merge(former) { current, _ in current }
    }

    private mutating func prepare(_ scripts: NotifyScripts) -> Notifications {
        let specific: [(NotifiedState, ScriptCommand?)] = [
            (.master, scripts.master), (.backup, scripts.backup), (.fault, scripts.fault), (.stop, scripts.stop),
        ]
        var notifications = Notifications()
        for (state, command) in specific {
            notifications.specific[state] = command.flatMap { prepareNotification($0) }
        }
        notifications.generic = scripts.generic.flatMap { prepareNotification($0) }
        return notifications
    }

    private mutating func prepareNotification(_ command: ScriptCommand) -> PreparedScript? {
        if let prepared = prepare(command) { return prepared }
        complaints.append("Failed to set default user for notify script \(command.arguments[0]) - ignoring")
        return nil
    }

    /// Whoever the script names runs it, else `script_user`, else keepalived's own user if there is one, else we
    /// ourselves, unless script security is on.
    private mutating func prepare(_ command: ScriptCommand) -> PreparedScript? {
        let name = command.user ?? configuration.scriptUser
        let groupName = command.user == nil ? configuration.scriptGroup : command.group
        guard let account = lookUp(name ?? Self.defaultUser) else {
            if name == nil && !configuration.scriptSecurityEnabled {
                return PreparedScript(arguments: command.arguments, account: .own)
            }
            complain("Script user '\(name ?? Self.defaultUser)' does not exist")
            return nil
        }
        guard let groupName else { return PreparedScript(arguments: command.arguments, account: account) }
        guard let group = UserAccount.groupNumber(named: groupName) else {
            complain("Script group '\(groupName)' does not exist")
            return nil
        }
        return PreparedScript(
            arguments: command.arguments, account: UserAccount(user: account.user, group: group))
    }

    private mutating func complain(_ text: String) {
        if !complaints.contains(text) { complaints.append(text) }
    }

    private static let defaultUser = "keepalived_script"
}
