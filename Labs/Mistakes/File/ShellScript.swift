import LabCourse

/// A shell script as far as its lines tell: commands, states and exits, without running it.
struct ShellScript {
    /// A command, and what stands before it and behind it.
    struct Command: Hashable {
        var words: [String]
        /// Such as `||`; empty at the beginning of a line.
        var before: String
        var after: String
        var line: Int

        /// The program without its directory.
        var name: String { words.first?.split(separator: "/").last.map(String.init) ?? "" }
    }

    let file: SourceFile
    /// The file's lines, split once: each command is looked up in them.
    let lines: [String]
    let commands: [Command]

    init(_ file: SourceFile) {
        self.file = file
        lines = file.lines
        commands = Self.commands(in: lines)
    }

    /// A text that a shell is given with `-c`.
    init(inline text: String) {
        self.init(SourceFile("", text))
    }

    /// The words of the `#!` line; nil without one.
    var interpreter: [String]? {
        guard let first = lines.first, first.hasPrefix("#!") else { return nil }
        return first.dropFirst(2).split(separator: " ").map(String.init)
    }

    func place(_ line: Int) -> Diagnosis.Place {
        Diagnosis.Place(file: file.path, line: line, text: lines[line - 1].trimmed)
    }

    func place(_ command: Command) -> Diagnosis.Place { place(command.line) }

    /// The patterns of its `case` lines, such as `MASTER`.
    var patterns: [(text: String, line: Int)] {
        guard commands.contains(where: { $0.words.first == "case" }) else { return [] }
        return lines.enumerated().flatMap { index, line -> [(text: String, line: Int)] in
            let line = Self.uncommented(line).trimmed
            guard let end = line.firstIndex(of: ")"), !line[..<end].contains("$("), !line.hasPrefix("case ") else {
                return []
            }
            let words = line[..<end].drop { $0 == "(" }.split(separator: "|").map { word in
                String(word.trimmed.filter { $0 != "\"" && $0 != "'" })
            }
            guard words.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) else { return [] }
            return words.map { ($0, index + 1) }
        }
    }
}

extension ShellScript {
    /// A line up to its comment.
    static func uncommented(_ line: String) -> Substring {
        var quote: Character?
        var previous: Character = " "
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "#", previous.isWhitespace {
                return line[..<index]
            }
            previous = character
        }
        return line[...]
    }

    private static func commands(in lines: [String]) -> [Command] {
        var commands: [Command] = []
        var joined = ""
        var start = 0
        for (index, line) in lines.enumerated() {
            if joined.isEmpty { start = index + 1 }
            joined += uncommented(line)
            if joined.hasSuffix("\\") {
                joined.removeLast()
                continue
            }
            commands += self.commands(in: joined, start)
            joined = ""
        }
        return commands
    }

    /// Cuts a line where one command ends and another begins: at `;`, `&`, `|` and parentheses outside of quotes, and
    /// at `$(` also within them.
    private static func commands(in line: String, _ number: Int) -> [Command] {
        var parts: [(text: String, before: String)] = [("", "")]
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            if character == "$", rest.first == "(", quote != "'" {
                rest.removeFirst()
                parts.append(("", "("))
                quote = nil
            } else if let open = quote {
                if character == open { quote = nil }
                parts[parts.count - 1].text.append(character)
            } else if character == "'" || character == "\"" {
                quote = character
                parts[parts.count - 1].text.append(character)
            } else if isRedirection(character, parts.last?.text.last, rest.first) {
                parts[parts.count - 1].text.append(character)
            } else if ";&|()`".contains(character) {
                var mark = String(character)
                if rest.first == character, character != "(", character != ")" { mark.append(rest.removeFirst()) }
                parts.append(("", mark))
            } else {
                parts[parts.count - 1].text.append(character)
            }
        }
        return parts.indices.compactMap { index in
            let words = leadingWordsRemoved(WrittenCommand.split(parts[index].text))
            guard !words.isEmpty else { return nil }
            let after = index + 1 < parts.count ? parts[index + 1].before : ""
            return Command(words: words, before: parts[index].before, after: after, line: number)
        }
    }

    /// The ampersand of `>&2` and `&>file` ends no command.
    private static func isRedirection(_ character: Character, _ previous: Character?, _ next: Character?) -> Bool {
        character == "&" && (previous == ">" || previous == "<" || next == ">")
    }

    /// Without the shell's own words and assignments before a command.
    private static func leadingWordsRemoved(_ words: [String]) -> [String] {
        let keywords: Set = ["if", "then", "elif", "else", "while", "until", "do", "!", "time", "exec", "{"]
        return Array(
            words.drop { word in
                if keywords.contains(word) { return true }
                guard let sign = word.firstIndex(of: "="), sign != word.startIndex else { return false }
                return word[..<sign].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            })
    }
}
