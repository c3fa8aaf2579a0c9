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
}
