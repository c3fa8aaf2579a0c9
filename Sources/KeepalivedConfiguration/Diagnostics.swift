/// Collects what is said about a configuration, so that one run reports every problem.
struct Diagnostics {
    /// Nobody reads more.
    static let maximumCount = 10_000

    private var collected: [Diagnostic] = []
    private var notedKeywords: Set<String> = []
    private var guesses = 0
    private var hasFatal = false
    private var hasNotedLength = false

    mutating func report(_ diagnostic: Diagnostic) {
        if collected.count == Self.maximumCount {
            let sentence = "more than \(Self.maximumCount) problems - the others are not listed"
            collected.append(Diagnostic(.error, sentence, at: .whole(diagnostic.location.file)))
        }
        // What is fatal decides whether the configuration can be used, so one such is never dropped.
        let isFirstFatal = diagnostic.severity == .fatal && !hasFatal
        if collected.count < Self.maximumCount || isFirstFatal { collected.append(diagnostic) }
        hasFatal = hasFatal || diagnostic.severity == .fatal
    }

    mutating func note(_ message: String, at location: SourceLocation) {
        report(Diagnostic(.note, message, at: location))
    }

    mutating func warning(
        _ message: String, at location: SourceLocation, category: Diagnostic.Category = .general
    ) {
        report(Diagnostic(.warning, message, at: location, category: category))
    }

    /// What keepalived is silent about although somebody meant something else.
    mutating func advice(_ message: String, at location: SourceLocation) {
        warning(message, at: location, category: .advice)
    }

    mutating func error(
        _ message: String, at location: SourceLocation, category: Diagnostic.Category = .general
    ) {
        report(Diagnostic(.error, message, at: location, category: category))
    }

    mutating func fatal(
        _ message: String, at location: SourceLocation, category: Diagnostic.Category = .general
    ) {
        report(Diagnostic(.fatal, message, at: location, category: category))
    }

    /// Whether another word is worth looking for what was meant by it: that takes its time, and a file can be all
    /// nonsense.
    mutating func mayGuess() -> Bool {
        guesses += 1
        return guesses <= 100
    }

    /// Says once that an address without a length is a host's: mostly its network's was meant.
    mutating func noteMissingLength(of address: String, _ bits: Int, at location: SourceLocation) {
        guard !hasNotedLength else { return }
        hasNotedLength = true
        let sentence = "\(address) has no prefix length and gets /\(bits); others like it are not listed"
        report(Diagnostic(.note, sentence, at: location, category: .advice))
    }

    /// Says once per keyword that keepalived knows it and that it changes nothing here, and why.
    mutating func noteWithoutEffect(_ word: Word, _ reason: String = "") {
        guard notedKeywords.insert(word.text).inserted else { return }
        note("'\(word.text)' has no effect in vrrpd" + (reason.isEmpty ? "" : ": " + reason), at: word.location)
    }

    /// In reading order: files as they were first mentioned, then lines and columns.
    var sorted: [Diagnostic] {
        var ranks: [String: Int] = [:]
        for diagnostic in collected where ranks[diagnostic.location.file] == nil {
            ranks[diagnostic.location.file] = ranks.count
        }
        let keyed = collected.enumerated().map { index, diagnostic in
            let location = diagnostic.location
            return ((ranks[location.file] ?? 0, location.line, location.column, index), diagnostic)
        }
        return keyed.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
