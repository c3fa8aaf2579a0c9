/// A JSON object whose members are strings, numbers or constants, such as a webhook's body.
struct FlatObject: Hashable, Sendable {
    /// Each member's value as text, without the quotes of strings.
    var members: [String: String] = [:]
    private var rest: Substring

    /// Reads a text that is one object and nothing else; nil when it is not, or has members that are no plain values.
    init?(_ text: String) {
        rest = text[...]
        guard take("{") else { return nil }
        if !take("}") {
            repeat {
                guard let name = string(), take(":"), let value = string() ?? plain() else { return nil }
                members[name] = value
            } while take(",")
            guard take("}") else { return nil }
        }
        skipSpace()
        guard rest.isEmpty else { return nil }
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0.isWhitespace }
    }

    private mutating func take(_ mark: Character) -> Bool {
        skipSpace()
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }

    /// A string; what is escaped in it stays as it is written, but for quotes and backslashes.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return text
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                text += escaped == "\"" || escaped == "\\" ? "\(escaped)" : "\\\(escaped)"
            default: text.append(next)
            }
        }
        return nil
    }

    /// A number, or `true`, `false` or `null`.
    private mutating func plain() -> String? {
        skipSpace()
        let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        guard ["true", "false", "null"].contains(word) || Double(word) != nil else { return nil }
        rest = rest.dropFirst(word.count)
        return String(word)
    }
}
