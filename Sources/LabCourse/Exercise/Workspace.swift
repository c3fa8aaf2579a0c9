import LinuxSystem

/// Where a learner writes: the directory that stands for `/etc/keepalived`, read and never changed.
public struct Workspace: Hashable, Sendable {
    /// Where the lab's text has its reader write.
    public static let standardDirectory = "/etc/keepalived"
    /// In octets: more than anybody writes by hand, and little enough to read at once.
    public static let largestFile = 256 << 10

    /// The directory of the host that is read in its place.
    public var directory: String

    public init(directory: String = Self.standardDirectory) {
        self.directory = directory
    }

    /// Where the host has a file that the lab's text names.
    public func place(of path: String) -> String {
        let standard = Self.standardDirectory + "/"
        return path.hasPrefix(standard) ? "\(directory)/\(path.dropFirst(standard.count))" : path
    }

    /// A file under the name that the lab's text has for it; nil when it is not written yet.
    ///
    /// - Throws: `SystemError` when it is there and cannot be read.
    public func file(_ path: String) throws(SystemError) -> SourceFile? {
        let place = place(of: path)
        guard FileSystem.exists(place), let status = FileSystem.way(to: place)?.last, status.isRegular else {
            return nil
        }
        let (owner, group) = identity(of: status)
        return SourceFile(
            path, try FileSystem.read(place, atMost: Self.largestFile), mode: status.mode & 0o7777,
            owner: owner, group: group)
    }

    /// Whose a file would be in `/etc/keepalived`: where another directory stands for it, its owner stands for root.
    private func identity(of status: FileStatus) -> (owner: UInt32, group: UInt32) {
        guard directory != Self.standardDirectory, let own = FileSystem.way(to: directory)?.last,
            own.owner == status.owner
        else { return (status.owner, status.group) }
        return (0, 0)
    }

    /// Whether a name is that of a file somebody keeps or an editor makes beside the real one.
    static func isBeside(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.hasPrefix(".") || name.hasSuffix("~") || parts.last?.hasPrefix("bak-") == true
    }

    /// Every file of the directory, without those below it and without copies that are kept.
    public func files() throws(SystemError) -> [SourceFile] {
        var files: [SourceFile] = []
        for name in FileSystem.names(in: directory).sorted() where !Self.isBeside(name) {
            if let file = try file("\(Self.standardDirectory)/\(name)") { files.append(file) }
        }
        return files
    }
}
