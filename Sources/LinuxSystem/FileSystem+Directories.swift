import Glibc

extension FileSystem {
    /// Makes a directory that nobody else has made: of several callers at once, one gets it.
    ///
    /// - Returns: false when something of that name is there already.
    public static func makeNewDirectory(_ path: String) throws(SystemError) -> Bool {
        let code = unsafe mkdir(path, 0o755) == 0 ? 0 : errno
        if code != 0, code != EEXIST { throw SystemError("mkdir \(path)", code: code) }
        return code == 0
    }
}
