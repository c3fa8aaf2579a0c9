/// Where a word of the configuration stands, together with the line around it.
public struct SourceLocation: Hashable, Sendable {
    /// As the loader named it.
    public let file: String
    /// From 1; 0 means the file as a whole.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// The line as it was written, cut off where keepalived would stop reading it.
    public let text: String

    public init(file: String, line: Int, column: Int, text: String) {
        self.file = file
        self.line = line
        self.column = column
        self.text = text
    }

    /// For what is true of a file and of none of its lines.
    static func whole(_ file: String) -> SourceLocation {
        SourceLocation(file: file, line: 0, column: 0, text: "")
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}
