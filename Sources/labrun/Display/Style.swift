/// How text looks where it is read: decided in one place, from what was asked for and from where it goes.
struct Style: Hashable, Sendable {
    /// Whether words have colors, which only repeat what they say.
    var hasColor = false
    /// Whether a line may be written again.
    var rewrites = false
    /// Whether there are characters beside ASCII.
    var isUnicode = false
    /// In columns.
    var width = standardWidth

    /// What every terminal has.
    static let standardWidth = 80
    private static let smallestWidth = 40

    /// Lines of ASCII without color.
    static let plain = Style()

    enum ColorWish: String, CaseIterable, Sendable {
        case auto
        case always
        case never
    }

    /// What was asked for on the command line.
    struct Wishes: Hashable, Sendable {
        var isPlain = false
        var isASCII = false
        var color = ColorWish.auto
    }

    private init() {}

    /// Decides.
    ///
    /// - Parameters:
    ///   - columns: how wide the terminal is; nil where there is none.
    ///   - environment: the value of a variable.
    init(_ wishes: Wishes, isTerminal: Bool, columns: Int? = nil, environment: (String) -> String?) {
        let isDumb = environment("TERM") == "dumb"
        width = min(
            max(environment("COLUMNS").flatMap { Int($0) } ?? columns ?? Self.standardWidth, Self.smallestWidth),
            Self.standardWidth)
        guard !wishes.isPlain else { return }
        rewrites = isTerminal && !isDumb
        isUnicode = isTerminal && !isDumb && !wishes.isASCII && Self.isUTF8(environment)
        switch wishes.color {
        case .always: hasColor = true
        case .never: hasColor = false
        case .auto:
            let (none, forced) = (environment("NO_COLOR") ?? "", environment("CLICOLOR_FORCE") ?? "")
            hasColor = none.isEmpty && (!["", "0"].contains(forced) || isTerminal && !isDumb)
        }
    }

    /// Whether the locale's characters are Unicode's: the first of these variables that says anything decides.
    private static func isUTF8(_ environment: (String) -> String?) -> Bool {
        let names = ["LC_ALL", "LC_CTYPE", "LANG"]
        let locale = names.compactMap { environment($0) }.first { !$0.isEmpty } ?? "C"
        let encoding = locale.lowercased().filter { $0 != "-" }
        return encoding.hasSuffix("utf8") || encoding.contains("utf8@")
    }

    /// The text with the characters that it may have here.
    func shown(_ text: String) -> String {
        let printable = Terminal.printable(text)
        guard !isUnicode else { return printable }
        return String(String.UnicodeScalarView(printable.unicodeScalars.map { $0.isASCII ? $0 : "?" }))
    }
}
