import CLinux
import Glibc

extension ChildProcess {
    /// Signals the program and all that it started and that stayed in its group; it must have begun a session of its
    /// own, and must not have been collected yet, for then its number may belong to another.
    public borrowing func sendToGroup(signal: Int32) throws(SystemError) {
        do {
            try systemCall("kill(-\(pid))") { kill(-pid, signal) }
        } catch let error where error.code == ESRCH {
        }
    }
}
