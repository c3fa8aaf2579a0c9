import CLinux
import Glibc

/// What stat(2) tells of a file: who owns it, and who may do what with it.
public struct FileStatus: Hashable, Sendable {
    public var owner: UInt32
    public var group: UInt32
    /// Type and permission bits together.
    public var mode: UInt32

    public init(owner: UInt32, group: UInt32, mode: UInt32) {
        self.owner = owner
        self.group = group
        self.mode = mode
    }

    public var isRegular: Bool { mode & S_IFMT == S_IFREG }
    public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// In a sticky directory nobody touches what is another's.
    public var isSticky: Bool { mode & S_ISVTX != 0 }
    /// Running it lends the rights of its owner.
    public var lendsOwner: Bool { mode & S_ISUID != 0 }
    /// Running it lends the rights of its group.
    public var lendsGroup: Bool { mode & S_ISGID != 0 }
}

extension FileSystem {
    /// Every step of the way to a file, links followed, from the root directory to the file itself.
    ///
    /// - Returns: nil when there is nothing, or nothing that may be looked at.
    public static func way(to path: String) -> [FileStatus]? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let names = unsafe String(cString: resolved).split(separator: "/")
        var way: [FileStatus] = []
        for path in ["/"] + names.indices.map({ "/" + names[...$0].joined(separator: "/") }) {
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { return nil }
            way.append(FileStatus(owner: status.st_uid, group: status.st_gid, mode: status.st_mode))
        }
        return way
    }
}
