/// A named pipe that gets a line for each transition.
public struct NotifyFIFO: Hashable, Sendable {
    public var path: String
    /// Whose it is, when the daemon makes it; nil: the daemon's.
    public var user: String?
    public var group: String?
    /// Runs as long as the daemon, with the path as its last argument (`notify_fifo_script`).
    public var script: ScriptCommand?

    public init(path: String, user: String? = nil, group: String? = nil, script: ScriptCommand? = nil) {
        self.path = path
        self.user = user
        self.group = group
        self.script = script
    }
}
