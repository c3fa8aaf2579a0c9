/// One line of a file on its way to the lexer: its octets, each with the column where it was written.
///
/// The columns survive the removal of comments and the replacement of variables, so that a diagnostic points at
/// what the user typed.
struct SourceLine: Hashable, Sendable {
    private let written: WrittenLine
    private(set) var octets: [UInt8]
    /// nil while every octet stands where it was written.
    private var columns: [Int]?
    /// Holds nothing but words, blanks and braces: no comment, quote, variable or condition.
    private(set) var isPlain = false

    /// keepalived's buffer holds 1024 octets with the final NUL.
    static let maximumLength = 1023

    init(_ octets: some Sequence<UInt8>, file: String, number: Int, isPlain: Bool = false) {
        self.octets = Array(octets)
        self.isPlain = isPlain
        written = WrittenLine(self.octets, file: file, number: number)
    }

    var file: String { written.file }
    var number: Int { written.number }
    /// As it was written.
    var text: String { String(decoding: written.octets, as: UTF8.self) }

    var isBlank: Bool { octets.allSatisfy(\.isBlank) }

    /// The first octet that is not a blank.
    var firstOctet: UInt8? { octets.first { !$0.isBlank } }

    func location(at offset: Int) -> SourceLocation {
        SourceLocation(written, column: column(at: offset))
    }

    private func column(at offset: Int) -> Int {
        guard offset < octets.count else { return written.column(at: written.octets.count) }
        return columns?[offset] ?? written.column(at: offset)
    }

    /// The same line with nothing in it, to be filled from itself or from the value of a variable.
    var emptied: SourceLine {
        var line = self
        line.octets = []
        line.columns = []
        line.isPlain = false
        return line
    }

    mutating func append(_ other: SourceLine, _ range: Range<Int>) {
        octets += other.octets[range]
        if let known = other.columns {
            columns? += known[range]
        } else if var column = range.isEmpty ? nil : other.column(at: range.lowerBound) {
            for offset in range {
                if offset > range.lowerBound, !UTF8.isContinuation(other.octets[offset]) { column += 1 }
                columns?.append(column)
            }
        }
    }

    /// Text that stands for the variable written at `location`.
    mutating func append(_ value: some Collection<UInt8>, at location: SourceLocation) {
        octets += value
        columns? += repeatElement(location.column, count: value.count)
    }

    /// Keeps only what stands before an offset.
    mutating func cut(at offset: Int) {
        guard offset < octets.count else { return }
        octets.removeSubrange(offset...)
        columns?.removeSubrange(offset...)
    }

    /// Takes away a final backslash; false when there is none.
    mutating func removeContinuation() -> Bool {
        guard let last = octets.lastIndex(where: { !$0.isBlank }), octets[last] == .backslash else { return false }
        cut(at: last)
        return true
    }

    /// The lines in a line that took in the value of a variable.
    func split() -> [SourceLine] {
        guard octets.contains(.newline) else { return [self] }
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
        let hasEscape = octets.contains { $0 == .backslash || $0 == 0xc2 }
        guard hasEscape else {
            if let start = commentStart {
                reportCut(at: start, &diagnostics)
                cut(at: start)
            }
            return
        }
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
                reportCut(at: offset, &diagnostics)
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

    /// A comment that begins in the middle of a word may have been meant as a part of it.
    private func reportCut(at offset: Int, _ diagnostics: inout Diagnostics) {
        guard offset > 0, !octets[offset - 1].isBlank else { return }
        let keyword = String(
            decoding: octets[..<offset].drop { $0.isBlank }.prefix { !$0.isBlank }, as: UTF8.self)
        let takesText = keyword.hasPrefix("notify") || keyword.hasSuffix("script") || keyword == "auth_pass"
        guard takesText, let last = octets[..<offset].last, last != .openingBrace, last != .closingBrace else { return }
        diagnostics.advice(
            "'\(octets[offset] == .hash ? "#" : "!")' begins a comment here and cuts '\(keyword)': put the value into "
                + "double quotes", at: location(at: offset))
    }

    /// Where a comment begins in a line without backslashes.
    private var commentStart: Int? {
        var isQuoted = false
        return octets.firstIndex { octet in
            if octet == .quote { isQuoted.toggle() }
            return !isQuoted && (octet == .hash || octet == .exclamation)
        }
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
        var number = 0
        while start <= octets.count {
            number += 1
            let end = octets[start...].firstIndex(of: .newline) ?? octets.count
            let piece = octets[start..<end]
            let content = piece.last == .carriageReturn ? piece.dropLast() : piece
            if let line = read(content, file: file, number: number, &diagnostics) { lines.append(line) }
            start = end + 1
        }
        return lines
    }

    private static func read(
        _ content: ArraySlice<UInt8>, file: String, number: Int, _ diagnostics: inout Diagnostics
    ) -> SourceLine? {
        let isTooLong = content.count > maximumLength
        let line = SourceLine(
            content.prefix(maximumLength), file: file, number: number, isPlain: content.allSatisfy(\.isPlain))
        if isTooLong {
            diagnostics.error(
                "line too long - ignoring; at most \(maximumLength) octets are read", at: line.location(at: 0))
        } else if !line.isPlain, let offset = line.octets.firstIndex(of: 0) {
            diagnostics.error("NUL in line - ignoring the line", at: line.location(at: offset))
        } else {
            return line
        }
        return nil
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
    static let tilde = UInt8(ascii: "~")
    static let at = UInt8(ascii: "@")
    static let comma = UInt8(ascii: ",")

    var isBlank: Bool { self == .space || (9...13).contains(self) }

    /// Means itself wherever it stands in a line.
    fileprivate var isPlain: Bool {
        switch self {
        case 0, 0x80..., .hash, .exclamation, .quote, .backslash, .dollar, .tilde, .at: false
        default: true
        }
    }

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
