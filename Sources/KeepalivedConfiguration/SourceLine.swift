/// One line of a file on its way to the lexer: its octets, each with the column where it was written.
///
/// The columns survive the removal of comments and the replacement of variables, so that a diagnostic points at
/// what the user typed.
struct SourceLine: Hashable, Sendable {
    let file: String
    let number: Int
    let text: String
    private(set) var octets: [UInt8] = []
    private var columns: [Int] = []
    private let endColumn: Int

    /// keepalived's buffer holds 1024 octets with the final NUL.
    static let maximumLength = 1023

    init(_ octets: some Sequence<UInt8>, file: String, number: Int) {
        let octets = Array(octets)
        self.file = file
        self.number = number
        text = String(decoding: octets, as: UTF8.self)
        var column = 0
        let columns = octets.map { octet in
            column += UTF8.isContinuation(octet) ? 0 : 1
            return column
        }
        self.octets = octets
        self.columns = columns
        endColumn = column + 1
    }

    var isBlank: Bool { octets.allSatisfy(\.isBlank) }

    /// The first octet that is not a blank.
    var firstOctet: UInt8? { octets.first { !$0.isBlank } }

    func location(at offset: Int) -> SourceLocation {
        let column = columns.indices.contains(offset) ? columns[offset] : endColumn
        return SourceLocation(file: file, line: number, column: column, text: text)
    }

    /// The same line with nothing in it, to be filled from itself or from the value of a variable.
    var emptied: SourceLine {
        var line = self
        line.octets = []
        line.columns = []
        return line
    }

    mutating func append(_ other: SourceLine, _ range: Range<Int>) {
        octets += other.octets[range]
        columns += other.columns[range]
    }

    /// Text that stands for the variable written at `location`.
    mutating func append(_ value: [UInt8], at location: SourceLocation) {
        octets += value
        columns += Array(repeating: location.column, count: value.count)
    }

    /// Takes away a final backslash; false when there is none.
    mutating func removeContinuation() -> Bool {
        guard let last = octets.lastIndex(where: { !$0.isBlank }), octets[last] == .backslash else { return false }
        octets.removeSubrange(last...)
        columns.removeSubrange(last...)
        return true
    }

    /// The lines in a line that took in the value of a variable.
    func split() -> [SourceLine] {
        var lines: [SourceLine] = []
        var start = 0
        for end in octets.indices.filter({ octets[$0] == .newline }) + [octets.count] {
            var part = emptied
            part.append(self, start..<end)
            lines.append(part)
            start = end + 1
        }
        return lines
    }

    /// Only what follows an offset.
    func dropping(_ count: Int) -> SourceLine {
        var line = emptied
        line.append(self, min(count, octets.count)..<octets.count)
        return line
    }
}

extension SourceLine {
    /// Cuts off a comment: `#` or `!` anywhere outside double quotes. `\#` and `\!` begin none.
    ///
    /// Variables may bring in comments, so this happens before and after they are replaced; only the second time are
    /// the two characters unescaped and non-breaking spaces turned into the blanks that they look like.
    mutating func removeComment(unescaping: Bool, _ diagnostics: inout Diagnostics) {
        var result = emptied
        var isQuoted = false
        var offset = 0
        var hasHardSpace = false
        scan: while offset < octets.count {
            let octet = octets[offset]
            let next = offset + 1 < octets.count ? octets[offset + 1] : nil
            switch (octet, next) {
            case (.backslash, .hash?), (.backslash, .exclamation?):
                result.append(self, (unescaping ? offset + 1 : offset)..<offset + 2)
                offset += 1
            case (.backslash, .quote?) where isQuoted:
                result.append(self, offset..<offset + 2)
                offset += 1
            case (.hash, _) where !isQuoted, (.exclamation, _) where !isQuoted:
                break scan
            case (0xc2, 0xa0?) where unescaping && !isQuoted:
                hasHardSpace = true
                result.append([.space], at: location(at: offset))
                offset += 1
            default:
                isQuoted = isQuoted != (octet == .quote)
                result.append(self, offset..<offset + 1)
            }
            offset += 1
        }
        if hasHardSpace {
            diagnostics.warning(
                "non-breaking spaces are read as blanks; keepalived takes them for letters", at: location(at: 0))
        }
        self = result
    }

    /// Cuts a file into lines; a line that cannot be read is reported and dropped.
    static func split(_ text: String, file: String, _ diagnostics: inout Diagnostics) -> [SourceLine] {
        let octets = Array(text.utf8)
        let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
        var start = 0
        if octets.starts(with: byteOrderMark) {
            start = 3
            let location = SourceLocation(file: file, line: 1, column: 1, text: "")
            diagnostics.warning("the file begins with a byte order mark; keepalived takes it for letters", at: location)
        }
        var lines: [SourceLine] = []
        let pieces = octets[start...].split(separator: .newline, omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            let content = piece.last == .carriageReturn ? piece.dropLast() : piece
            let line = SourceLine(content.prefix(maximumLength), file: file, number: index + 1)
            if content.count > maximumLength {
                diagnostics.error(
                    "line too long - ignoring; at most \(maximumLength) octets are read", at: line.location(at: 0))
            } else if let offset = line.octets.firstIndex(of: 0) {
                diagnostics.error("NUL in line - ignoring the line", at: line.location(at: offset))
            } else {
                lines.append(line)
            }
        }
        return lines
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let hash = UInt8(ascii: "#")
    static let exclamation = UInt8(ascii: "!")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")
    static let dollar = UInt8(ascii: "$")
    static let openingBrace = UInt8(ascii: "{")
    static let closingBrace = UInt8(ascii: "}")

    var isBlank: Bool { self == .space || (9...13).contains(self) }

    /// What a variable's name is made of.
    var isNameCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
