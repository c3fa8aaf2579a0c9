/// A word without its quotes, and where it stands.
public struct Word: Hashable, Sendable {
    public internal(set) var text: String
    /// In the file that it was written in, which may be an included one.
    public internal(set) var location: SourceLocation
}
