/// A program that the daemon waits for, for a while.
public struct TimedScript: Hashable, Sendable {
    public var command: ScriptCommand
    public var timeout: Duration

    public init(_ command: ScriptCommand, timeout: Duration = .seconds(10)) {
        self.command = command
        self.timeout = timeout
    }
}
