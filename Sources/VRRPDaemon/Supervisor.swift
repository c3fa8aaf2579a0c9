import LinuxSystem
import Wire

/// What systemd is told of the daemon, if it started it (`sd_notify(3)`).
struct Supervisor: Sendable {
    private let address: String?
    /// How often it wants to hear that the daemon lives; nil when it does not ask.
    private let watchdogInterval: Duration?
    /// When it is told next.
    private(set) var nextDeadline: Instant?

    /// - Parameter environment: where `NOTIFY_SOCKET` and the watchdog's variables are looked up.
    init(pid: Int32 = ThisProcess.pid, environment: (String) -> String? = { ThisProcess.environment($0) }) {
        address = environment("NOTIFY_SOCKET").flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment("WATCHDOG_PID").map { $0 == "\(pid)" } ?? true
        let microseconds = isForUs ? environment("WATCHDOG_USEC").flatMap { Int64($0) } : nil
        watchdogInterval = microseconds.flatMap { (2...Int64.max / 1000).contains($0) ? .microseconds($0 / 2) : nil }
    }

    /// The daemon has taken its place.
    mutating func ready(at now: Instant) {
        tell(["READY=1", "MAINPID=\(ThisProcess.pid)"])
        ping(at: now)
    }

    /// The file is read again; `ready` must follow.
    func reloading(at now: Instant) {
        tell(["RELOADING=1", "MONOTONIC_USEC=\(now.nanoseconds / 1000)"])
    }

    func stopping() {
        tell(["STOPPING=1"])
    }

    /// The daemon ends because of an error.
    func failed(_ error: DaemonError) {
        let reason = error.sentences.first?.prefix { $0 != "\n" } ?? ""
        tell(["STATUS=\(reason)", "ERRNO=\(error.exitCode)"])
    }

    /// Says that the daemon lives, when it is time: only a loop that turns can.
    mutating func meetDeadline(at now: Instant) {
        guard let due = nextDeadline, due <= now else { return }
        ping(at: now)
    }

    private mutating func ping(at now: Instant) {
        guard let watchdogInterval, address != nil else { return }
        tell(["WATCHDOG=1"])
        nextDeadline = now + watchdogInterval
    }

    private func tell(_ lines: [String]) {
        guard let address, let socket = try? DatagramSender(to: address) else { return }
        try? socket.send(Array(lines.joined(separator: "\n").utf8))
    }
}
