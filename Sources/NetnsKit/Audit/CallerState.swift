import LinuxSystem
import Netlink
import Wire

/// What the process that runs a lab could find changed around itself: the links of its own network, and its mounts.
struct CallerState: Sendable {
    /// By index; of those that can be told from others by their address.
    var links: [Int32: LinkRecord] = [:]
    /// Where something is mounted, by the mount's number.
    var mounts: [Int: String] = [:]

    static func now() -> CallerState {
        var state = CallerState()
        if var routes = try? RouteSocket(), let links = try? routes.links() {
            for link in links { state.links[link.index] = link }
        }
        for line in FileSystem.systemLines(of: "/proc/self/mountinfo") {
            // Number, parent, device, root, mount point.
            let words = line.split(separator: " ", maxSplits: 5)
            if words.count > 4, let number = Int(words[0]) { state.mounts[number] = String(words[4]) }
        }
        return state
    }

    /// Where control groups are mounted.
    static var controlGroupRoots: [String] {
        FileSystem.systemLines(of: "/proc/self/mountinfo").compactMap { line in
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), words.count > dash + 1 else { return nil }
            return words[dash + 1].hasPrefix("cgroup") ? String(words[4]) : nil
        }
    }
}
