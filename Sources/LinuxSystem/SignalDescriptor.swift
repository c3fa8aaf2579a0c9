import CLinux
import Glibc

/// Signals as something to read instead of something that interrupts.
public struct SignalDescriptor: ~Copyable, Sendable {
    private let source: OwnedDescriptor

    /// Blocks the signals in the calling thread, and in threads started by it later.
    public init(_ signals: [Int32]) throws(SystemError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
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
}
