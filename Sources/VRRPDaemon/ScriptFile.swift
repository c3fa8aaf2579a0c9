import Glibc
import LinuxSystem

/// A script's program as the file system shows it: the way to it, and who may change what lies on that way.
struct ScriptFile: Hashable, Sendable {
    /// The owner, group and mode of a file or directory, as stat(2) tells them.
    struct Component: Hashable, Sendable {
        var owner: UInt32
        var group: UInt32
        var mode: UInt32
    }

    /// From the root directory to the program itself, links followed; never empty.
    var components: [Component]

    private var program: Component { components[components.count - 1] }

    /// Whether a program may be run by an account, as far as its own mode tells.
    func isExecutable(by account: UserAccount) -> Bool {
        guard program.mode & S_IFMT == S_IFREG else { return false }
        if account.user == 0 { return program.mode & 0o111 != 0 }
        if account.user == program.owner { return program.mode & 0o100 != 0 }
        return program.mode & (account.group == program.group ? 0o010 : 0o001) != 0
    }

    /// Whether nobody but root can change what an account would run with root's rights; other accounts only risk
    /// their own.
    func isSafe(for account: UserAccount) -> Bool {
        !runsAsRoot(for: account) || components.allSatisfy(\.isRootsOnly)
    }

    private func runsAsRoot(for account: UserAccount) -> Bool {
        account.user == 0 || account.group == 0
            || program.mode & S_ISUID != 0 && program.owner == 0 || program.mode & S_ISGID != 0 && program.group == 0
    }
}

extension ScriptFile.Component {
    /// keepalived's rule: root's own, writable by nobody else; group root may write, and a sticky directory such as
    /// `/tmp` lets nobody touch what is root's in it.
    fileprivate var isRootsOnly: Bool {
        guard owner == 0 else { return false }
        if mode & S_IFMT == S_IFDIR && mode & S_ISVTX != 0 { return true }
        return mode & 0o002 == 0 && (mode & 0o020 == 0 || group == 0)
    }
}

extension ScriptFile {
    /// Looks at a path; nil when there is nothing, or nothing that may be looked at.
    init?(at path: String) {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let names = unsafe String(cString: resolved).split(separator: "/")
        let paths = ["/"] + names.indices.map { "/" + names[...$0].joined(separator: "/") }
        var components: [Component] = []
        for path in paths {
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { return nil }
            components.append(Component(owner: status.st_uid, group: status.st_gid, mode: status.st_mode))
        }
        self.components = components
    }
}
