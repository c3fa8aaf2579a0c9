import CLinux
import Glibc

/// A file that says by its lock that its owner is alive, and that goes with its owner; when the owner is killed, the
/// file stays and the kernel takes away the lock.
public struct LockedFile: ~Copyable, Sendable {
    private let path: String
    private let file: OwnedDescriptor

    /// Open file description locks; glibc shows the numbers to GNU programs only.
    private static let setOpenFileLock: Int32 = 37
    private static let testOpenFileLock: Int32 = 36

    /// Makes or takes over the file at `path`, readable by everyone; nil when somebody else holds its lock.
    public init?(claiming path: String) throws(SystemError) {
        while true {
            let file = try OwnedDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644)
            guard try Self.lock(file) else { return nil }
            // A former owner may have removed the file after we opened it: then the lock is worth nothing.
            guard try Self.isStill(file, at: path) else { continue }
            try systemCall("fchmod \(path)") { fchmod(file.number, 0o644) }
            self.path = path
            self.file = file
            return
        }
    }

    /// Whether somebody who is alive holds the lock of a file; false when there is no such file.
    public static func isHeld(_ path: String) -> Bool {
        guard let file = try? OwnedDescriptor.open(path, O_RDWR | O_NOFOLLOW) else { return false }
        var lock = Glibc.flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return unsafe fcntl(file.number, testOpenFileLock, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// Replaces the content.
    public borrowing func write(_ text: String) throws(SystemError) {
        try systemCall("ftruncate \(path)") { ftruncate(file.number, 0) }
        try file.write(Array(text.utf8))
    }

    // The lock goes after the file, with the descriptor.
    deinit {
        unsafe unlink(path)
    }

    private static func lock(_ file: borrowing OwnedDescriptor) throws(SystemError) -> Bool {
        var lock = Glibc.flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        do {
            try systemCall("fcntl(F_OFD_SETLK)") { unsafe fcntl(file.number, setOpenFileLock, &lock) }
            return true
        } catch let error where error.code == EAGAIN || error.code == EACCES {
            return false
        }
    }

    private static func isStill(_ file: borrowing OwnedDescriptor, at path: String) throws(SystemError) -> Bool {
        let mine = try file.status()
        var present = stat()
        guard unsafe lstat(path, &present) == 0 else { return false }
        return mine.st_dev == present.st_dev && mine.st_ino == present.st_ino
    }
}
