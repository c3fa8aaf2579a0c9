import KeepalivedConfiguration
import LinuxSystem
import VRRPCore

/// What a configuration test says about scripts: keepalived counts some of it, is silent about the rest, and calls it a
/// violation when scripts can run without `enable_script_security`.
struct ScriptCheck {
    private let configuration: DaemonConfiguration
    private let file: String
    private let lookUp: (String) -> UserAccount?
    private let inspect: (String) -> ScriptFile?
    private var findings: [Diagnostic] = []
    private var canRun = false
    private var isInsecure = false

    private static let defaultUser = "keepalived_script"

    /// - Parameters:
    ///   - lookUp: finds a user by name.
    ///   - inspect: looks at a program by its path.
    static func findings(
        about configuration: DaemonConfiguration, in file: String,
        lookUp: @escaping (String) -> UserAccount? = { UserAccount(named: $0) },
        inspect: @escaping (String) -> ScriptFile? = { ScriptFile(at: $0) }
    ) -> [Diagnostic] {
        var check = ScriptCheck(configuration, file, lookUp, inspect)
        check.run()
        return check.findings
    }

    private init(
        _ configuration: DaemonConfiguration, _ file: String, _ lookUp: @escaping (String) -> UserAccount?,
        _ inspect: @escaping (String) -> ScriptFile?
    ) {
        self.configuration = configuration
        self.file = file
        self.lookUp = lookUp
        self.inspect = inspect
    }

    private mutating func run() {
        if let user = configuration.scriptUser, lookUp(user) == nil {
            complain("Error setting global script uid/gid: there is no user '\(user)'")
        }
        for script in configuration.scripts { examine(script) }
        for command in notifyCommands { examine(command) }
        guard canRun, !configuration.scriptSecurityEnabled else { return }
        let sentence = "SECURITY VIOLATION - scripts are being executed but script_security not enabled."
        let more = isInsecure ? " There are insecure scripts." : " Add enable_script_security to global_defs."
        findings.append(Diagnostic(.warning, sentence + more, at: .whole(file), category: .security))
    }

    private var notifyCommands: [ScriptCommand] {
        let told =
            configuration.notifications.sorted { $0.key < $1.key }.map(\.value)
            + configuration.groupNotifications.sorted { $0.key < $1.key }.map(\.value)
        return told.flatMap(\.commands) + configuration.fifos.compactMap(\.script)
    }

    private mutating func examine(_ script: TrackScript) {
        guard let account = account(for: script.command) else {
            return complain("Unable to set default user for vrrp script \(script.name) - removing")
        }
        switch verdict(on: script.command, account) {
        case .missing: complain("Disabling track script \(script.name) since not found/accessible")
        case .notExecutable(let path):
            advise("script '\(path)' is not executable for uid:gid \(account.user):\(account.group)")
        case .insecure: complain("Disabling track script \(script.name) due to insecure")
        case .runs: canRun = true
        case .asks: break
        }
    }

    private mutating func examine(_ command: ScriptCommand) {
        guard let account = account(for: command) else {
            if command.user == nil, configuration.scriptUser == nil {
                return complain("Unable to set default user \(Self.defaultUser) for script \(command.arguments[0])")
            }
            return advise("there is no user to run '\(command.arguments[0])' as: nobody is notified")
        }
        switch verdict(on: command, account) {
        case .missing: advise("Script \(command.arguments[0]) cannot be accessed: nobody is notified")
        case .notExecutable(let path):
            advise("script '\(path)' is not executable for uid:gid \(account.user):\(account.group)")
        case .insecure(let path): advise("Unsafe permissions found for script '\(path)' - it is not run")
        case .runs: canRun = true
        case .asks: advise("'\(command.arguments[0])' is no command: nobody is notified")
        }
    }

    private enum Verdict {
        case runs, missing
        /// Only asks whether a file can be read: nothing is run.
        case asks
        case notExecutable(String), insecure(String)
    }

    private mutating func verdict(on command: ScriptCommand, _ account: UserAccount) -> Verdict {
        let script = PreparedScript(arguments: command.arguments, account: account)
        if script.testedFile != nil { return .asks }
        let path = script.path
        guard path.contains("/"), let program = inspect(path) else { return .missing }
        guard program.isExecutable(by: account) else { return .notExecutable(path) }
        guard !program.isSafe(for: account) else { return .runs }
        isInsecure = true
        return configuration.scriptSecurityEnabled ? .insecure(path) : .runs
    }

    /// As at run time: whom the script names, else `script_user`, else keepalived's own user, else ourselves unless
    /// script security is on.
    private func account(for command: ScriptCommand) -> UserAccount? {
        let name = command.user ?? configuration.scriptUser
        if let account = lookUp(name ?? Self.defaultUser) { return account }
        return name == nil && !configuration.scriptSecurityEnabled ? .own : nil
    }

    private mutating func complain(_ sentence: String) {
        findings.append(Diagnostic(.error, sentence, at: .whole(file)))
    }

    private mutating func advise(_ sentence: String) {
        findings.append(Diagnostic(.warning, sentence, at: .whole(file), category: .advice))
    }
}

extension NotifyScripts {
    /// Those that are set, in the order in which a state is likely to be met.
    fileprivate var commands: [ScriptCommand] {
        [master, backup, fault, stop, deleted, receivedLowerPriority, generic].compactMap(\.self)
    }
}
