import CLinux
import Glibc

/// How many files a process may have open, soft and hard (`RLIMIT_NOFILE`), read and set from outside (`prlimit(2)`).
public struct ProcessLimits: Hashable, Sendable {
    public var soft: UInt64
    public var hard: UInt64

    /// Those that a process has now.
    public init(ofProcess pid: Int32) throws(SystemError) {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        try systemCall("prlimit of process \(pid)") {
            unsafe clinux_process_limit(pid, Int32(RLIMIT_NOFILE.rawValue), false, &soft, &hard)
        }
        (self.soft, self.hard) = (soft, hard)
    }

    /// Gives them to a process; those of its children to come are the same.
    public func apply(toProcess pid: Int32) throws(SystemError) {
        var (soft, hard) = (soft, hard)
        try systemCall("prlimit of process \(pid)") {
            unsafe clinux_process_limit(pid, Int32(RLIMIT_NOFILE.rawValue), true, &soft, &hard)
        }
    }

    /// The lowest descriptor that a process does not use: with it as its limit, it can open nothing.
    public static func lowestFreeDescriptor(ofProcess pid: Int32) throws(SystemError) -> UInt64 {
        let used = Set(try FileSystem.entries(of: "/proc/\(pid)/fd").compactMap { UInt64($0) })
        var number: UInt64 = 0
        while used.contains(number) { number += 1 }
        return number
    }
}
