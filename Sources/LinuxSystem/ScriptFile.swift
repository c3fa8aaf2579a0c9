/// A script's program as the file system shows it: the way to it, and who may change what lies on that way.
public struct ScriptFile: Hashable, Sendable {
    /// From the root directory to the program itself, links followed; never empty.
    public var components: [FileStatus]

    /// - Parameter components: at least the program itself.
    public init(components: [FileStatus]) {
        self.components = components
    }

    private var program: FileStatus { components[components.count - 1] }

    /// Whether a program may be run by an account, as far as its own mode tells.
    public func isExecutable(by account: UserAccount) -> Bool {
        guard program.isRegular else { return false }
        if account.user == 0 { return program.mode & 0o111 != 0 }
        if account.user == program.owner { return program.mode & 0o100 != 0 }
        return program.mode & (account.group == program.group ? 0o010 : 0o001) != 0
    }

    /// Whether nobody but root can change what an account would run with root's rights; other accounts only risk
    /// their own.
    public func isSafe(for account: UserAccount) -> Bool {
        !runsAsRoot(for: account) || components.allSatisfy(\.isRootsOnly)
    }

    private func runsAsRoot(for account: UserAccount) -> Bool {
        account.user == 0 || account.group == 0 || program.lendsOwner && program.owner == 0
            || program.lendsGroup && program.group == 0
    }
}

extension FileStatus {
    /// keepalived's rule: root's own, writable by nobody else; group root may write, and a sticky directory such as
    /// `/tmp` lets nobody touch what is root's in it.
    fileprivate var isRootsOnly: Bool {
        guard owner == 0 else { return false }
        if isDirectory && isSticky { return true }
        return mode & 0o002 == 0 && (mode & 0o020 == 0 || group == 0)
    }
}

extension ScriptFile {
    /// Looks at a path; nil when there is nothing, or nothing that may be looked at.
    public init?(at path: String) {
        guard let way = FileSystem.way(to: path) else { return nil }
        components = way
    }
}
