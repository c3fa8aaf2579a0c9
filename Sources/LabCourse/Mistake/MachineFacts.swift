import LinuxSystem

/// What configurations refer to on the machine: users, and programs that are not the learner's own.
public struct MachineFacts: Sendable {
    /// The user of a name; nil when there is none.
    public var account: @Sendable (_ name: String) -> UserAccount?
    /// Every step of the way to a program, links followed; nil when there is nothing.
    public var way: @Sendable (_ path: String) -> [FileStatus]?

    public init(
        account: @escaping @Sendable (_ name: String) -> UserAccount?,
        way: @escaping @Sendable (_ path: String) -> [FileStatus]?
    ) {
        self.account = account
        self.way = way
    }

    /// This machine.
    public static let present = MachineFacts(account: { UserAccount(named: $0) }, way: { FileSystem.way(to: $0) })
}
