import CLinux
import Glibc

/// A user and a group to run a program as, as the system's databases number them.
public struct UserAccount: Hashable, Sendable {
    public let user: UInt32
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// Who this process is.
    public static var own: UserAccount { UserAccount(user: geteuid(), group: getegid()) }

    /// The user of that name with its first group; nil when there is none.
    public init?(named name: String) {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var space = [CChar](repeating: 0, count: 16 << 10)
        let count = space.count
        unsafe getpwnam_r(name, &entry, &space, count, &found)
        guard unsafe found != nil else { return nil }
        unsafe self.init(user: entry.pw_uid, group: entry.pw_gid)
    }

    /// The number of the group of that name; nil when there is none.
    public static func groupNumber(named name: String) -> UInt32? {
        var entry = unsafe Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var space = [CChar](repeating: 0, count: 16 << 10)
        let count = space.count
        unsafe getgrnam_r(name, &entry, &space, count, &found)
        guard unsafe found != nil else { return nil }
        return unsafe entry.gr_gid
    }
}
