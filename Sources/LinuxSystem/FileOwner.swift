import Glibc

/// Whose a file is.
public struct FileOwner: Hashable, Sendable {
    public var user: UInt32
    public var group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Who called sudo, when this process was started by it; nil otherwise.
    public static var beforeSudo: FileOwner? {
        guard let user = ThisProcess.environment("SUDO_UID").flatMap({ UInt32($0) }),
            let group = ThisProcess.environment("SUDO_GID").flatMap({ UInt32($0) })
        else { return nil }
        return FileOwner(user: user, group: group)
    }

    /// Whose a file or directory is, links followed; nil when there is none.
    public init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(user: status.st_uid, group: status.st_gid)
    }
}

extension FileSystem {
    /// Lets everybody read a file, or a directory with all that is below it, and gives it to an owner.
    ///
    /// Links are given away themselves and never followed. A file with a second name is left alone: it may be somebody
    /// else's. What this process may not change stays as it is.
    ///
    /// - Parameter owner: nil leaves everything whose it is.
    public static func handOver(_ path: String, to owner: FileOwner?) {
        handOver(AT_FDCWD, path, to: owner)
    }

    private static func handOver(_ directory: Int32, _ name: String, to owner: FileOwner?) {
        var status = stat()
        guard unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFDIR || kind == S_IFREG else {
            if let owner { unsafe fchownat(directory, name, owner.user, owner.group, AT_SYMLINK_NOFOLLOW) }
            return
        }
        // Whoever may write there can put something else in its place meanwhile: from here on the open file counts.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
        let number = unsafe openat(directory, name, flags)
        guard number >= 0 else { return }
        let file = OwnedDescriptor(owning: number)
        guard let opened = try? file.status(), opened.st_mode & S_IFMT == kind else { return }
        if kind == S_IFREG, opened.st_nlink > 1 { return }
        if let owner { fchown(number, owner.user, owner.group) }
        let read: mode_t = kind == S_IFDIR ? 0o555 : 0o444
        // Who may run a file that is theirs shares that, too.
        let run: mode_t = kind == S_IFREG && opened.st_mode & 0o100 != 0 ? 0o111 : 0
        fchmod(number, opened.st_mode & 0o7777 | read | run)
        guard kind == S_IFDIR else { return }
        for name in names(in: "/proc/self/fd/\(number)") { handOver(number, name, to: owner) }
    }

    /// Adds to the end of a regular file, which is made where there is none; a symbolic link is refused.
    public static func append(_ path: String, _ octets: [UInt8], mode: mode_t = 0o644) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK
        try OwnedDescriptor.open(path, flags, mode: mode).write(octets)
    }
}
