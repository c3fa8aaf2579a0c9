/// What keywords fill in, piece by piece, before it is checked as a whole.
protocol Draft: Sendable {
    /// Whom a diagnostic is about, in keepalived's form: `(VI_1) `, or nothing.
    var subject: String { get }
}

/// One row of a table: a word, and how it changes a draft.
struct Keyword<Target: Draft>: Sendable {
    typealias Effect = @Sendable (Directive, inout Target, inout Diagnostics) -> Void

    /// Whether braces follow.
    enum Shape: Sendable {
        case scalar, block, any
    }

    /// What comes of the word; the reasons are for people.
    enum Support: Hashable, Sendable {
        case supported
        case withoutEffect(String)
        /// Belongs to another service; its block is passed over whole.
        case skipped(String)
    }

    let name: String
    let shape: Shape
    let support: Support
    let effect: Effect

    init(_ name: String, _ shape: Shape = .scalar, support: Support = .supported, effect: @escaping Effect) {
        self.name = name
        self.shape = shape
        self.support = support
        self.effect = effect
    }

    /// Known to keepalived, without effect here; says so once.
    static func accepted(_ name: String, _ reason: String) -> Keyword {
        Keyword(name, .any, support: .withoutEffect(reason)) { directive, _, diagnostics in
            diagnostics.noteWithoutEffect(directive.keyword, reason)
        }
    }

    /// Known to keepalived, for something that is not VRRP; says so once.
    static func skipped(_ name: String, _ reason: String) -> Keyword {
        Keyword(name, .any, support: .skipped(reason)) { directive, _, diagnostics in
            diagnostics.noteWithoutEffect(directive.keyword, reason)
        }
    }
}

extension [String] {
    /// A row each, all without effect for the same reason.
    func accepted<Target: Draft>(_ reason: String) -> [Keyword<Target>] {
        map { .accepted($0, reason) }
    }

    /// A row each, all of another service.
    func skipped<Target: Draft>(_ reason: String) -> [Keyword<Target>] {
        map { .skipped($0, reason) }
    }
}
