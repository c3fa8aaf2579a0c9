/// Builds the tree of directives. It never fails: what cannot be understood is reported, and the rest is kept.
struct DirectiveParser {
    /// Deeper blocks are skipped; keepalived's own files need five.
    static let maximumDepth = 32

    private let lines: [LexedLine]
    /// Keywords that stand only outside of every block: one that opens a block inside another shows a missing `}`.
    private let sections: Set<String>
    private var position = (line: 0, token: 0)
    private var diagnostics: Diagnostics
    private var isUnwinding = false
    private var hasEnded = false

    static func parse(
        _ lines: [LexedLine], sections: Set<String>, _ diagnostics: inout Diagnostics
    ) -> [Directive] {
        var parser = DirectiveParser(lines: lines, sections: sections, diagnostics: diagnostics)
        var directives: [Directive] = []
        repeat {
            parser.isUnwinding = false
            parser.parseBlock(into: &directives, openers: [])
        } while parser.isUnwinding
        diagnostics = parser.diagnostics
        return directives
    }

    private init(lines: [LexedLine], sections: Set<String>, diagnostics: Diagnostics) {
        self.lines = lines
        self.sections = sections
        self.diagnostics = diagnostics
    }

    /// Reads up to the brace that closes the innermost of the open blocks, or up to the end of the file.
    private mutating func parseBlock(into directives: inout [Directive], openers: [Word]) {
        while let token = next() {
            switch token.kind {
            case .word:
                if let opener = openers.last, beginsSection(token) {
                    let problem = "Missing '}': '\(opener.text)' is not closed before '\(token.word.text)'"
                    diagnostics.error(problem + " in line \(token.word.location.line)", at: opener.location)
                    position.token -= 1
                    isUnwinding = true
                    return
                }
                directives.append(directive(startingWith: token))
            case .opening:
                openBlock(at: token, of: &directives, openers: openers)
                if isUnwinding { return }
            case .closing:
                if !openers.isEmpty { return }
                diagnostics.error("Extra '}' found - ignoring", at: token.word.location)
            }
        }
        if let opener = openers.last, !hasEnded {
            diagnostics.error("There are \(openers.count) missing '}'s", at: opener.location)
        }
        hasEnded = true
    }

    private mutating func openBlock(at brace: Token, of directives: inout [Directive], openers: [Word]) {
        guard let last = directives.indices.last, directives[last].block == nil else {
            diagnostics.error("Unexpected '{' - ignoring the block", at: brace.word.location)
            return skipBlock()
        }
        guard openers.count < Self.maximumDepth else {
            diagnostics.error(
                "blocks within more than \(Self.maximumDepth) others are skipped", at: brace.word.location)
            directives[last].block = []
            return skipBlock()
        }
        var block: [Directive] = []
        parseBlock(into: &block, openers: openers + [directives[last].keyword])
        directives[last].block = block
    }

    private mutating func skipBlock() {
        var depth = 1
        while depth > 0, let token = next() {
            switch token.kind {
            case .word: continue
            case .opening: depth += 1
            case .closing: depth -= 1
            }
        }
    }

    /// The rest of a line, up to a brace.
    private mutating func directive(startingWith first: Token) -> Directive {
        let line = lines[position.line]
        var directive = Directive(keyword: first.word)
        guard position.token < line.tokens.count else { return directive }
        let rest = line.tokens[position.token...].prefix { $0.kind == .word }
        position.token += rest.count
        directive.arguments = rest.map(\.word)
        if let start = rest.first?.range.lowerBound, let end = rest.last?.range.upperBound {
            directive.lineOctets = line.octets
            directive.argumentRange = start..<end
        }
        return directive
    }

    /// Whether a word in a block is the first of its line, only makes sense outside, and has a block of its own.
    private func beginsSection(_ token: Token) -> Bool {
        guard position.token == 1, sections.contains(token.word.text) else { return false }
        let rest = lines[position.line].tokens[1...].drop { $0.kind == .word }
        let following = rest.first ?? lines[(position.line + 1)...].lazy.compactMap(\.tokens.first).first
        return following?.kind == .opening
    }

    private mutating func next() -> Token? {
        while position.line < lines.count {
            if position.token < lines[position.line].tokens.count {
                position.token += 1
                return lines[position.line].tokens[position.token - 1]
            }
            position = (position.line + 1, 0)
        }
        return nil
    }
}
