import CLinux
import Glibc

extension FileSystem {
    /// Reads a regular file; a directory, a pipe or a device is refused, because reading it might never end.
    ///
    /// - Parameter limit: in octets; a longer file is refused (`EFBIG`).
    public static func read(_ path: String, atMost limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        let file = try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let kind = try file.status().st_mode & S_IFMT
        guard kind == S_IFREG else { throw SystemError("read \(path)", code: kind == S_IFDIR ? EISDIR : EINVAL) }
        var octets: [UInt8] = []
        while let part = try file.read(), !part.isEmpty {
            octets += part
            guard octets.count <= limit else { throw SystemError("read \(path)", code: EFBIG) }
        }
        return octets
    }

    /// Reads one of the kernel's files, as under `/proc`, up to 64 KiB.
    public static func readSystemFile(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try OwnedDescriptor.open(path, O_RDONLY | O_NOCTTY)
        return try file.read() ?? []
    }

    /// Puts a file in place whole: readers see the old one or the new one, and a link that lies there is replaced, not
    /// followed.
    public static func replace(_ path: String, with octets: [UInt8], mode: mode_t) throws(SystemError) {
        let draft = "\(path).\(getpid())"
        unsafe unlink(draft)
        do {
            let file = try OwnedDescriptor.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try file.write(octets)
            try systemCall("rename to \(path)") { unsafe Glibc.rename(draft, path) }
        } catch {
            unsafe unlink(draft)
            throw error
        }
    }

    /// Writes to a file that is there, without waiting: a setting of the kernel's below `/proc` or `/sys`.
    public static func overwrite(_ path: String, with octets: [UInt8]) throws(SystemError) {
        try OwnedDescriptor.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY).write(octets)
    }

    /// The paths that a shell pattern with `*`, `?`, `[…]` and `{a,b}` matches, in order; none is not an error.
    public static func paths(matching pattern: String) -> [String] {
        var matches = unsafe glob_t()
        defer { unsafe globfree(&matches) }
        guard unsafe glob(pattern, GLOB_BRACE, nil, &matches) == 0 else { return [] }
        return unsafe (0..<Int(matches.gl_pathc)).compactMap { index in
            unsafe matches.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }
}

extension OwnedDescriptor {
    borrowing func status() throws(SystemError) -> stat {
        var status = stat()
        try systemCall("fstat") { unsafe fstat(number, &status) }
        return status
    }
}
