/// Under which names the daemon shows itself in the file system, and where it runs.
public struct FileLayout: Hashable, Sendable {
    /// Runs in this network namespace (`net_namespace`).
    public var networkNamespace: String?
    /// Tells several daemons of a host apart (`instance`).
    public var instance: String?
    /// PID files are under `/run/keepalived` (`use_pid_dir`).
    public var usesPIDDirectory = false
    /// Names of dumps bear the namespace and the instance (`data_use_instance`).
    public var dumpsBearInstance = false
    /// nil: `keepalived.data`, `keepalived.stats` and `keepalived.json` in the directory for temporary files.
    public var stateDumpFile: String?
    public var statisticsDumpFile: String?
    public var jsonDumpFile: String?
    /// 1 or 2 (`json_version`).
    public var jsonVersion = 1

    public init() {}
}
