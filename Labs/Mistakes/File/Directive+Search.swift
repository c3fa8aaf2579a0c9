import KeepalivedConfiguration
import LabCourse

extension Directive {
    /// The lines of its block that begin with a word.
    func all(_ keyword: String) -> [Directive] {
        (block ?? []).filter { $0.keyword.text == keyword }
    }

    /// The first line of its block that begins with a word.
    func first(_ keyword: String) -> Directive? { all(keyword).first }

    /// Its first argument, such as the name of a `vrrp_instance`.
    var name: String { arguments.first?.text ?? "" }

    /// A number that follows the keyword.
    var number: Int? { Int(name) }

    /// Where it stands.
    var place: Diagnosis.Place { Diagnosis.Place(keyword.location) }

    /// What stands behind the keyword, as it was written.
    var rest: String {
        let line = keyword.location.text.unicodeScalars.dropFirst(keyword.location.column - 1)
        let words = String(String.UnicodeScalarView(line)).dropFirst(keyword.text.count)
        return words.trimmed
    }
}

extension Diagnosis.Place {
    /// A line of a configuration, without its indentation and its comment.
    init(_ location: SourceLocation) {
        self.init(
            file: location.file, line: location.line > 0 ? location.line : nil,
            text: location.line > 0 ? location.text.trimmed : nil)
    }
}

extension StringProtocol {
    /// Without blanks at its ends.
    var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        let start = drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}

extension ConfigurationReading {
    var instances: [Directive] { outline.filter { $0.keyword.text == "vrrp_instance" } }
    var groups: [Directive] { outline.filter { $0.keyword.text == "vrrp_sync_group" } }
    var checks: [Directive] { outline.filter { $0.keyword.text == "vrrp_script" } }
    var globals: [Directive] { outline.filter { $0.keyword.text == "global_defs" } }

    /// The line in which an instance is named.
    func instance(_ name: String) -> Directive? { instances.first { $0.name == name } }

    /// A line of the `global_defs`.
    func global(_ keyword: String) -> Directive? { globals.lazy.compactMap { $0.first(keyword) }.first }

    /// Whether the blocks are as they were meant: with a brace too many or too few, or a block whose name nobody
    /// knows, whatever else is said about the file may be said about lines that are right.
    var isWellFormed: Bool {
        !result.diagnostics.contains { diagnostic in
            diagnostic.severity > .note
                && (diagnostic.message.contains("missing '}'") || diagnostic.message.contains("'{'")
                    || diagnostic.message.hasPrefix("Missing '}'") || diagnostic.message.hasPrefix("Extra '}'")
                    || diagnostic.message.hasSuffix("ignoring its block")
                    || diagnostic.message.hasPrefix("typographic quotes"))
        }
    }

    /// Whether a keyword of the `global_defs` is none: what seems to be missing there may have been misspelt.
    var hasUnknownKeyword: Bool { result.diagnostics.contains { $0.message.hasPrefix("Unknown keyword") } }
}

extension Submission {
    /// The nodes whose files can be read as they were meant.
    var sound: [Router] { routers.filter(\.reading.isWellFormed) }

    /// What the parser says, as mistakes of one kind.
    ///
    /// - Parameter make: a mistake for what it concerns, or nil.
    func diagnoses(_ make: (Router, Diagnostic) -> Diagnosis?) -> [Diagnosis] {
        sound.flatMap { router in
            router.reading.result.diagnostics.compactMap { make(router, $0) }
        }
    }
}
