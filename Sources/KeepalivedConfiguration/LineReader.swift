import VRRPCore
import Wire

/// Why a word of an address, a route or a rule cannot be understood.
struct LineRefusal: Error, Hashable, Sendable {
    let reason: String
    let location: SourceLocation
}

/// Takes the words of a line one by one.
struct LineReader {
    private var words: ArraySlice<Word>
    /// Where a complaint points when there are no words left.
    private var last: Word

    init(_ directive: Directive) {
        last = directive.keyword
        words = ([directive.keyword] + directive.arguments)[...]
    }

    mutating func next() -> Word? {
        guard let word = words.popFirst() else { return nil }
        last = word
        return word
    }

    var upcoming: String? { words.first?.text }

    mutating func value(of option: Word) throws(LineRefusal) -> Word {
        guard let word = next() else {
            throw LineRefusal(reason: "'\(option.text)' is missing a parameter", location: last.location)
        }
        return word
    }

    mutating func number(of option: Word, in range: ClosedRange<Int> = 0...4_294_967_295) throws(LineRefusal) -> Int {
        let word = try value(of: option)
        if word.text.hasPrefix("0x"), let value = Int(word.text.dropFirst(2), radix: 16), range.contains(value) {
            return value
        }
        do throws(NumberRefusal) {
            return try Number.integer(word.text, in: range)
        } catch {
            throw LineRefusal(reason: "\(option.text): \(error.reason)", location: word.location)
        }
    }

    mutating func number32(of option: Word) throws(LineRefusal) -> UInt32 {
        UInt32(truncatingIfNeeded: try number(of: option))
    }

    mutating func address(of option: Word) throws(LineRefusal) -> IPAddress {
        let word = try value(of: option)
        guard let address = IPAddress(word.text) else {
            throw LineRefusal(reason: "\(option.text): '\(word.text)' is not an address", location: word.location)
        }
        return address
    }

    mutating func prefix(of option: Word) throws(LineRefusal) -> IPPrefix {
        let word = try value(of: option)
        guard let prefix = IPPrefix(word.text) else {
            throw LineRefusal(reason: "\(option.text): '\(word.text)' is not a network", location: word.location)
        }
        return prefix
    }

    mutating func table(of option: Word) throws(LineRefusal) -> UInt32 {
        let word = try value(of: option)
        let names: [String: UInt32] = ["default": 253, "main": 254, "local": 255]
        if let number = names[word.text] ?? UInt32(word.text), number > 0 { return number }
        throw LineRefusal(
            reason: "table '\(word.text)' is not known: write its number, or main, local or default",
            location: word.location)
    }
}
