import CLinux
import Glibc

/// Any process of the machine, held by a descriptor, so that its number cannot come to mean another process.
public struct ProcessHandle: ~Copyable, Sendable {
    private let handle: OwnedDescriptor

    public init(_ pid: Int32) throws(SystemError) {
        handle = OwnedDescriptor(owning: try systemCall("pidfd_open") { clinux_pidfd_open(pid) })
    }

    /// Becomes readable when the process ends.
    public var descriptor: Int32 { handle.number }
}

extension SystemError {
    /// Whether what was asked about is not there.
    public var isAbsence: Bool { code == ESRCH || code == ENOENT }
}
