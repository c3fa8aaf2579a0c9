/// A `garp_group` as it was written: interfaces whose announcements are spaced by other times.
struct SpacingGroupDraft: Draft {
    var arp: Located<Duration>?
    var neighbor: Located<Duration>?
    var interfaces: [Located<String>] = []

    var subject: String { "garp_group: " }
}

private let spacings: ClosedRange<Duration> = .microseconds(1) ... .seconds(4294)

/// `garp_group { … }`.
let spacingGroupKeywords = KeywordTable<SpacingGroupDraft>([
    .seconds("garp_interval", spacings, \.arp),
    .seconds("gna_interval", spacings, \.neighbor),
    Keyword("interface") { directive, group, diagnostics in
        guard let word = directive.argument(0, &diagnostics) else { return }
        directive.expectNoMore(after: 1, &diagnostics)
        group.interfaces.append(Located(word.text, at: word.location))
    },
    Keyword("interfaces", .block) { directive, group, _ in
        let words = (directive.block ?? []).flatMap { [$0.keyword] + $0.arguments }
        group.interfaces += words.map { Located($0.text, at: $0.location) }
    },
])
