/// A line for the log, in keepalived's words where keepalived has them.
public struct LogEntry: Hashable, Sendable {
    /// How much it takes for a line to be written.
    public enum Level: Hashable, Sendable {
        /// Always written.
        case notice
        /// Written with `--log-detail`.
        case detail
    }

    public var level: Level
    public var text: String

    public init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
