/// The keywords that one kind of block knows.
struct KeywordTable<Target: Draft>: Sendable {
    private let rows: [String: Keyword<Target>]

    /// Every name stands in one row only.
    init(_ rows: [Keyword<Target>]) {
        self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
    }

    func knows(_ word: String) -> Bool { rows[word] != nil }

    /// What comes of each word, in alphabetical order.
    var reference: [(name: String, support: Keyword<Target>.Support)] {
        rows.values.map { ($0.name, $0.support) }.sorted { $0.name < $1.name }
    }

    /// Applies directives in their order. What is unknown is reported and left out, with its block if it has one.
    func apply(_ directives: [Directive], to target: inout Target, _ diagnostics: inout Diagnostics) {
        for directive in directives {
            guard let row = rows[directive.keyword.text] else {
                report(unknown: directive, &diagnostics)
                continue
            }
            switch (row.shape, directive.block) {
            case (.scalar, .some):
                diagnostics.error(
                    "Unexpected '{' - '\(row.name)' takes no block, ignoring it", at: directive.keyword.location)
            case (.block, nil):
                diagnostics.error(
                    "Missing '{' at beginning of configuration block '\(row.name)'", at: directive.keyword.location)
                continue
            case (.scalar, nil), (.block, .some), (.any, _):
                break
            }
            row.effect(directive, &target, &diagnostics)
        }
    }

    private func report(unknown directive: Directive, _ diagnostics: inout Diagnostics) {
        let word = directive.keyword
        var message = "Unknown keyword '\(word.text)'"
        if let home = home(of: word.text) {
            message += " here; it belongs in '\(home)'"
        } else if diagnostics.mayGuess(), let known = Spelling.nearest(to: word.text, among: rows.keys) {
            message += "; did you mean '\(known)'?"
        }
        if directive.block != nil { message += " - ignoring its block" }
        diagnostics.error(message, at: word.location)
    }

    /// The block in which a keyword makes sense that was found elsewhere; nil for words that nobody knows.
    private func home(of word: String) -> String? {
        let homes: [(name: String, knows: Bool)] = [
            ("vrrp_instance", instanceKeywords.knows(word)), ("global_defs", globalKeywords.knows(word)),
            ("vrrp_script", scriptKeywords.knows(word)), ("vrrp_sync_group", syncGroupKeywords.knows(word)),
            ("track_file", trackFileKeywords.knows(word)), ("vrrp_track_process", trackProcessKeywords.knows(word)),
        ]
        return homes.first(where: \.knows)?.name
    }
}
