import Glibc

/// The program that this process runs, and others beside it.
public enum RunningProgram {
    /// Its absolute path, links followed.
    public static var path: String {
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, used in
            let length = unsafe buffer.withMemoryRebound(to: CChar.self) { path in
                unsafe path.baseAddress.map { unsafe readlink("/proc/self/exe", $0, path.count) } ?? -1
            }
            used = max(length, 0)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    /// The directory that it lies in, without a slash at the end.
    public static var directory: String {
        path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }

    /// Whether a path is a program that this process may run.
    public static func isExecutable(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0
    }
}
