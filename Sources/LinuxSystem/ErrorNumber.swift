import CLinux
import Glibc

/// Those of errno(3) that callers decide by.
public enum ErrorNumber {
    /// Somebody may do this, but not this process.
    public static let permission: Set<Int32> = [EPERM, EACCES]
    /// Not now.
    public static let wouldBlock = EAGAIN
    /// There is no such interface.
    public static let noDevice = ENODEV
    /// The machine is short of processes, memory or descriptors; later it may not be.
    public static let shortage: Set<Int32> = [EAGAIN, ENOMEM, EMFILE, ENFILE]
}
