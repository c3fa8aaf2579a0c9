import CLinux
import Glibc
import Synchronization

/// How many files this process may have open, where it needs more than its programs should be given.
public enum OpenFileLimit {
    /// What was in force before it was first raised; 0 when nobody has.
    private static let original = Mutex<UInt64>(0)
    private static let resource = Int32(RLIMIT_NOFILE.rawValue)

    /// Makes room for so many descriptors beside those that are open, as far as the hard limit goes.
    ///
    /// Programs that are started keep the soft limit that was in force before: some of them use select(2), which knows
    /// no descriptor above 1023, and some close all that they might have.
    public static func reserve(_ count: Int) {
        let open = FileSystem.names(in: "/proc/self/fd").count
        original.withLock { original in
            var (soft, hard): (UInt64, UInt64) = (0, 0)
            guard unsafe clinux_get_limit(resource, &soft, &hard) == 0 else { return }
            let wanted = min(UInt64(open + max(count, 0)), hard)
            guard wanted > soft, clinux_set_limit(resource, wanted, hard) == 0 else { return }
            if original == 0 { original = soft }
        }
    }

    /// The soft limit that programs get; 0 when it is this process's own.
    static var ofPrograms: UInt64 { original.withLock { $0 } }
}
