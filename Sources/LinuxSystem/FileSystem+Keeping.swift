import CLinux
import Glibc

// What is done to a file that somebody may want back.
extension FileSystem {
    /// Gives a file a second name, which stays when something else gets the first one; where the file system has no
    /// such names, a copy.
    ///
    /// - Returns: false when the name is taken.
    public static func addName(_ name: String, to path: String) throws(SystemError) -> Bool {
        let code = unsafe Glibc.link(path, name) == 0 ? 0 : errno
        switch code {
        case 0: return true
        case EEXIST: return false
        case EPERM, EOPNOTSUPP, EMLINK, EXDEV: return try copy(path, to: name)
        default: throw SystemError("link \(name)", code: code)
        }
    }

    private static func copy(_ path: String, to name: String) throws(SystemError) -> Bool {
        if exists(name) { return false }
        let octets = try read(path)
        let mode = try OwnedDescriptor.open(path, OwnedDescriptor.pathOnly).status().st_mode & 0o7777
        let file = try OwnedDescriptor.open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        do {
            try file.write(octets)
            try file.setMode(mode)
        } catch {
            remove(name)
            throw error
        }
        return true
    }

    /// Sets the permission bits of a file, whatever the umask.
    public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        try systemCall("chmod \(path)") { unsafe chmod(path, mode) }
    }

    /// Gives a file, or a link itself, to an owner, as far as the caller may.
    public static func give(_ path: String, to owner: FileOwner) {
        unsafe lchown(path, owner.user, owner.group)
    }

    /// Gives a file to the owner and group of another, as far as the caller may.
    public static func give(_ path: String, toLike other: FileStatus) {
        unsafe lchown(path, other.owner, other.group)
    }
}

extension FileSystem {
    /// What stat(2) tells of a file itself, links followed; nil when there is nothing.
    public static func stamp(of path: String) -> FileStamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return FileStamp(
            device: UInt64(status.st_dev), number: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            changed: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec))
    }
}

/// What differs when a file is another one, or has changed.
public struct FileStamp: Hashable, Sendable {
    let device: UInt64
    let number: UInt64
    let size: Int64
    let modified: Int64
    let changed: Int64
}
