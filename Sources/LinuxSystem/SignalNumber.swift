import CLinux
import Glibc

/// Those of signal(7) that daemons listen to and send.
public enum SignalNumber {
    public static let hangUp = SIGHUP
    public static let interrupt = SIGINT
    public static let kill = SIGKILL
    public static let user1 = SIGUSR1
    public static let user2 = SIGUSR2
    public static let brokenPipe = SIGPIPE
    public static let terminate = SIGTERM
    public static let child = SIGCHLD
    /// The first of the real-time signals that programs may use; 34 with glibc.
    public static let firstRealTime: Int32 = __libc_current_sigrtmin()
    /// 64.
    public static let lastRealTime: Int32 = __libc_current_sigrtmax()
}
