import Glibc

/// Where this process may make control groups: version 1 and 2 both, as systems have the one, the other, or some of
/// each.
public struct ControlGroupParent: Hashable, Sendable {
    /// The directory that new groups are made in.
    public let path: String
    private let hierarchy: Hierarchy

    /// One mounted control group file system.
    private struct Hierarchy: Hashable, Sendable {
        /// As `/proc/PID/cgroup` names it: the controllers with commas between them, or nothing for version 2.
        var name: String
        var mountPoint: String
        /// Of this process.
        var group: String

        func path(of group: String) -> String { mountPoint + (group == "/" ? "" : group) }
    }

    /// Groups whose processes get a share of the processors; nil where this process may make none.
    public static var forProcessorShares: ControlGroupParent? {
        for hierarchy in hierarchies where hierarchy.name.split(separator: ",").contains("cpu") {
            return usable(hierarchy, hierarchy.path(of: hierarchy.group), having: "cpu.cfs_quota_us")
        }
        // In version 2 a group has what the one above it hands down, and processes are in the lowest groups only.
        guard let hierarchy = hierarchies.first(where: { $0.name.isEmpty }) else { return nil }
        var group = hierarchy.group
        while true {
            let path = hierarchy.path(of: group)
            if (try? words(of: "\(path)/cgroup.subtree_control"))?.contains("cpu") == true {
                return usable(hierarchy, path, having: nil)
            }
            guard group != "/" else { return nil }
            group = String(group[..<(group.lastIndex(of: "/") ?? group.startIndex)])
            if group.isEmpty { group = "/" }
        }
    }

    /// Groups whose processes can be frozen; nil where this process may make none. Version 1 froze processes so hard
    /// that not even SIGKILL ended them, so it does not count.
    public static var forFreezing: ControlGroupParent? {
        guard let hierarchy = hierarchies.first(where: { $0.name.isEmpty }) else { return nil }
        return usable(hierarchy, hierarchy.path(of: hierarchy.group), having: nil)
    }

    /// The directory of the group that a process is in now.
    public func group(ofProcess pid: Int32) throws(SystemError) -> String {
        guard let group = Self.groups(ofProcess: "\(pid)")[hierarchy.name] else {
            throw SystemError("read /proc/\(pid)/cgroup", code: ESRCH)
        }
        return hierarchy.path(of: group)
    }

    private static func usable(_ hierarchy: Hierarchy, _ path: String, having file: String?) -> ControlGroupParent? {
        let isThere = file.map { FileSystem.exists("\(path)/\($0)") || FileSystem.exists("\(path)/cgroup.procs") }
        guard isThere ?? true, unsafe access(path, W_OK) == 0, unsafe access("\(path)/cgroup.procs", W_OK) == 0
        else { return nil }
        return ControlGroupParent(path: path, hierarchy: hierarchy)
    }

    private static var hierarchies: [Hierarchy] {
        let groups = groups(ofProcess: "self")
        guard let mounts = try? FileSystem.read("/proc/self/mountinfo") else { return [] }
        return String(decoding: mounts, as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), words.count > dash + 3, words.count > 4 else { return nil }
            let options = words[dash + 3].split(separator: ",")
            let name: String
            switch words[dash + 1] {
            case "cgroup2": name = ""
            case "cgroup":
                guard
                    let found = groups.keys.first(where: { name in
                        !name.isEmpty && name.split(separator: ",").allSatisfy(options.contains)
                    })
                else { return nil }
                name = found
            default: return nil
            }
            // A container may see a part of the tree only, as if it were all.
            guard var group = groups[name], !group.hasPrefix("/..") else { return nil }
            let root = String(words[3])
            if root != "/" {
                guard group.hasPrefix(root) else { return nil }
                group = String(group.dropFirst(root.count))
                if group.isEmpty { group = "/" }
            }
            return Hierarchy(name: name, mountPoint: String(words[4]), group: group)
        }
    }

    /// The group of a process in each hierarchy, by the hierarchy's name.
    private static func groups(ofProcess pid: String) -> [String: String] {
        guard let octets = try? FileSystem.read("/proc/\(pid)/cgroup") else { return [:] }
        var groups: [String: String] = [:]
        for line in String(decoding: octets, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3 { groups[String(parts[1])] = String(parts[2]) }
        }
        return groups
    }

    static func words(of path: String) throws(SystemError) -> [Substring] {
        String(decoding: try FileSystem.read(path), as: UTF8.self).split { " \n".contains($0) }
    }
}
