// Definitions: `$NAME=value` without a blank before `=`.
extension Substitution {
    /// Takes a definition; false when the line is none.
    ///
    /// A value goes on in the next line after a final backslash, and then stands for several lines.
    mutating func take(definitionIn first: SourceLine, continuedIn rest: inout ArraySlice<SourceLine>) -> Bool {
        guard first.firstOctet == .dollar || first.firstOctet == .at else { return false }
        var line = first
        var continues = line.removeContinuation()
        line.removeComment(unescaping: false, &diagnostics)
        let (text, kept) = conditional(line)
        guard let (name, firstValue) = definition(in: text) else { return false }
        var value = firstValue
        while continues, var next = rest.popFirst() {
            continues = next.removeContinuation()
            next.removeComment(unescaping: false, &diagnostics)
            value += [.newline] + next.octets.trimmed
        }
        if kept != nil { variables.define(name, as: value) }
        return true
    }

    private func definition(in line: SourceLine) -> (name: String, value: [UInt8])? {
        let content = line.octets.drop { $0.isBlank }
        guard content.first == .dollar else { return nil }
        let name = content.dropFirst().prefix { $0.isNameCharacter }
        guard !name.isEmpty, content[name.endIndex...].first == UInt8(ascii: "=") else { return nil }
        return (String(decoding: name, as: UTF8.self), content[(name.endIndex + 1)...].trimmed)
    }
}

extension BidirectionalCollection<UInt8> {
    /// Without blanks at both ends.
    var trimmed: [UInt8] {
        let start = firstIndex { !$0.isBlank } ?? endIndex
        let end = lastIndex { !$0.isBlank }.map { index(after: $0) } ?? start
        return Array(self[start..<end])
    }
}
