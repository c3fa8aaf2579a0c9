import CLinux
import Glibc

extension UserAccount {
    /// Where a user's own files are; nil when the system's database has no such number.
    public static func homeDirectory(ofUser number: UInt32) -> String? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var space = [CChar](repeating: 0, count: 16 << 10)
        let count = space.count
        unsafe getpwuid_r(number, &entry, &space, count, &found)
        guard unsafe found != nil, let directory = unsafe entry.pw_dir else { return nil }
        return unsafe String(cString: directory)
    }
}
