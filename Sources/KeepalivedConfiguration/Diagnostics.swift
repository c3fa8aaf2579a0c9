/// Collects what is said about a configuration, so that one run reports every problem.
struct Diagnostics {
    private var collected: [Diagnostic] = []
    private var notedKeywords: Set<String> = []

    mutating func report(_ diagnostic: Diagnostic) {
        collected.append(diagnostic)
    }

    mutating func note(_ message: String, at location: SourceLocation) {
        report(Diagnostic(.note, message, at: location))
    }

    mutating func warning(
        _ message: String, at location: SourceLocation, category: Diagnostic.Category = .general
    ) {
        report(Diagnostic(.warning, message, at: location, category: category))
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

    /// Says once per keyword that keepalived knows it and that it changes nothing here.
    mutating func noteWithoutEffect(_ word: Word) {
        guard notedKeywords.insert(word.text).inserted else { return }
        note("'\(word.text)' has no effect in vrrpd", at: word.location)
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
