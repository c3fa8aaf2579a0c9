import LinuxSystem
import Wire

// What the topology puts into a node's file system, and what its programs find in their environment.
extension Node {
    /// Writes the files of the topology, with the directories above them, before any program can start.
    func placeFiles() throws(LabError) {
        for placed in description.files {
            let directory = placed.path.split(separator: "/").dropLast().joined(separator: "/")
            let host = try host()
            try file(placed.path) { () throws(SystemError) in
                try FileSystem.makeDirectories(directory, below: host.root())
            }
            try write(placed.contents, to: placed.path, mode: placed.mode)
        }
    }
}

extension NodeDescription {
    /// What a program enters that runs in the node.
    var namespaces: NamespaceKinds { clockOffset == nil ? .node : [.node, .clocks] }

    /// What netnsinit is told of the node's clocks and file system.
    var instructions: [String] {
        var words = clockOffset.map { ["clock", "\($0.nanoseconds)"] } ?? []
        words += privateDirectories.flatMap { ["private", $0] }
        words += exposedPaths.flatMap { ["expose", $0] }
        words += mounts.flatMap { [$0.isWritable ? "bind" : "bind-read-only", $0.source, $0.target] }
        return words
    }

    /// Whether a path lies in a private directory and not in a part of the host that is mounted there.
    func hasForItself(_ path: String) -> Bool {
        let isBelow = { (directory: String) in path.hasPrefix(directory + "/") }
        let shown = exposedPaths + mounts.map(\.target)
        return privateDirectories.contains(where: isBelow) && !path.contains("/../")
            && !shown.contains { path == $0 || isBelow($0) }
    }

    /// A program's environment as the kernel takes it: PATH, the node's own, and on top what its starter adds.
    func variables(adding others: [String: String]) -> [String] {
        let standard = ["PATH": ProgramRequest.standardPath]
        let all = [environment, others].reduce(standard) { $0.merging($1) { _, new in new } }
        return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
