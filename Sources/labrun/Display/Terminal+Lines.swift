// How lines are made that a terminal does not have to break.
extension Terminal {
    /// A word in a column of its own.
    static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    /// A line that the terminal does not have to break.
    static func fitted(_ line: String, to width: Int = width) -> String {
        line.count <= width ? line : line.prefix(width - 2) + ".."
    }

    /// Words in lines that fit, each with a margin; a word that is wider than a line has one of its own.
    ///
    /// - Parameter hanging: the margin of all lines but the first, when it differs.
    static func wrapped(_ text: String, indent: Int, hanging: Int? = nil, width: Int = width) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] = last + " " + word
            } else {
                let margin = lines.isEmpty ? indent : hanging ?? indent
                lines.append(String(repeating: " ", count: margin) + word)
            }
        }
        return lines
    }

    /// Words in lines that fit the terminal, the first after a head, the others below it.
    static func wrapped(_ text: String, after head: String, width: Int = width) -> [String] {
        let lines = wrapped(text, indent: head.count, width: width)
        return [head + (lines.first?.dropFirst(head.count) ?? "")] + lines.dropFirst()
    }

    /// A command in lines that fit, which a shell takes as one.
    static func command(_ words: String, after head: String) -> [String] {
        let lines = wrapped(printable(words), after: head)
        guard lines.count > 1 else { return lines }
        // The backslash needs room: a word that just fitted goes down.
        let narrow = wrapped(printable(words), after: head, width: width - 2)
        return narrow.dropLast().map { $0 + " \\" } + narrow.suffix(1)
    }

    /// A text that cannot make a terminal do anything, and in which nothing is invisible.
    static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isVisible($0) ? $0 : "?" }))
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
