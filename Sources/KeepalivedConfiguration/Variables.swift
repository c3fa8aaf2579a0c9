/// `$NAME=value` definitions and their replacement, as text, before words are formed.
struct Variables {
    /// `${_HASH}` and `${_BANG}` stand for characters that begin comments.
    private var values: [String: [UInt8]] = ["_HASH": [.hash], "_BANG": [.exclamation], "_INSTANCE": []]
    private let environment: @Sendable (String) -> String?

    init(environment: @escaping @Sendable (String) -> String?) {
        self.environment = environment
    }

    /// Gives a variable another value; nil takes its definition back.
    mutating func define(_ name: String, as value: [UInt8]?) {
        values[name] = value
    }

    func value(of name: String) -> [UInt8]? { values[name] }

    /// The line or lines that a line stands for, which may contain variables again; nil when it contains none.
    func replaced(in line: SourceLine) -> [SourceLine]? {
        guard line.octets.contains(.dollar) else { return nil }
        let replacements = references(in: line).compactMap { reference in
            value(of: reference).map { (reference, $0) }
        }
        if replacements.isEmpty { return nil }
        var result = line.emptied
        var offset = 0
        for (reference, value) in replacements {
            result.append(line, offset..<reference.start)
            result.append(value, at: line.location(at: reference.start))
            offset = reference.end
        }
        result.append(line, offset..<line.octets.count)
        return result.split()
    }

    private func value(of reference: Reference) -> [UInt8]? {
        guard reference.isReplaced else { return nil }
        switch reference.name {
        case "_ENV" where reference.isBraced:
            return reference.parameters.first.flatMap(environment).map { Array($0.utf8) }
        case "_RANDOM" where reference.isBraced:
            let bounds = reference.parameters.map { Int($0) ?? 0 }
            let least = bounds.first ?? 0
            let most = bounds.count > 1 ? bounds[1] : 32_767
            return Array(String(Int.random(in: least...max(least, most))).utf8)
        default:
            return reference.parameters.isEmpty ? values[reference.name] : nil
        }
    }

    /// Says what was left alone although it looks like a variable. `$x` without braces may well be part of a password.
    func reportUnreplaced(in line: SourceLine, _ diagnostics: inout Diagnostics) {
        guard line.octets.contains(.dollar) else { return }
        for reference in references(in: line) {
            let location = line.location(at: reference.start)
            if reference.isBraced {
                diagnostics.warning("'${\(reference.name)}' is not defined and stays as it is", at: location)
            } else if values[reference.name] != nil {
                let advice = "write ${\(reference.name)} where no blank follows"
                diagnostics.advice("'$\(reference.name)' is not replaced here: \(advice)", at: location)
            }
        }
    }

    private func references(in line: SourceLine) -> [Reference] {
        line.octets.indices.compactMap { Reference(in: line.octets, at: $0) }
    }
}

/// `$NAME`, `${NAME}` or `${NAME PARAMETER…}` at one place of a line.
private struct Reference {
    let name: String
    let isBraced: Bool
    let start: Int
    let end: Int
    /// keepalived replaces `$NAME` only before a blank, `,`, `)` or the end of the line.
    let isReplaced: Bool
    /// Of `${_ENV NAME}` and `${_RANDOM LEAST MOST}`.
    let parameters: [String]

    init?(in octets: [UInt8], at offset: Int) {
        guard octets[offset] == .dollar else { return nil }
        let rest = octets[(offset + 1)...]
        isBraced = rest.first == .openingBrace
        let characters = (isBraced ? rest.dropFirst() : rest).prefix { $0.isNameCharacter }
        guard !characters.isEmpty else { return nil }
        name = String(decoding: characters, as: UTF8.self)
        start = offset
        let follower = octets[characters.endIndex...].first
        if isBraced {
            let words = octets[characters.endIndex...].prefix { $0.isNameCharacter || $0.isBlank }
            guard octets[words.endIndex...].first == .closingBrace else { return nil }
            parameters = words.split(whereSeparator: \.isBlank).map { String(decoding: $0, as: UTF8.self) }
            end = words.endIndex + 1
            isReplaced = true
        } else {
            parameters = []
            end = characters.endIndex
            isReplaced = follower.map { $0.isBlank || $0 == .comma || $0 == UInt8(ascii: ")") } ?? true
        }
    }
}
