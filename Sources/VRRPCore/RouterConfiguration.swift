import Wire

/// Everything that the daemon's mind is told: virtual routers, how they hang together, and what they watch.
public struct RouterConfiguration: Hashable, Sendable {
    public var virtualRouters: [VirtualRouterConfiguration]
    public var syncGroups: [SyncGroupConfiguration] = []
    /// By name; a router refers to them in `trackedScripts`.
    public var scripts: [ScriptConfiguration]
    /// By name; a router refers to them in `trackedFiles`.
    public var files: [FileConfiguration] = []
    /// By name; a router refers to them in `trackedProcesses`.
    public var processes: [ProcessConfiguration] = []
    /// How long changes of an interface must last to count, by the interface's name (`interface_up_down_delays`).
    public var interfaceDelays: [String: InterfaceDelay] = [:]
    /// For how long after the start advertisements are not sent and those that are heard mean nothing
    /// (`vrrp_startup_delay`).
    public var startupDelay: Duration = .zero

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

/// A file with a number in it that routers watch (`track_file`); reading it is the host's work.
public struct FileConfiguration: Hashable, Sendable {
    public var name: String

    public init(name: String) {
        self.name = name
    }
}

/// How many processes of a kind there must be (`vrrp_track_process`); counting them is the host's work.
public struct ProcessConfiguration: Hashable, Sendable {
    public var name: String
    /// Good while the number of processes is in here (`quorum`, `quorum_max`).
    public var quorum: ClosedRange<Int> = 1...Int.max
    /// How long there must be too few, or enough again, before it counts (`terminate_delay`, `fork_delay`).
    public var terminateDelay: Duration = .zero
    public var forkDelay: Duration = .zero

    public init(name: String) {
        self.name = name
    }
}

/// How long an interface must be down, or up again, before it counts.
public struct InterfaceDelay: Hashable, Sendable {
    public var down: Duration
    public var up: Duration

    public init(down: Duration, up: Duration) {
        self.down = down
        self.up = up
    }
}
