import ArgumentParser
import LabCourse
import Labs
import NetnsKit

/// `labrun explain CODE…`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a mistake is: how it shows, why, and what to write.",
        discussion: "Needs no rights and no network. 'labrun mistakes' lists the codes.")

    @Argument(help: ArgumentHelp("Codes such as VR104.", valueName: "code"))
    var codes: [String]

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() throws {
        let mistakes = try codes.map(Self.mistake)
        if json { return Terminal.say(try JSONLines.line(mistakes.map(MistakeRecord.init))) }
        let texts = mistakes.map { MistakeText($0).lines.joined(separator: "\n") }
        Terminal.say(texts.joined(separator: "\n\n"))
    }

    /// The entry of a code, or what could have been meant.
    static func mistake(_ code: String) throws -> Mistake {
        if let mistake = Catalogue.mistake(code) { return mistake }
        let near = Catalogue.near(code).prefix(6).map { "\n  \($0.code.rawValue)  \($0.name)" }
        throw ValidationError(
            "there is no mistake '\(code)'"
                + (near.isEmpty ? ": 'labrun mistakes' lists them" : "; did you mean:" + near.joined()))
    }
}

/// `labrun mistakes`.
struct Mistakes: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the mistakes that are known by name.")

    @Flag(name: .long, help: "Write one JSON document.")
    var json = false

    func run() throws {
        if json { return Terminal.say(try JSONLines.line(Catalogue.mistakes.map(MistakeRecord.init))) }
        for line in Self.lines { Terminal.say(line) }
    }

    /// One for each mistake, below the title of its group.
    static var lines: [String] {
        let groups = [("0", "The machine"), ("1", "One file"), ("2", "A pair of files"), ("3", "The run")]
        let tables = groups.flatMap { digit, title -> [String] in
            let members = Catalogue.mistakes.filter { $0.code.rawValue.dropFirst(2).hasPrefix(digit) }
            guard !members.isEmpty else { return [] }
            return ["\(title):"]
                + members.map { "  \($0.code.rawValue)  \(Terminal.column($0.severity.word, 6))\($0.name)" } + [""]
        }
        return tables + ["labrun explain VR104 says what it is, labrun mistake VR104 shows it."]
    }
}
