import CLinux
import Glibc

/// What a program may want to know of itself.
public enum ThisProcess {
    /// As seen from its own PID namespace.
    public static var pid: Int32 { getpid() }

    /// The machine's name up to its first dot.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        let octets = name.prefix { $0 != 0 && $0 != CChar(bitPattern: UInt8(ascii: ".")) }
        return String(decoding: octets.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A variable of the environment; nil when it is not set.
    public static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Every variable of the environment, each as `NAME=VALUE`.
    public static var environment: [String] {
        var variables: [String] = []
        var next = unsafe environ
        while let text = unsafe next.pointee {
            unsafe variables.append(String(cString: text))
            unsafe next += 1
        }
        return variables
    }

    /// The directory that relative paths begin in; nil when it is gone.
    public static var workingDirectory: String? {
        guard let path = unsafe getcwd(nil, 0) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// As whom it acts on files.
    public static var user: UInt32 { geteuid() }

    /// How many threads make sense for work that the kernel does for each: as many as processors, but 2...4.
    public static var parallelism: Int {
        min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 2), 4)
    }

    /// Gives memory that is free inside back to the kernel, after work that took much of it for a moment.
    public static func returnFreeMemory() {
        malloc_trim(0)
    }

    /// Ends it at once.
    public static func exit(_ status: Int32) -> Never {
        Glibc.exit(status)
    }
}
