/// A word or a brace.
struct Token: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case word, opening, closing
    }

    var kind: Kind
    var word: Word
    /// The octets of its line that it was made from, quotes included.
    var range: Range<Int>
}

/// A line taken apart; its octets are kept for keywords that read commands.
struct LexedLine: Hashable, Sendable {
    var tokens: [Token]
    var octets: [UInt8]
}

/// Takes lines without comments apart: words, double-quoted words and braces, also where they are glued together.
///
/// `${NAME}` belongs to its word, so a variable that nobody defined does not open a block.
struct Lexer {
    private let line: SourceLine
    private var offset = 0

    static func tokens(of line: SourceLine, _ diagnostics: inout Diagnostics) -> LexedLine {
        var lexer = Lexer(line: line)
        var tokens: [Token] = []
        tokens.reserveCapacity(4)
        while let token = lexer.next(&diagnostics) {
            tokens.append(token)
        }
        return LexedLine(tokens: tokens, octets: line.octets)
    }

    private init(line: SourceLine) {
        self.line = line
    }

    private var octets: [UInt8] { line.octets }

    private mutating func next(_ diagnostics: inout Diagnostics) -> Token? {
        while offset < octets.count, octets[offset].isBlank { offset += 1 }
        guard offset < octets.count else { return nil }
        switch octets[offset] {
        case .openingBrace: return brace(.opening)
        case .closingBrace: return brace(.closing)
        default: return word(&diagnostics)
        }
    }

    private mutating func brace(_ kind: Token.Kind) -> Token {
        defer { offset += 1 }
        let text = kind == .opening ? "{" : "}"
        let word = Word(text: text, location: line.location(at: offset))
        return Token(kind: kind, word: word, range: offset..<offset + 1)
    }

    private mutating func word(_ diagnostics: inout Diagnostics) -> Token {
        let start = offset
        if line.isPlain {
            while offset < octets.count, !endsWord(octets[offset]) { offset += 1 }
            let text = String(decoding: octets[start..<offset], as: UTF8.self)
            return Token(kind: .word, word: Word(text: text, location: line.location(at: start)), range: start..<offset)
        }
        var content: [UInt8] = []
        while offset < octets.count, !endsWord(octets[offset]) {
            if octets[offset] == .quote {
                content += quoted(&diagnostics)
            } else {
                let end = variableEnd ?? offset + 1
                content += octets[offset..<end]
                offset = end
            }
        }
        let word = Word(
            text: String(decoding: content, as: UTF8.self), location: line.location(at: start))
        if word.text.unicodeScalars.contains(where: { ("\u{201c}"..."\u{201f}").contains($0) }) {
            diagnostics.advice("typographic quotes do not quote: write \" instead", at: word.location)
        }
        return Token(kind: .word, word: word, range: start..<offset)
    }

    private func endsWord(_ octet: UInt8) -> Bool {
        octet.isBlank || octet == .openingBrace || octet == .closingBrace
    }

    /// Where `${NAME}` ends, if one begins here.
    private var variableEnd: Int? {
        guard octets[offset...].starts(with: [.dollar, .openingBrace]) else { return nil }
        let end = octets[(offset + 2)...].firstIndex { !$0.isNameCharacter }
        guard let end, octets[end] == .closingBrace else { return nil }
        return end + 1
    }

    /// What stands between two double quotes; `\"` is a quote.
    private mutating func quoted(_ diagnostics: inout Diagnostics) -> [UInt8] {
        let start = offset
        var content: [UInt8] = []
        offset += 1
        while offset < octets.count {
            if octets[offset...].starts(with: [.backslash, .quote]) {
                offset += 1
            } else if octets[offset] == .quote {
                offset += 1
                return content
            }
            content.append(octets[offset])
            offset += 1
        }
        diagnostics.error("Unterminated quote: the rest of the line is taken as quoted", at: line.location(at: start))
        return content
    }
}
