import Glibc

/// Files and directories of the host.
public enum FileSystem {
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

    /// Removes a file; one that is not there is no error, and neither is one that nobody may remove.
    public static func remove(_ path: String) {
        unsafe unlink(path)
    }

    /// Gives a file another name on the same file system, in the place of one that was there.
    public static func rename(_ path: String, to other: String) throws(SystemError) {
        try systemCall("rename \(path)") { unsafe Glibc.rename(path, other) }
    }

    /// Where a symbolic link points, such as `net:[4026531840]` for a namespace; nil when it cannot be read.
    public static func target(ofLink path: String) -> String? {
        var length = -1
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, used in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe text.baseAddress.map { unsafe readlink(path, $0, text.count) } ?? -1
            }
            used = max(length, 0)
        }
        return length < 0 ? nil : String(decoding: octets, as: UTF8.self)
    }

    /// Makes a symbolic link, in the place of one that was there.
    public static func link(_ path: String, to target: String) throws(SystemError) {
        unsafe unlink(path)
        try systemCall("symlink \(path)") { unsafe symlink(target, path) }
    }
}
