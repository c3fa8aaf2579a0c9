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
}
