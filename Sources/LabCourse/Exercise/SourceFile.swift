/// A file that somebody wrote, with everything about it that a daemon may object to.
public struct SourceFile: Hashable, Sendable {
    /// Absolute, as the lab's text names it, such as `/etc/keepalived/notify.sh`.
    public var path: String
    public var contents: [UInt8]
    /// Permission bits.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32

    public init(_ path: String, _ contents: [UInt8], mode: UInt32 = 0o644, owner: UInt32 = 0, group: UInt32 = 0) {
        self.path = path
        self.contents = contents
        self.mode = mode
        self.owner = owner
        self.group = group
    }

    public init(_ path: String, _ text: String, mode: UInt32 = 0o644) {
        self.init(path, Array(text.utf8), mode: mode)
    }

    /// The contents read as UTF-8, with a mark for each octet that is none.
    public var text: String { String(decoding: contents, as: UTF8.self) }

    /// The last part of its path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The lines without their ends; the first has number 1 in everything that is said about them.
    ///
    /// A carriage return stays at the end of its line: who wrote one is told so.
    public var lines: [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    }
}
