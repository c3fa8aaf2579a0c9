/// `$NAME=value` definitions and their replacement, as text, before words are formed.
struct Variables {
    /// `${_HASH}` and `${_BANG}` stand for characters that begin comments.
    private var values: [String: [UInt8]] = ["_HASH": [.hash], "_BANG": [.exclamation]]

    mutating func define(_ name: String, as value: [UInt8]) {
        values[name] = value
    }

    /// The line or lines that a line stands for, which may contain variables again; nil when it contains none.
    func replaced(in line: SourceLine) -> [SourceLine]? {
        let references = references(in: line).filter { $0.isReplaced && values[$0.name] != nil }
        if references.isEmpty { return nil }
        var result = line.emptied
        var offset = 0
        for reference in references {
            result.append(line, offset..<reference.start)
            result.append(values[reference.name] ?? [], at: line.location(at: reference.start))
            offset = reference.end
        }
        result.append(line, offset..<line.octets.count)
        return result.split()
    }

    /// Says what was left alone although it looks like a variable. `$x` without braces may well be part of a password.
    func reportUnreplaced(in line: SourceLine, _ diagnostics: inout Diagnostics) {
        for reference in references(in: line) {
            let location = line.location(at: reference.start)
            if reference.isBraced {
                diagnostics.warning("'${\(reference.name)}' is not defined and stays as it is", at: location)
            } else if values[reference.name] != nil {
                let advice = "write ${\(reference.name)} where no blank follows"
                diagnostics.warning("'$\(reference.name)' is not replaced here: \(advice)", at: location)
            }
        }
    }

    private func references(in line: SourceLine) -> [Reference] {
        line.octets.indices.compactMap { Reference(in: line.octets, at: $0) }
    }
}

/// `$NAME` or `${NAME}` at one place of a line.
private struct Reference {
    let name: String
    let isBraced: Bool
    let start: Int
    let end: Int
    /// keepalived replaces `$NAME` only before a blank, `,`, `)` or the end of the line.
    let isReplaced: Bool

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
            guard follower == .closingBrace else { return nil }
            end = characters.endIndex + 1
            isReplaced = true
        } else {
            end = characters.endIndex
            isReplaced = follower.map { $0.isBlank || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ")") } ?? true
        }
    }
}
