/// What somebody wants of a standing lab.
enum SessionRequest: Codable, Sendable {
    case status
    /// The lab is to end.
    case end
    /// A program is to run; its standard input, output and error come along unless it is to have a terminal.
    case execute(ProgramOrder)
    /// The program that runs is to get a signal.
    case signal(Int32)
    case breakNode(String, how: String)
    /// Nil is every node, and everything.
    case heal(node: String?, how: String?)
    /// Nil is every node.
    case look(node: String?)
    /// What passes is to be told, until the client goes; nil is every segment.
    case capture(segment: String?)
}

/// A program that is to run in a node.
struct ProgramOrder: Codable, Sendable {
    var node: String
    /// The program and its arguments; empty is a shell.
    var words: [String]
    /// Which kind of terminal it is to have, and of what size; nil when it takes what comes along.
    var terminal: Terminal?

    struct Terminal: Codable, Sendable {
        var kind: String
        var rows: UInt16
        var columns: UInt16
    }
}
