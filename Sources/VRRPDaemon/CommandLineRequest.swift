/// What a command line asks for, read as `getopt_long(3)` would: letters together, `-fFILE`, `--use-file=FILE`, words
/// cut short.
public struct CommandLineRequest: Sendable {
    /// What the program is to do.
    public enum Task: Hashable, Sendable {
        case run
        /// `-t`; the report goes to a file instead of standard error.
        case testConfiguration(report: String?)
        case sayVersion
        case sayHelp
        /// `--signum`: scripts need not know the numbers.
        case sayNumber(ofSignal: String)
    }

    /// What cannot be understood, as keepalived says it.
    public enum Mistake: Error, Hashable, Sendable, CustomStringConvertible {
        case unknown(String)
        case ambiguous(String)
        case missingArgument(String)
        case superfluousArgument(String)
        case badArgument(option: String, String)

        public var description: String {
            switch self {
            case .unknown(let option): "Unknown option \(option)"
            case .ambiguous(let option): "Option \(option) could mean more than one"
            case .missingArgument(let option): "Missing option argument for \(option)"
            case .superfluousArgument(let option): "Option \(option) takes no argument"
            case .badArgument(let option, let text): "Invalid argument '\(text)' for option \(option)"
            }
        }
    }

    public var task = Task.run
    public var options = Options()
    /// Words that belong to no option; keepalived runs all the same.
    public private(set) var unexpectedWords: [String] = []

    /// Reads the words after the program's name.
    public init(_ words: [String]) throws(Mistake) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                unexpectedWords += rest
                return
            } else if word.hasPrefix("--") {
                try readWord(word.dropFirst(2), &rest)
            } else if word.hasPrefix("-"), word.count > 1 {
                try readLetters(word.dropFirst(), &rest)
            } else {
                unexpectedWords.append(word)
            }
        }
    }

    private mutating func readWord(_ text: Substring, _ rest: inout ArraySlice<String>) throws(Mistake) {
        let name = text.prefix { $0 != "=" }
        let value = name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil
        let candidates = CommandLineOption.all.filter { $0.word.hasPrefix(name) }
        guard let option = candidates.first(where: { $0.word == name }) ?? candidates.first else {
            throw .unknown("--\(name)")
        }
        guard option.word == name || candidates.count == 1 else { throw .ambiguous("--\(name)") }
        try read(option, as: "--\(option.word)", value, &rest)
    }

    private mutating func readLetters(_ letters: Substring, _ rest: inout ArraySlice<String>) throws(Mistake) {
        var letters = letters
        while let letter = letters.popFirst() {
            guard let option = CommandLineOption.all.first(where: { $0.letter == letter }) else {
                throw .unknown("-\(letter)")
            }
            let takesRest = option.argument != .none && !letters.isEmpty
            try read(option, as: "-\(letter)", takesRest ? String(letters) : nil, &rest)
            if takesRest { return }
        }
    }

    private mutating func read(
        _ option: CommandLineOption, as name: String, _ value: String?, _ rest: inout ArraySlice<String>
    ) throws(Mistake) {
        var value = value
        switch option.argument {
        case .none: if value != nil { throw .superfluousArgument(name) }
        case .optional: break
        case .required:
            value = value ?? rest.popFirst()
            if value == nil { throw .missingArgument(name) }
        }
        guard option.apply(value ?? "", &self) else { throw .badArgument(option: name, value ?? "") }
    }

    /// The page that `--help` shows.
    public static var help: String {
        let lines = CommandLineOption.all.filter { !$0.help.isEmpty }.map(\.description)
        return "A VRRP daemon that reads keepalived's configuration.\n\nUsage: vrrpd [OPTION...]\n"
            + lines.joined(separator: "\n")
    }
}
