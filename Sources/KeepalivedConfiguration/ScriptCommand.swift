/// A program with its arguments, and who runs it. No shell is involved.
public struct ScriptCommand: Hashable, Sendable {
    /// The program first; never empty.
    public var arguments: [String]
    /// nil: whoever `script_user` names.
    public var user: String?
    public var group: String?

    public init(_ arguments: [String], user: String? = nil, group: String? = nil) {
        self.arguments = arguments
        self.user = user
        self.group = group
    }
}

extension ScriptCommand {
    /// Whether words after an unquoted command can name a user.
    enum Style {
        case notify, check
    }

    /// Reads `"COMMAND ARGUMENT…" [USER [GROUP]]`, or the same without quotes as far as it has one meaning.
    ///
    /// keepalived takes the second word of an unquoted notify command for a user and drops the script when there is no
    /// such user. A word that looks like a user name is read that way here too; anything else is an argument.
    static func read(
        _ directive: Directive, style: Style, _ diagnostics: inout Diagnostics
    ) -> Located<ScriptCommand>? {
        guard let first = directive.argument(0, &diagnostics) else { return nil }
        let keyword = directive.keyword.text
        let (quotation, rest) = quotation(in: directive.rawArguments)
        guard let arguments = ArgumentSplitter.split(quotation ?? directive.rawArguments) else {
            diagnostics.error(
                "Unmatched quote in the command of '\(keyword)' - ignoring it", at: first.location)
            return nil
        }
        guard let program = arguments.first, !program.isEmpty else {
            diagnostics.error("'\(keyword)' has an empty command - ignoring it", at: first.location)
            return nil
        }
        var command = ScriptCommand(arguments)
        if quotation != nil {
            let words = rest.split(whereSeparator: \.isBlank).map { String(decoding: $0, as: UTF8.self) }
            if words.count <= 2 {
                command.setOwner(words)
            } else {
                let rest = words.joined(separator: " ")
                diagnostics.warning(
                    "only a user and a group can follow a command: \(rest) is ignored", at: first.location)
            }
        } else if style == .notify, namesOwner(arguments.dropFirst()) {
            command = ScriptCommand([program])
            command.setOwner(Array(arguments.dropFirst()))
        } else if arguments.count > 1 {
            let text = String(
                decoding: directive.rawArguments.flatMap { $0 == .quote ? [.backslash, $0] : [$0] }, as: UTF8.self)
            let location = directive.arguments.count > 1 ? directive.arguments[1].location : first.location
            diagnostics.advice(
                "keepalived does not run this without quotes: write \(keyword) \"\(text)\"", at: location)
        }
        return Located(command, at: first.location)
    }

    private mutating func setOwner(_ words: [String]) {
        user = words.first
        group = words.count > 1 ? words[1] : nil
    }

    private static func namesOwner(_ words: ArraySlice<String>) -> Bool {
        let states: Set = ["master", "backup", "fault", "stop"]
        guard let user = words.first, words.count <= 2, !states.contains(user) else { return false }
        return words.allSatisfy { word in
            word.utf8.first.map { $0.isNameCharacter && !$0.isDigit } ?? false
                && word.utf8.allSatisfy { $0.isNameCharacter || $0 == UInt8(ascii: "-") } && word == word.lowercased()
        }
    }

    /// The inside of the quotes with which a command begins, and what follows them.
    private static func quotation(in octets: [UInt8]) -> (inside: [UInt8]?, rest: ArraySlice<UInt8>) {
        guard let quote = octets.first, quote == .quote || quote == .apostrophe else { return (nil, []) }
        var inside: [UInt8] = []
        var offset = 1
        while offset < octets.count, octets[offset] != quote {
            if quote == .quote, octets[offset...].starts(with: [.backslash, .quote]) { offset += 1 }
            inside.append(octets[offset])
            offset += 1
        }
        return (inside, octets.dropFirst(offset + 1))
    }
}
