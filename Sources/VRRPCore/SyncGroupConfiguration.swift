/// Virtual routers that are masters together or not at all (`vrrp_sync_group`).
public struct SyncGroupConfiguration: Hashable, Sendable {
    public var name: String
    /// Names of virtual routers, each in one group at most.
    public var members: [String]
    public var trackedScripts: [TrackedItem] = []
    public var trackedInterfaces: [TrackedItem] = []
    public var trackedFiles: [TrackedItem] = []
    public var trackedProcesses: [TrackedItem] = []
    /// The weights of members and group count for every member; otherwise members of a group have none
    /// (`sync_group_tracking_weight`).
    public var usesWeights = false
    /// Scripts are told when the effective priority of a member changes (`notify_priority_changes`).
    public var notifiesPriorityChanges = false

    public init(name: String, members: [String]) {
        self.name = name
        self.members = members
    }
}
