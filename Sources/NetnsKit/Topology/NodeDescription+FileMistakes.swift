extension NodeDescription {
    /// What is wrong with the directories, mounts and files of the node.
    var fileSystemMistakes: [TopologyError] {
        pathMistakes + mountMistakes + fileMistakes
    }

    private var pathMistakes: [TopologyError] {
        let paths = privateDirectories + exposedPaths + mounts.flatMap { [$0.source, $0.target] } + files.map(\.path)
        return paths.filter { !Self.isPlainPath($0) }.map { .badPath($0, node: name) }
    }

    /// Absolute, with no part that means another directory; the root itself is not meant.
    private static func isPlainPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        return path.hasPrefix("/") && !path.contains("\0") && path.utf8.count < 4096
            && parts.allSatisfy { !["", ".", ".."].contains($0) }
    }

    private var mountMistakes: [TopologyError] {
        var seen: Set<String> = []
        return mounts.filter { !seen.insert($0.target).inserted }.map { .duplicateMount($0.target, node: name) }
    }

    private var fileMistakes: [TopologyError] {
        var seen: Set<String> = []
        return files.filter { Self.isPlainPath($0.path) }.flatMap { file -> [TopologyError] in
            var mistakes: [TopologyError] = []
            if !seen.insert(file.path).inserted { mistakes.append(.duplicateFile(file.path, node: name)) }
            if !hasForItself(file.path) { mistakes.append(.fileNotPrivate(file.path, node: name)) }
            if file.mode > 0o7777 { mistakes.append(.badFileMode(file.mode, path: file.path, node: name)) }
            return mistakes
        }
    }
}
