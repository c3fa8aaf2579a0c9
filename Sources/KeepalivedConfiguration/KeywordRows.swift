/// Where a row stores its value.
typealias Slot<Target, Value: Hashable & Sendable> = any WritableKeyPath<Target, Located<Value>?> & Sendable

// The kinds of row that keywords have in common.
extension Keyword {
    /// A whole number. A value outside the range is refused with the sentence `refusal`; the fallback, if there is one,
    /// takes its place.
    static func integer(
        _ name: String, _ range: ClosedRange<Int>, _ slot: Slot<Target, Int>,
        refusal: String? = nil, fallback: Int? = nil
    ) -> Keyword {
        number(name, slot, refusal: refusal, fallback: fallback, shownAs: { String($0) }) {
            (text: String) throws(NumberRefusal) in try Number.integer(text, in: range)
        }
    }

    /// Decimal seconds.
    static func seconds(
        _ name: String, _ range: ClosedRange<Duration>, _ slot: Slot<Target, Duration>,
        refusal: String? = nil, fallback: Duration? = nil
    ) -> Keyword {
        number(name, slot, refusal: refusal, fallback: fallback, shownAs: Number.decimal) {
            (text: String) throws(NumberRefusal) in try Number.seconds(text, in: range)
        }
    }

    /// A number, or `off` where zero is not one of its values.
    static func limit(_ name: String, _ range: ClosedRange<Int>, _ slot: Slot<Target, Int>) -> Keyword {
        number(name, slot, refusal: nil, fallback: nil, shownAs: { String($0) }) {
            (text: String) throws(NumberRefusal) in text == "off" ? 0 : try Number.integer(text, in: range)
        }
    }

    private static func number<Value>(
        _ name: String, _ slot: Slot<Target, Value>, refusal: String?, fallback: Value?,
        shownAs text: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) throws(NumberRefusal) -> Value
    ) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            do throws(NumberRefusal) {
                target[keyPath: slot] = Located(try read(word.text), at: word.location)
            } catch {
                let consequence = fallback.map { "using default \(text($0))" } ?? "ignoring"
                let sentence = "\(target.subject)\(refusal ?? "\(name) not valid!") \(error.reason) - \(consequence)"
                diagnostics.error(sentence, at: word.location)
                if let fallback { target[keyPath: slot] = Located(fallback, at: word.location) }
            }
        }
    }

    /// A word that is there or not.
    static func flag(_ name: String, _ slot: Slot<Target, Bool>, _ value: Bool = true) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            directive.expectNoMore(after: 0, &diagnostics)
            target[keyPath: slot] = Located(value, at: directive.keyword.location)
        }
    }

    /// A word that may be followed by `on`, `true`, `yes`, `off`, `false` or `no`; alone it means yes.
    static func toggle(_ name: String, _ slot: Slot<Target, Bool>) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            target[keyPath: slot] =
                .boolean(directive, subject: target.subject, &diagnostics) ?? target[keyPath: slot]
        }
    }

    /// One word.
    static func word(_ name: String, _ slot: Slot<Target, String>, atMost limit: Int = .max) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 1, &diagnostics)
            guard word.text.utf8.count <= limit else {
                diagnostics.error(
                    "\(target.subject)\(name) '\(word.text)' is longer than \(limit) characters - ignoring",
                    at: word.location)
                return
            }
            target[keyPath: slot] = Located(word.text, at: word.location)
        }
    }

    /// One word, or none, which sets nothing; a variable may have been empty.
    static func optionalWord(_ name: String, _ slot: Slot<Target, String>) -> Keyword {
        let row = word(name, slot)
        return Keyword(name) { directive, target, diagnostics in
            if directive.arguments.isEmpty {
                diagnostics.advice("'\(name)' names nothing - ignoring", at: directive.keyword.location)
            } else {
                row.effect(directive, &target, &diagnostics)
            }
        }
    }

    /// `USER [GROUP]`.
    static func owner(
        _ name: String, _ user: Slot<Target, String>, _ group: Slot<Target, String>
    ) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard let word = directive.argument(0, &diagnostics) else { return }
            directive.expectNoMore(after: 2, &diagnostics)
            target[keyPath: user] = Located(word.text, at: word.location)
            target[keyPath: group] = directive.arguments.dropFirst().first.map { Located($0.text, at: $0.location) }
        }
    }

    /// A command; of several the first counts, as in keepalived.
    static func command(
        _ name: String, _ slot: Slot<Target, ScriptCommand>, style: ScriptCommand.Style
    ) -> Keyword {
        Keyword(name) { directive, target, diagnostics in
            guard target[keyPath: slot] == nil else {
                diagnostics.warning(
                    "\(target.subject)\(name) already specified - ignoring", at: directive.keyword.location)
                return
            }
            target[keyPath: slot] = ScriptCommand.read(directive, style: style, &diagnostics)
        }
    }

    /// A block with keywords of its own, for the same draft.
    static func block(_ name: String, _ table: KeywordTable<Target>) -> Keyword {
        Keyword(name, .block) { directive, target, diagnostics in
            directive.expectNoMore(after: 0, &diagnostics)
            table.apply(directive.block ?? [], to: &target, &diagnostics)
        }
    }

    /// A block whose lines begin with no keyword; `opening` is applied once before them.
    static func lines(_ name: String, opening: Effect? = nil, _ line: @escaping Effect) -> Keyword {
        Keyword(name, .block) { directive, target, diagnostics in
            directive.expectNoMore(after: 0, &diagnostics)
            opening?(directive, &target, &diagnostics)
            for entry in directive.block ?? [] {
                if entry.block == nil {
                    line(entry, &target, &diagnostics)
                } else {
                    let problem = "'\(entry.keyword.text)' takes no block within '\(name)' - ignoring"
                    diagnostics.error(problem, at: entry.keyword.location)
                }
            }
        }
    }
}

extension Located<Bool> {
    /// What follows a word that may be followed by yes or no; nil, with a word about it, when it is neither.
    static func boolean(_ directive: Directive, subject: String, _ diagnostics: inout Diagnostics) -> Located? {
        directive.expectNoMore(after: 1, &diagnostics)
        let keyword = directive.keyword
        guard let word = directive.arguments.first else { return Located(true, at: keyword.location) }
        switch word.text {
        case "on", "true", "yes": return Located(true, at: keyword.location)
        case "off", "false", "no": return Located(false, at: keyword.location)
        default:
            diagnostics.error(
                "\(subject)Invalid value '\(word.text)' for \(keyword.text) - ignoring; true and false are known",
                at: word.location)
            return nil
        }
    }
}
