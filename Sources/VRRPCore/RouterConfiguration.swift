import Wire

/// Everything that the daemon's mind is told: virtual routers and the scripts that they watch.
public struct RouterConfiguration: Hashable, Sendable {
    public var virtualRouters: [VirtualRouterConfiguration]
    /// By name; a router refers to them in `trackedScripts`.
    public var scripts: [ScriptConfiguration]

    public init(virtualRouters: [VirtualRouterConfiguration] = [], scripts: [ScriptConfiguration] = []) {
        self.virtualRouters = virtualRouters
        self.scripts = scripts
    }
}

/// How the results of a track script are counted; running it is the host's work.
public struct ScriptConfiguration: Hashable, Sendable {
    public var name: String
    /// From one start to the next (`interval`).
    public var interval: Duration = .seconds(1)
    /// Consecutive successes that make a failed script good (`rise`); at least 1.
    public var rise = 1
    /// Consecutive failures that make a good script failed (`fall`); at least 1.
    public var fall = 1
    /// Taken as failed until `rise` successes (`init_fail`).
    public var startsFailed = false

    public init(name: String) {
        self.name = name
    }
}
