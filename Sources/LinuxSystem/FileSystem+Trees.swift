import CLinux
import Glibc

// Whole directories, without following any link: what a link points to is somebody else's.
extension FileSystem {
    /// What a file is itself, not what it links to; nil when there is nothing.
    public static func linkStatus(_ path: String) -> FileStatus? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return FileStatus(owner: status.st_uid, group: status.st_gid, mode: status.st_mode)
    }

    /// How many octets the regular files in a directory have, and in those below it.
    public static func size(ofTree path: String) -> Int {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return 0 }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: return names(in: path).reduce(0) { $0 + size(ofTree: "\(path)/\($1)") }
        default: return 0
        }
    }

    /// Removes a directory with everything in it; of a link only the link goes.
    public static func removeTree(_ path: String) throws(SystemError) {
        guard let status = linkStatus(path) else { return }
        guard status.isDirectory else {
            try systemCall("unlink \(path)") { unsafe unlink(path) }
            return
        }
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
        try removeContents(of: try OwnedDescriptor.open(path, flags), path)
        try systemCall("rmdir \(path)") { unsafe rmdir(path) }
    }

    /// A name may become a link while this goes on: each is looked up in its open directory.
    private static func removeContents(of directory: consuming OwnedDescriptor, _ path: String) throws(SystemError) {
        let number = directory.number
        for name in try entries(of: "/proc/self/fd/\(number)") where name != "." && name != ".." {
            if unsafe unlinkat(number, name, 0) == 0 { continue }
            guard errno == EISDIR || errno == EPERM else { throw SystemError("unlink \(path)/\(name)") }
            let flags = O_RDONLY | O_DIRECTORY
            let child = try OwnedDescriptor.open(name, below: directory, flags, followingLinks: false)
            try removeContents(of: child, "\(path)/\(name)")
            try systemCall("rmdir \(path)/\(name)") { unsafe unlinkat(number, name, AT_REMOVEDIR) }
        }
    }

    /// Copies the directories and regular files of a directory into a new one; links and devices are left out.
    public static func copyTree(_ path: String, to copy: String) throws(SystemError) {
        try makeDirectories(copy)
        for name in names(in: path) {
            let (source, target) = ("\(path)/\(name)", "\(copy)/\(name)")
            guard let status = linkStatus(source) else { continue }
            if status.isDirectory {
                try copyTree(source, to: target)
            } else if status.isRegular {
                try replace(target, with: try read(source, atMost: 1 << 30), mode: status.mode & 0o777)
            }
        }
    }
}
