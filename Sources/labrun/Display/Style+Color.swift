extension Style {
    /// Lines in which the words have a color that say how something came out.
    func painted(_ text: String) -> String {
        guard hasColor else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.painted($0) }
            .joined(separator: "\n")
    }

    private static func painted(_ line: Substring) -> String {
        let words = line.split(separator: " ", maxSplits: 3)
        guard let first = words.first else { return String(line) }
        if let color = verdicts[String(first)] { return line.painting(first, color) }
        // A line with a time: the word comes after it, or after the name of a node.
        guard first.contains("."), Double(first) != nil else { return String(line) }
        for word in words.dropFirst().prefix(2) {
            if let color = events[String(word)] { return line.painting(word, color) }
        }
        return String(line)
    }

    private enum Color: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    private static let verdicts: [String: Color] = [
        "ok": .green, "PASS": .green, "FAIL": .red, "??": .yellow, "skip": .yellow,
    ]
    private static let events: [String: Color] = [
        "FAULT": .red, "CRASH": .red, "OUTAGE": .red, "FAIL": .red, "??": .yellow, "STALL": .yellow, "LOST": .yellow,
        "HEAL": .green, "MASTER": .cyan,
    ]
}

extension Substring {
    fileprivate func painting(_ word: Substring, _ color: some RawRepresentable<String>) -> String {
        self[..<word.startIndex] + "\u{1B}[\(color.rawValue)m" + word + "\u{1B}[0m" + self[word.endIndex...]
    }
}
