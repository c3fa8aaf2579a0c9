import CLinux
import Glibc

/// Signals as something to read instead of something that interrupts.
public struct SignalDescriptor: ~Copyable, Sendable {
    private let source: OwnedDescriptor

    /// SIGHUP, SIGINT and SIGTERM, but for those that this process was started to ignore, as under nohup.
    public static let endingSignals = [SIGHUP, SIGINT, SIGTERM].filter { !isIgnored($0) }

    /// Blocks the signals in the calling thread, and in threads started by it later.
    ///
    /// A signal to the process goes to any thread that does not block it: to be read, all threads must block it, which
    /// is sure only when the first thread did before it started another.
    public static func block(_ signals: [Int32]) {
        var set = signalSet(signals)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks the signals in the calling thread, and in threads started by it later.
    public init(_ signals: [Int32]) throws(SystemError) {
        Self.block(signals)
        var set = Self.signalSet(signals)
        source = OwnedDescriptor(
            owning: try systemCall("signalfd") {
                unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
            })
    }

    public var descriptor: Int32 { source.number }

    /// The numbers of the signals that arrived, in the kernel's order.
    public borrowing func receive() throws(SystemError) -> [Int32] {
        let size = MemoryLayout<signalfd_siginfo>.size
        let octets = try source.read(atMost: 16 * size) ?? []
        return stride(from: 0, to: octets.count, by: size).map { start in
            Int32(truncatingIfNeeded: octets[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
    }

    private static func signalSet(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        return set
    }

    /// The kernel keeps a blocked signal even when it is ignored, so this has to be asked.
    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        unsafe sigaction(signal, nil, &action)
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
