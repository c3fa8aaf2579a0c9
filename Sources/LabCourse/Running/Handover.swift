import LinuxSystem

/// Gives what a run has made to whoever called it, readable for everybody.
///
/// The owner is who called sudo, else whose the innermost directory is that was there: who shares it with a container
/// has to be able to read and remove what comes out.
struct Handover: Sendable {
    private let root: String
    private let owner: FileOwner?
    /// Directories above that of the run that were made for it.
    private let made: [String]

    /// - Parameter root: where runs have their directories; it need not be there yet.
    init(below root: String) {
        self.root = root
        let prefixes = Self.prefixes(of: root)
        made = prefixes.filter { !FileSystem.exists($0) }
        let start = root.hasPrefix("/") ? "/" : "."
        owner =
            FileOwner.beforeSudo
            ?? ([start] + prefixes).last { FileSystem.exists($0) }.flatMap { FileOwner(of: $0) }
    }

    /// Makes the root and those above it as they are to be in the end.
    func makeRoot() throws(SystemError) {
        try FileSystem.makeDirectories(root)
        for directory in made { try? FileSystem.setMode(directory, 0o755) }
        giveRoot()
    }

    /// Lets everybody read a directory with all that is below it and the ones above that were made for it, whatever the
    /// umask.
    func share(_ directory: String) {
        for directory in made { try? FileSystem.setMode(directory, 0o755) }
        FileSystem.handOver(directory, to: nil)
    }

    /// Gives the directories away that were made above.
    func giveRoot() {
        guard let owner else { return }
        for directory in made { FileSystem.give(directory, to: owner) }
    }

    /// Gives a link away, never what it points to.
    func give(link: String) {
        if let owner { FileSystem.give(link, to: owner) }
    }

    /// Gives a file away, or a directory with all that is below it.
    func give(_ path: String) {
        FileSystem.handOver(path, to: owner)
    }

    /// A path and those above it, the outermost first.
    private static func prefixes(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return parts.indices.map { (path.hasPrefix("/") ? "/" : "") + parts[...$0].joined(separator: "/") }
    }
}
