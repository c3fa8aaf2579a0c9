import Glibc
import LinuxSystem

/// Whether this machine lets a user without rights be root of namespaces of its own.
public enum UserNamespaces {
    /// What speaks against it and what would help, as far as the kernel tells; nil when nothing does.
    public static var obstacle: String? {
        guard FileSystem.exists("/proc/self/ns/user") else { return "this kernel has no user namespaces" }
        return settings.first { number(at: "/proc/sys/" + $0.path) == $0.forbidding }.map { setting in
            let name = setting.path.split(separator: "/").joined(separator: ".")
            return "user namespaces are not allowed: \(name) is \(setting.forbidding), and sysctl -w "
                + "\(name)=\(setting.allowing) as root allows them"
        }
    }

    /// The kernel's own limit, Debian's switch, and AppArmor's.
    private static let settings = [
        (path: "user/max_user_namespaces", forbidding: 0, allowing: 10_000),
        (path: "kernel/unprivileged_userns_clone", forbidding: 0, allowing: 1),
        (path: "kernel/apparmor_restrict_unprivileged_userns", forbidding: 1, allowing: 0),
    ]

    /// The user of the namespace around this one whose rights root has here; nil when root is root.
    public static var outerUser: Int? {
        let words = text(at: "/proc/self/uid_map")?.split { " \n".contains($0) }.compactMap { Int($0) } ?? []
        // The first extent: from which number, to which outside, and how many.
        guard words.count == 3, words[0] == 0, words[2] == 1 else { return nil }
        return words[1]
    }

    private static func number(at path: String) -> Int? {
        text(at: path).flatMap { Int($0.filter { $0 != "\n" }) }
    }

    private static func text(at path: String) -> String? {
        guard let octets = try? OwnedDescriptor.open(path, O_RDONLY).read() else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }
}
