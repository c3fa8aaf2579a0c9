/// Where a word of the configuration stands, together with the line around it.
public struct SourceLocation: Hashable, Sendable {
    private let written: WrittenLine
    /// From 1, in Unicode scalars.
    public let column: Int

    init(_ written: WrittenLine, column: Int) {
        self.written = written
        self.column = column
    }

    public init(file: String, line: Int, column: Int, text: String) {
        self.init(WrittenLine(Array(text.utf8), file: file, number: line), column: column)
    }

    /// As the loader named it.
    public var file: String { written.file }
    /// From 1; 0 means the file as a whole.
    public var line: Int { written.number }
    /// The line as it was written, cut off where keepalived would stop reading it.
    public var text: String { String(decoding: written.octets, as: UTF8.self) }

    /// For what is true of a file and of none of its lines.
    public static func whole(_ file: String) -> SourceLocation {
        SourceLocation(file: file, line: 0, column: 0, text: "")
    }
}

extension SourceLocation: CustomStringConvertible {
    public var description: String {
        line == 0 ? file : "\(file):\(line):\(column)"
    }
}
