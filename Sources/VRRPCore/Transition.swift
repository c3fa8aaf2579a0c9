/// A virtual router or a sync group entered a state that scripts are told of.
public struct Transition: Hashable, Sendable {
    /// Who it is about.
    public enum Subject: String, Hashable, Sendable, Codable {
        case instance = "INSTANCE"
        case group = "GROUP"
    }

    public var subject: Subject
    /// The name of the virtual router or of the group.
    public var router: String
    public var state: NotifiedState
    /// The effective priority at that moment; 0 for a group.
    public var priority: UInt8

    public init(_ subject: Subject = .instance, router: String, state: NotifiedState, priority: UInt8) {
        self.subject = subject
        self.router = router
        self.state = state
        self.priority = priority
    }
}

/// keepalived's words for states, as notify scripts get them.
public enum NotifiedState: String, Hashable, Sendable, Codable {
    case master = "MASTER"
    case backup = "BACKUP"
    case fault = "FAULT"
    case stop = "STOP"
    /// The reload removed it, and it was told `notify_deleted`.
    case deleted = "DELETED"
    /// A master heard a weaker one.
    case receivedLowerPriority = "MASTER_RX_LOWER_PRI"
    /// The effective priority changed, with `notify_priority_changes`.
    case masterPriority = "MASTER_PRIORITY"
    case backupPriority = "BACKUP_PRIORITY"
}
