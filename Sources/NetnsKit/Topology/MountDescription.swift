/// A file or directory of the host that a node sees at a place of its choice.
public struct MountDescription: Hashable, Sendable {
    /// Absolute, of the host.
    public var source: String
    /// Absolute, as the node sees it; made when it is in a private directory, else it must be there.
    public var target: String
    /// Whether the node may change what is there; then it changes the host's own.
    public var isWritable: Bool

    /// Shows a file or a directory of the host to a node, which can only read it unless it says otherwise.
    public init(_ source: String, at target: String, isWritable: Bool = false) {
        self.source = source
        self.target = target
        self.isWritable = isWritable
    }
}
