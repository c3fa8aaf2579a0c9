import Glibc

/// The program that this process runs, and others beside it.
public enum RunningProgram {
    /// Its absolute path, links followed.
    public static var path: String {
        FileSystem.target(ofLink: "/proc/self/exe") ?? ""
    }

    /// The directory that it lies in, without a slash at the end.
    public static var directory: String {
        path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    }

    /// The directory above `directory`: that of an installation, when the program lies in its `bin`.
    public static var prefix: String {
        path.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
    }

    /// Whether a path is a program that this process may run.
    public static func isExecutable(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0
    }
}
