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
    public var pidFile = "/run/keepalived.pid"
    /// `-r`: holds the same number as `pidFile`, for there is one process.
    public var vrrpPIDFile = "/run/vrrp.pid"
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
