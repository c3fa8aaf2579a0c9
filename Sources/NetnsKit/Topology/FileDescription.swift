/// A file that a node has from its start, in one of its private directories.
public struct FileDescription: Hashable, Sendable {
    /// Absolute.
    public var path: String
    /// The file's octets, from the first to the last.
    public var contents: [UInt8]
    /// Permission bits such as `0o644`; the owner is root.
    public var mode: UInt32

    /// A file of text, in UTF-8; what it should end with, it has to say.
    public init(_ path: String, _ contents: String, mode: UInt32 = 0o644) {
        self.init(path, octets: Array(contents.utf8), mode: mode)
    }

    /// A file of any octets.
    public init(_ path: String, octets: [UInt8], mode: UInt32 = 0o644) {
        self.path = path
        self.contents = octets
        self.mode = mode
    }
}
