import CLinux
import Glibc

/// Where a program speaks to whoever started it.
public enum StandardError {
    /// Writes as much as the reader takes now, up to a page; false when it takes nothing.
    public static func write(_ text: String) -> Bool {
        guard Readiness.canWrite(2) else { return false }
        let octets = Array(text.utf8.prefix(4096))
        return unsafe octets.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) } == octets.count
    }

    /// Sends everything that is written from now on to nowhere; whoever read it sees the end.
    public static func close() throws(SystemError) {
        let nowhere = try OwnedDescriptor.open("/dev/null", O_WRONLY)
        try systemCall("dup2") { dup2(nowhere.number, 2) }
    }

    /// Sends everything that is written from now on to the end of a file, which is made where there is none.
    ///
    /// - Returns: whether that is possible; a symbolic link is not followed.
    public static func redirect(appendingTo path: String) -> Bool {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW
        guard let file = try? OwnedDescriptor.open(path, flags, mode: 0o600) else { return false }
        return dup2(file.number, 2) == 2
    }
}
