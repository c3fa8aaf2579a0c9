import LinuxSystem
import VRRPCore
import Wire

/// Where the daemon's lines go: standard error, the system log, or both. No reader can make it wait.
final class Log {
    /// Whether lines are seen on standard error.
    let reachesConsole: Bool
    /// Whether lines for people who look closely are written.
    let showsDetail: Bool
    private let facility: LogFacility?
    private let pid = ThisProcess.pid
    /// The program's name in the system log; keepalived adds namespace and instance to it.
    var identity = "Vrrpd"
    private var consoleGap = LogGap()
    private var systemGap = LogGap()
    private var systemSocket: Box<DatagramSender>?
    /// The system's logger was not there, and is looked for again from then on.
    private var looksForLoggerAt = Instant.zero

    init(_ options: Options) {
        reachesConsole = options.staysInForeground && options.logsToConsole
        showsDetail = options.logsDetail
        facility = options.logsToSystem ? options.facility : nil
    }

    /// Writes a line that is always wanted.
    func notice(_ text: String) {
        let time = LocalTime.now
        if reachesConsole {
            consoleGap.pass(text) { StandardError.write(LogLine.console($0, at: time)) }
        }
        if let facility {
            systemGap.pass(text) {
                send(LogLine.system($0, at: time, facility: facility, identity: identity, pid: pid))
            }
        }
    }

    /// Writes a text of several lines.
    func notice(lines: String) {
        for line in lines.split(separator: "\n") { notice(String(line)) }
    }

    /// Writes a line that is wanted with `--log-detail`.
    func detail(_ text: String) {
        if showsDetail { notice(text) }
    }

    /// Writes the first line of each sentence; the lines of the file below it are for people at a terminal.
    func write(_ error: DaemonError) {
        for sentence in error.sentences { notice(String(sentence.prefix { $0 != "\n" })) }
    }

    func write(_ entry: LogEntry) {
        switch entry.level {
        case .notice: notice(entry.text)
        case .detail: detail(entry.text)
        }
    }

    /// The system's logger may come, go and be restarted while we run: a second attempt connects anew.
    private func send(_ line: String) -> Bool {
        for _ in 0..<2 {
            guard let socket = loggerSocket() else { return false }
            do {
                try socket.value.send(Array(line.utf8))
                return true
            } catch {
                if error.code == ErrorNumber.wouldBlock { return false }
                systemSocket = nil
            }
        }
        return false
    }

    /// Where there is no logger, as in many containers, one is looked for ten times a second and not for each line.
    private func loggerSocket() -> Box<DatagramSender>? {
        if let systemSocket { return systemSocket }
        let now = MonotonicClock.now
        guard looksForLoggerAt <= now else { return nil }
        systemSocket = try? Box(DatagramSender(to: "/dev/log"))
        if systemSocket == nil { looksForLoggerAt = now + .milliseconds(100) }
        return systemSocket
    }
}

/// Counts the lines that nobody took, and owns up to them before the next one.
struct LogGap {
    private(set) var lost = 0

    mutating func pass(_ text: String, through write: (String) -> Bool) {
        if lost > 0, write("\(lost) lines of this log were lost because nobody read them") { lost = 0 }
        if lost > 0 || !write(text) { lost += 1 }
    }
}

extension LocalTime {
    fileprivate static var now: LocalTime {
        let nanoseconds = MonotonicClock.now.nanoseconds + MonotonicClock.offsetToRealTime
        return LocalTime(secondsSince1970: nanoseconds / 1_000_000_000)
    }
}
