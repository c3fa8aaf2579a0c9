/// A keyword with its arguments and, perhaps, a block: all that a parser can know without knowing keywords.
struct Directive: Hashable, Sendable {
    var keyword: Word
    var arguments: [Word] = []
    /// The line after the keyword as it was written, for keywords that split commands by rules of their own.
    var rawArguments: [UInt8] = []
    var block: [Directive]?

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
        let words = arguments[count...].map(\.text).joined(separator: " ")
        diagnostics.warning(
            "'\(words)' is ignored: '\(keyword.text)' takes \(count) word\(count == 1 ? "" : "s"), "
                + "and each keyword needs a line of its own",
            at: arguments[count].location)
    }
}
