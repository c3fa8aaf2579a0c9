extension VirtualRouter {
    /// The states of RFC 9568 §6.4; keepalived's INIT and FAULT are both `initialize`.
    public enum State: Hashable, Sendable {
        /// Out of the election, and why.
        case initialize(Set<Blocker>)
        /// Listening to a master, or waiting for one.
        case backup(Backup)
        /// Holding the addresses.
        case active(Active)
    }
}

extension VirtualRouter.State {
    /// Whether something is wrong, and not merely not known yet.
    public var isFault: Bool {
        guard case .initialize(let blockers) = self else { return false }
        return blockers.contains(where: \.isFault)
    }
}

extension VirtualRouter.State {
    /// The state as scripts are told of it; nil while it only waits.
    var notified: NotifiedState? {
        switch self {
        case .initialize: isFault ? .fault : nil
        case .backup: .backup
        case .active: .master
        }
    }

    /// The router that a backup listens to.
    var master: VirtualRouter.Master? {
        guard case .backup(let backup) = self else { return nil }
        return backup.master
    }
}

extension VirtualRouter.State: CustomStringConvertible {
    /// keepalived's word: INIT, FAULT, BACKUP or MASTER.
    public var description: String {
        switch self {
        case .initialize: isFault ? "FAULT" : "INIT"
        case .backup: "BACKUP"
        case .active: "MASTER"
        }
    }
}
