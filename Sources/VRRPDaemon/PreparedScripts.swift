import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

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
    /// By sync group.
    private(set) var groupNotifications: [String: Notifications] = [:]
    /// The programs that read FIFOs, by the FIFO's path, which is their last argument.
    private(set) var readers: [String: PreparedScript] = [:]
    private(set) var startup: PreparedScript?
    private(set) var shutdown: PreparedScript?
    /// What was dropped, and why.
    private(set) var complaints: [String] = []

    private let configuration: DaemonConfiguration
    private let lookUp: (String) -> UserAccount?
    private let inspect: (String) -> ScriptFile?
    /// A thousand routers name the same few users and programs.
    private var accounts: [String: UserAccount?] = [:]
    private var files: [String: ScriptFile?] = [:]

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
        for (group, scripts) in configuration.groupNotifications.sorted(by: { $0.key < $1.key }) {
            groupNotifications[group] = prepare(scripts)
        }
        for fifo in configuration.fifos {
            guard var reader = fifo.script.flatMap({ prepareNotification($0) }) else { continue }
            reader.arguments.append(fifo.path)
            readers[fifo.path] = reader
        }
        startup = configuration.startupScript.flatMap { prepareNotification($0.command) }
        shutdown = configuration.shutdownScript.flatMap { prepareNotification($0.command) }
    }

    /// Keeps the notifications of virtual routers and groups that are no longer configured, until they have said
    /// farewell.
    mutating func keep(_ former: PreparedScripts, for configuration: RouterConfiguration) {
        let routers = Set(configuration.virtualRouters.map(\.name))
        let groups = Set(configuration.syncGroups.map(\.name))
        notifications.merge(former.notifications.filter { !routers.contains($0.key) }) { present, _ in present }
        groupNotifications.merge(former.groupNotifications.filter { !groups.contains($0.key) }) { present, _ in present
        }
    }

    /// What is to be started for a transition, in this order.
    func programs(for transition: Transition) -> [NotificationQueue.Entry] {
        let notifications =
            switch transition.subject {
            case .instance: notifications[transition.router]
            case .group: groupNotifications[transition.router]
            }
        return notifications?.programs(for: transition) ?? []
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
            (.deleted, scripts.deleted), (.receivedLowerPriority, scripts.receivedLowerPriority),
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
        let isSafetyRequired = configuration.scriptSecurityEnabled
        guard let account = account(named: name ?? Self.defaultUser) else {
            if name == nil && !isSafetyRequired {
                return PreparedScript(arguments: command.arguments, account: .own)
            }
            complain("Script user '\(name ?? Self.defaultUser)' does not exist")
            return nil
        }
        guard let groupName else {
            return PreparedScript(arguments: command.arguments, account: account, mustBeSafe: isSafetyRequired)
        }
        guard let group = UserAccount.groupNumber(named: groupName) else {
            complain("Script group '\(groupName)' does not exist")
            return nil
        }
        return PreparedScript(
            arguments: command.arguments, account: UserAccount(user: account.user, group: group),
            mustBeSafe: isSafetyRequired)
    }

    private mutating func account(named name: String) -> UserAccount? {
        if let known = accounts[name] { return known }
        let account = lookUp(name)
        accounts[name] = .some(account)
        return account
    }

    private mutating func file(at path: String) -> ScriptFile? {
        if let known = files[path] { return known }
        let file = inspect(path)
        files[path] = .some(file)
        return file
    }

    /// Looks at the program itself. Without script security an unsafe one is run all the same, with a word about it.
    private mutating func obstacle(to script: PreparedScript) -> ScriptObstacle? {
        let path = script.path
        guard script.testedFile == nil else { return nil }
        guard path.contains("/"), let file = file(at: path) else { return .missing(script.arguments[0]) }
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
