import CLinux
import Glibc

/// Files and directories of the host, whole files at a time.
public enum FileSystem {
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

    /// Puts a file in place whole: readers see the old one or the new one, and a link that lies there is replaced, not
    /// followed.
    public static func replace(_ path: String, with octets: [UInt8], mode: mode_t) throws(SystemError) {
        let draft = "\(path).\(getpid())"
        unsafe unlink(draft)
        do {
            let file = try OwnedDescriptor.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try file.write(octets)
            try systemCall("rename to \(path)") { unsafe rename(draft, path) }
        } catch {
            unsafe unlink(draft)
            throw error
        }
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

    /// Makes a directory and those above it; one that is there already is left as it is.
    public static func makeDirectories(_ path: String) throws(SystemError) {
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += part + "/"
            let code = unsafe mkdir(prefix, 0o755) == 0 ? 0 : errno
            if code != 0, code != EEXIST { throw SystemError("mkdir \(prefix)", code: code) }
        }
    }

    /// The names in a directory, without `.` and `..`; none when it cannot be read.
    public static func names(in path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a symbolic link, in the place of one that was there.
    public static func link(_ path: String, to target: String) throws(SystemError) {
        unsafe unlink(path)
        try systemCall("symlink \(path)") { unsafe symlink(target, path) }
    }
}

extension OwnedDescriptor {
    borrowing func status() throws(SystemError) -> stat {
        var status = stat()
        try systemCall("fstat") { unsafe fstat(number, &status) }
        return status
    }
}
