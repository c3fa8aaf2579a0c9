/// What the command line says, with keepalived's defaults.
public struct Options: Hashable, Sendable {
    /// `-f`: read at the start, and again on SIGHUP.
    public var configurationFile = "/etc/keepalived/keepalived.conf"
    /// `-i`: what `@ID` lines are compared with; nil is the host's name up to its first dot.
    public var configID: String?
    /// `-e`: every include must match something that can be read.
    public var requiresIncludes = false
    /// `--strict`: a test does not pass what keepalived is silent about either.
    public var isTestStrict = false
    /// `-p`: held and locked for as long as the daemon runs, so that there is one.
    ///
    /// nil is `/run/keepalived.pid`, or what `FileLayout` makes of it.
    public var pidFile: String?
    /// `-r`: holds the same number as `pidFile`, for there is one process.
    ///
    /// nil is `/run/vrrp.pid`, or what `FileLayout` makes of it.
    public var vrrpPIDFile: String?
    /// `-n`: otherwise a copy of the program goes on in the background.
    public var staysInForeground = false
    /// `-l`: has an effect only in the foreground.
    public var logsToConsole = false
    /// `-D`: every announcement, timeout and resignation gets its line.
    public var logsDetail = false
    /// Whether `/dev/log` gets the lines too; off with `-G`.
    public var logsToSystem = true
    /// `-S`: how the system log files the lines.
    public var facility = LogFacility.daemon
    /// `-s`: runs in this network namespace, whatever `net_namespace` says.
    public var networkNamespace: String?
    /// `-V`: addresses and routes stay in place after the end.
    public var leavesAddresses = false
    /// `-a`: every address that comes or goes is logged.
    public var logsAddresses = false
    /// `-u`: taken away from the rights of files that are made, whatever the keyword `umask` says; nil is 0177.
    public var fileModeMask: UInt16?
    /// `-m`: a crash leaves a core file.
    public var dumpsCore = false
    /// `--keep-going`: what can run is run, when something in the file cannot.
    public var keepsGoing = false
    /// Options that were given and mean nothing here, as they were written.
    public var idleOptions: [String] = []
    /// `-d`: the state is logged once after the start, configuration and all.
    public var dumpsConfiguration = false
    /// Started by a parent that reads standard error until the daemon is up (see `Detachment`).
    public var isDetached = false

    /// Whoever says nothing gets keepalived's defaults.
    public init() {}
}

/// Under which heading the system log files a line (RFC 3164 §4.1.1).
public struct LogFacility: Hashable, Sendable {
    /// 1, 3, or 16...23.
    public let code: Int

    /// Programs of ordinary users.
    public static let user = LogFacility(code: 1)
    /// System daemons; what keepalived logs under.
    public static let daemon = LogFacility(code: 3)

    private init(code: Int) {
        self.code = code
    }
}

extension LogFacility: LosslessStringConvertible {
    /// Reads `daemon`, `user`, `local0`...`local7` or just the digit.
    public init?(_ text: String) {
        switch text {
        case "daemon": self = .daemon
        case "user": self = .user
        default:
            let digit = text.hasPrefix("local") ? String(text.dropFirst(5)) : text
            guard digit.utf8.count == 1, let number = Int(digit), (0...7).contains(number) else { return nil }
            self.init(code: 16 + number)
        }
    }

    public var description: String {
        switch code {
        case 1: "user"
        case 3: "daemon"
        default: "local\(code - 16)"
        }
    }
}
