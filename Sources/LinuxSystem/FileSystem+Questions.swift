import CLinux
import Glibc

extension FileSystem {
    /// Whether there is a directory, links followed.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is anything.
    public static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Whether a file can be opened for reading; a pipe without a writer can.
    public static func canRead(_ path: String) -> Bool {
        (try? OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)) != nil
    }

    /// Writes a regular file anew, making it where there is none; a symbolic link is refused.
    public static func write(_ path: String, _ octets: [UInt8], mode: mode_t) throws(SystemError) {
        let file = try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, mode: mode)
        try file.write(octets)
    }
}

extension FileSystem {
    /// How long ago something was changed, by the wall clock; nil when it is not there.
    public static func age(of path: String) -> Duration? {
        var status = stat()
        var now = timespec()
        guard unsafe stat(path, &status) == 0, unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        return .seconds(now.tv_sec - status.st_mtim.tv_sec)
    }
}
