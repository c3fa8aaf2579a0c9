/// A keyword with its arguments and, perhaps, a block: all that a parser can know without knowing keywords.
public struct Directive: Hashable, Sendable {
    /// The first word of its line, whether or not any keyword is called that.
    public internal(set) var keyword: Word
    /// The words behind it on the same line.
    public internal(set) var arguments: [Word] = []
    /// The whole line, and where in it the arguments stand.
    var lineOctets: [UInt8] = []
    var argumentRange = 0..<0
    /// What stands between its braces; nil without braces.
    public internal(set) var block: [Directive]?

    init(keyword: Word) {
        self.keyword = keyword
    }

    /// The line after the keyword as it was written, for keywords that split commands by rules of their own.
    var rawArguments: [UInt8] { Array(lineOctets[argumentRange]) }

    /// The argument at a position, or a complaint that it is missing.
    func argument(_ index: Int = 0, _ diagnostics: inout Diagnostics) -> Word? {
        if arguments.indices.contains(index) { return arguments[index] }
        let previous = index == 0 ? keyword.text : arguments.last?.text ?? keyword.text
        diagnostics.error(
            "Configuration line starting `\(keyword.text)` is missing a parameter after keyword `\(previous)` "
                + "at word position \(index + 2)",
            at: keyword.location, category: .missingParameter)
        return nil
    }

    /// Complains about words that would be dropped without a message: a line holds one keyword.
    func expectNoMore(after count: Int, _ diagnostics: inout Diagnostics) {
        guard arguments.count > count else { return }
        if block != nil { return reportExtra(after: count, &diagnostics) }
        let words = arguments[count...].map(\.text).joined(separator: " ")
        diagnostics.advice(
            "'\(words)' is ignored: '\(keyword.text)' takes \(count) word\(count == 1 ? "" : "s"), "
                + "and each keyword needs a line of its own",
            at: arguments[count].location)
    }

    /// keepalived is silent about words that a keyword does not take, but not about those between a name and `{`.
    private func reportExtra(after count: Int, _ diagnostics: inout Diagnostics) {
        let words = arguments[count...].map(\.text).joined(separator: " ")
        diagnostics.warning(
            "Block \(keyword.text) has extra parameters \(words) - ignoring them", at: arguments[count].location)
    }
}
