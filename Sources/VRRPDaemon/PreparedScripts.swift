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
    /// Others than root could change it: it is never run, and every run that is due counts as failed.
    var isUnsafe = false
}

/// All scripts of a configuration for which a user was found; the others are dropped, as keepalived does it.
///
/// A notify script whose program cannot or must not be run is dropped too. A track script in that position stays, as
/// one that fails: keepalived's way, to take part without the check, would hide from an operator that nothing is
/// checked.
struct PreparedScripts {
    private(set) var tracked: [PreparedTrackScript] = []
    /// By virtual router.
    private(set) var notifications: [String: Notifications] = [:]
    /// What was dropped, and why.
    private(set) var complaints: [String] = []

    private let configuration: DaemonConfiguration
    private let lookUp: (String) -> UserAccount?
    private let inspect: (String) -> ScriptFile?

    /// - Parameters:
    ///   - lookUp: finds a user by name.
    ///   - inspect: looks at a program by its path.
    init(
        _ configuration: DaemonConfiguration,
        lookUp: @escaping (String) -> UserAccount? = { UserAccount(named: $0) },
        inspect: @escaping (String) -> ScriptFile? = { ScriptFile(at: $0) }
    ) {
        self.configuration = configuration
        self.lookUp = lookUp
        self.inspect = inspect
        for script in configuration.scripts { prepareTrackScript(script) }
        for (router, scripts) in configuration.notifications.sorted(by: { $0.key < $1.key }) {
            notifications[router] = prepare(scripts)
        }
    }

    /// Keeps the notifications of virtual routers that are no longer configured, until they have said farewell.
    mutating func keep(_ former: [String: Notifications]) {
        notifications.merge(former) { current, _ in current }
    }

    private mutating func prepareTrackScript(_ script: TrackScript) {
        guard let command = prepare(script.command) else {
            complaints.append("Unable to set default user for vrrp script \(script.name) - removing")
            complaints += configuration.router.virtualRouters.filter { router in
                router.trackedScripts.contains { $0.name == script.name }
            }.map { "(\($0.name)) track script \(script.name) not found, ignoring..." }
            return
        }
        var prepared = PreparedTrackScript(
            name: script.name, script: command, interval: script.interval, timeout: script.timeout)
        if let obstacle = obstacle(to: command) {
            complaints.append(
                "\(obstacle) Track script \(script.name) counts as failed; keepalived would not track it.")
            prepared.isUnsafe = obstacle.isUnsafe
        }
        tracked.append(prepared)
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
        if let prepared = prepare(command) {
            guard let obstacle = obstacle(to: prepared) else { return prepared }
            complain("\(obstacle)")
            return nil
        }
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

    /// Looks at the program itself. Without script security an unsafe one is run all the same, with a word about it.
    private mutating func obstacle(to script: PreparedScript) -> ScriptObstacle? {
        let path = script.path
        guard path.contains("/"), let file = inspect(path) else { return .missing(script.arguments[0]) }
        guard file.isExecutable(by: script.account) else { return .notExecutable(path, script.account) }
        guard !file.isSafe(for: script.account) else { return nil }
        if configuration.scriptSecurityEnabled { return .unsafe(path) }
        complain("Unsafe permissions found for script '\(path)'.")
        complain(
            "SECURITY VIOLATION - scripts are being executed but script_security not enabled. "
                + "There are insecure scripts.")
        return nil
    }

    private mutating func complain(_ text: String) {
        if !complaints.contains(text) { complaints.append(text) }
    }

    private static let defaultUser = "keepalived_script"
}

/// Why a program is not run, in keepalived's words.
private enum ScriptObstacle: CustomStringConvertible {
    case missing(String)
    case notExecutable(String, UserAccount)
    case unsafe(String)

    var isUnsafe: Bool {
        if case .unsafe = self { true } else { false }
    }

    var description: String {
        switch self {
        case .missing(let name):
            name.contains("/")
                ? "Script \(name) cannot be accessed - No such file or directory."
                : "Cannot find script \(name) in path - disabling."
        case .notExecutable(let path, let account):
            "WARNING - script '\(path)' is not executable for uid:gid \(account.user):\(account.group) - disabling."
        case .unsafe(let path):
            "Unsafe permissions found for script '\(path)' - disabling."
        }
    }
}
