import Glibc

extension FileSystem {
    /// Makes a directory for its owner alone where there is none, and makes sure that it is one: who may write into it
    /// may pretend to be its owner.
    ///
    /// - Throws: `ENOTDIR` when it is something else, `EPERM` when it is somebody else's.
    public static func makePrivateDirectory(_ path: String) throws(SystemError) {
        let code = unsafe mkdir(path, 0o700) == 0 ? 0 : errno
        if code != 0, code != EEXIST { throw SystemError("mkdir \(path)", code: code) }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw SystemError("lstat \(path)") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemError("use \(path)", code: ENOTDIR) }
        guard status.st_uid == geteuid() else { throw SystemError("use \(path), which is another user's", code: EPERM) }
        if status.st_mode & 0o077 != 0 { try systemCall("chmod \(path)") { unsafe chmod(path, 0o700) } }
    }

    /// Makes a directory that nobody else has made: of several callers at once, one gets it.
    ///
    /// - Returns: false when something of that name is there already.
    public static func makeNewDirectory(_ path: String) throws(SystemError) -> Bool {
        let code = unsafe mkdir(path, 0o755) == 0 ? 0 : errno
        if code != 0, code != EEXIST { throw SystemError("mkdir \(path)", code: code) }
        return code == 0
    }

    /// The names in a directory, in no order, the two of the directory itself and its parent included.
    public static func entries(of path: String) throws(SystemError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw SystemError("opendir \(path)") }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
                unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    /// Makes a directory and those above it as they are found below a directory that stands for the root; a symbolic
    /// link on the way is an error (`ELOOP`).
    public static func makeDirectories(_ path: String, below root: borrowing OwnedDescriptor) throws(SystemError) {
        var parent = "/"
        for part in path.split(separator: "/") {
            let directory = try OwnedDescriptor.open(
                parent, below: root, OwnedDescriptor.pathOnly | O_DIRECTORY, followingLinks: false)
            let code = unsafe mkdirat(directory.number, String(part), 0o755) == 0 ? 0 : errno
            if code != 0, code != EEXIST { throw SystemError("mkdir \(parent)\(part)", code: code) }
            parent += part + "/"
        }
    }
}
