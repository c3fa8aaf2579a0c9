import LinuxSystem

/// A program that a scenario runs and that not every machine has.
public struct ProgramNeed: Hashable, Sendable {
    /// Absolute.
    public var path: String
    /// The package of Debian and Ubuntu that brings it.
    public var package: String

    public init(_ path: String, package: String) {
        self.path = path
        self.package = package
    }

    /// The last part of its path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Whether this machine has it.
    public var isInstalled: Bool { RunningProgram.isExecutable(path) }

    public static let haproxy = ProgramNeed("/usr/sbin/haproxy", package: "haproxy")
    public static let curl = ProgramNeed("/usr/bin/curl", package: "curl")
    public static let socat = ProgramNeed("/usr/bin/socat", package: "socat")
    public static let killall = ProgramNeed("/usr/bin/killall", package: "psmisc")
    public static let pgrep = ProgramNeed("/usr/bin/pgrep", package: "procps")
    public static let keepalived = ProgramNeed("/usr/sbin/keepalived", package: "keepalived")
}
