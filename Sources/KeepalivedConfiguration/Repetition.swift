/// Why a line that begins with `~` cannot be repeated.
struct RepetitionRefusal: Error, Hashable, Sendable {
    let reason: String
}

/// A line that stands for several: `~SEQ(VARIABLE, [START, [STEP,]] LAST) TEXT`, the same with hexadecimal numbers as
/// `~SEQx`, or `~LST(VARIABLE, VALUE, …) TEXT`, where several variables and their values stand in braces.
struct Repetition {
    private enum Source {
        case numbers(start: Int, step: Int, last: Int, radix: Int)
        case list([[[UInt8]]])
    }

    /// The variables that have a value each in every round.
    let names: [String]
    /// What is repeated.
    let text: SourceLine
    private let source: Source

    init(_ line: SourceLine, _ variables: Variables) throws(RepetitionRefusal) {
        let octets = line.octets
        let start = (octets.firstIndex(of: .tilde) ?? 0) + 1
        let keyword = String(decoding: octets[start...].prefix { $0.isNameCharacter }, as: UTF8.self)
        guard ["SEQ", "SEQx", "LST"].contains(keyword) else {
            throw RepetitionRefusal(reason: "'~\(keyword)' is unknown; ~SEQ, ~SEQx and ~LST repeat")
        }
        let opening = start + keyword.utf8.count
        guard opening < octets.count, octets[opening] == UInt8(ascii: "("),
            let closing = octets[opening...].firstIndex(of: UInt8(ascii: ")"))
        else { throw RepetitionRefusal(reason: "~\(keyword) needs its variable and values in parentheses") }
        var inside = line.emptied
        inside.append(line, (opening + 1)..<closing)
        let parameters = Self.parts(of: (variables.replaced(in: inside)?.first ?? inside).octets[...])
        text = line.dropping(closing + 1)
        guard let first = parameters.first, parameters.count > 1 else {
            throw RepetitionRefusal(reason: "~\(keyword) needs a variable and values")
        }
        if keyword == "LST" {
            (names, source) = try Self.list(first, parameters.dropFirst())
        } else {
            names = [try Self.name(first)]
            source = try Self.sequence(parameters.dropFirst(), radix: keyword == "SEQ" ? 10 : 16)
        }
    }

    /// The values in a round, counted from zero; nil after the last.
    func values(in round: Int) -> [[UInt8]]? {
        switch source {
        case .list(let rows):
            return rows.indices.contains(round) ? rows[round] : nil
        case .numbers(let start, let step, let last, let radix):
            let (distance, overflows) = step.multipliedReportingOverflow(by: round)
            let (value, isTooLarge) = start.addingReportingOverflow(distance)
            guard !overflows, !isTooLarge, step > 0 ? value <= last : value >= last else { return nil }
            return [Array(String(value, radix: radix).utf8)]
        }
    }

    private static func sequence(
        _ words: ArraySlice<[UInt8]>, radix: Int
    ) throws(RepetitionRefusal) -> Source {
        var numbers: [Int] = []
        for word in words { numbers.append(try number(word)) }
        switch numbers.count {
        case 1: return .numbers(start: 1, step: 1, last: numbers[0], radix: radix)
        case 2:
            return .numbers(
                start: numbers[0], step: numbers[1] < numbers[0] ? -1 : 1, last: numbers[1], radix: radix)
        case 3 where numbers[1] != 0:
            return .numbers(start: numbers[0], step: numbers[1], last: numbers[2], radix: radix)
        case 3: throw RepetitionRefusal(reason: "~SEQ with steps of 0 has no end")
        default: throw RepetitionRefusal(reason: "~SEQ takes a variable and up to three numbers")
        }
    }

    private static func number(_ octets: [UInt8]) throws(RepetitionRefusal) -> Int {
        let text = String(decoding: octets, as: UTF8.self)
        let number = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
        // Far enough for every purpose, and sums of such numbers stay numbers.
        guard let number, number.magnitude < 1 << 60 else {
            throw RepetitionRefusal(reason: "~SEQ takes numbers, and '\(text)' is none")
        }
        return number
    }

    private static func list(
        _ first: [UInt8], _ rest: ArraySlice<[UInt8]>
    ) throws(RepetitionRefusal) -> ([String], Source) {
        guard let inner = braced(first) else {
            return ([try name(first)], .list(rest.map { [$0] }))
        }
        var names: [String] = []
        for part in parts(of: inner) { names.append(try name(part)) }
        var rows: [[[UInt8]]] = []
        for value in rest {
            let row = braced(value).map { parts(of: $0) } ?? [value]
            guard row.count == names.count else {
                throw RepetitionRefusal(reason: "~LST has \(names.count) variables and \(row.count) values for them")
            }
            rows.append(row)
        }
        return (names, .list(rows))
    }

    private static func name(_ octets: [UInt8]) throws(RepetitionRefusal) -> String {
        let name = String(decoding: octets, as: UTF8.self)
        guard !octets.isEmpty, octets.allSatisfy(\.isNameCharacter) else {
            throw RepetitionRefusal(reason: "'\(name)' cannot be the name of a variable")
        }
        return name
    }

    private static func braced(_ octets: [UInt8]) -> ArraySlice<UInt8>? {
        guard octets.count > 1, octets.first == .openingBrace, octets.last == .closingBrace else { return nil }
        return octets.dropFirst().dropLast()
    }

    /// What commas outside of braces part.
    private static func parts(of octets: ArraySlice<UInt8>) -> [[UInt8]] {
        var depth = 0
        return octets.split(omittingEmptySubsequences: false) { octet in
            if octet == .openingBrace { depth += 1 }
            if octet == .closingBrace { depth -= 1 }
            return octet == .comma && depth <= 0
        }.map(\.trimmed)
    }
}
