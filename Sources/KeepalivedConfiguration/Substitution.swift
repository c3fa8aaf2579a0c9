/// Turns files into plain lines: comments gone, `@id` conditions decided, variables replaced, includes read.
struct Substitution {
    private static let maximumIncludeDepth = 16
    /// How deep variables may stand for variables, and what one line may grow to.
    private static let maximumDepth = 16
    private static let maximumReplacements = 10_000
    private static let maximumOctets = 65_536
    private static let maximumFiles = 1000

    private let configID: String?
    private let load: ConfigurationLoader
    private var variables = Variables()
    private var openFiles: [String] = []
    private var fileCount = 0
    private var replacements = 0
    private var diagnostics: Diagnostics

    /// All lines that a file stands for, in reading order.
    static func lines(
        of file: ConfigurationFile, configID: String?, load: @escaping ConfigurationLoader,
        _ diagnostics: inout Diagnostics
    ) -> [SourceLine] {
        var substitution = Substitution(configID: configID, load: load, diagnostics: diagnostics)
        let lines = substitution.lines(of: file)
        diagnostics = substitution.diagnostics
        return lines
    }

    private init(configID: String?, load: @escaping ConfigurationLoader, diagnostics: Diagnostics) {
        self.configID = configID
        self.load = load
        self.diagnostics = diagnostics
    }

    private mutating func lines(of file: ConfigurationFile) -> [SourceLine] {
        openFiles.append(file.name)
        defer { openFiles.removeLast() }
        variables.define("_PWD", as: Array(directory(of: file.name).utf8))
        var result: [SourceLine] = []
        var rest = SourceLine.split(file.text, file: file.name, &diagnostics)[...]
        while let line = rest.popFirst() {
            if take(definitionIn: line, continuedIn: &rest) { continue }
            replacements = 0
            result += plainLines(from: line, depth: 0)
        }
        return result
    }

    /// What a line comes to. The value of a variable is read like the lines of a file: it may hold comments,
    /// conditions, definitions, includes and more variables.
    private mutating func plainLines(from written: SourceLine, depth: Int) -> [SourceLine] {
        var line = written
        line.removeComment(unescaping: false, &diagnostics)
        guard let kept = conditional(line).kept, !kept.isBlank else { return [] }
        guard kept.firstOctet != UInt8(ascii: "~") else {
            diagnostics.error("~SEQ and ~LST are not supported by vrrpd - ignoring the line", at: kept.location(at: 0))
            return []
        }
        guard let parts = variables.replaced(in: kept) else {
            variables.reportUnreplaced(in: kept, &diagnostics)
            line = kept
            line.removeComment(unescaping: true, &diagnostics)
            return line.isBlank ? [] : included(by: line) ?? [line]
        }
        replacements += parts.count
        let length = parts.reduce(0) { $0 + $1.octets.count }
        guard depth < Self.maximumDepth, replacements <= Self.maximumReplacements, length <= Self.maximumOctets else {
            diagnostics.error("variables expand without end - ignoring the line", at: kept.location(at: 0))
            return []
        }
        var result: [SourceLine] = []
        for part in parts {
            var none: ArraySlice<SourceLine> = []
            if take(definitionIn: part, continuedIn: &none) { continue }
            result += plainLines(from: part, depth: depth + 1)
        }
        return result
    }

    private func directory(of name: String) -> String {
        guard let slash = name.lastIndex(of: "/") else { return "." }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// `@ID text` is kept where the configuration is known as ID, `@^ID text` everywhere else; a line without a
    /// condition is always kept.
    private func conditional(_ line: SourceLine) -> (text: SourceLine, kept: SourceLine?) {
        guard let start = line.octets.firstIndex(where: { !$0.isBlank }), line.octets[start] == UInt8(ascii: "@") else {
            return (line, line)
        }
        let end = line.octets[start...].firstIndex { $0.isBlank } ?? line.octets.endIndex
        let condition = String(decoding: line.octets[(start + 1)..<end], as: UTF8.self)
        let isMet = condition.hasPrefix("^") ? String(condition.dropFirst()) != configID : condition == configID
        let text = line.dropping(end)
        return (text, isMet ? text : nil)
    }
}

// MARK: - Definitions

extension Substitution {
    /// Takes a definition, `$NAME=value` without a blank before `=`; false when the line is none.
    ///
    /// A value goes on in the next line after a final backslash, and then stands for several lines.
    private mutating func take(definitionIn first: SourceLine, continuedIn rest: inout ArraySlice<SourceLine>) -> Bool {
        guard first.firstOctet == .dollar || first.firstOctet == UInt8(ascii: "@") else { return false }
        var line = first
        var continues = line.removeContinuation()
        line.removeComment(unescaping: false, &diagnostics)
        let (text, kept) = conditional(line)
        guard let (name, firstValue) = definition(in: text) else { return false }
        var value = firstValue
        while continues, var next = rest.popFirst() {
            continues = next.removeContinuation()
            next.removeComment(unescaping: false, &diagnostics)
            value += [.newline] + trimmed(next.octets[...])
        }
        if kept != nil { variables.define(name, as: value) }
        return true
    }

    private func definition(in line: SourceLine) -> (name: String, value: [UInt8])? {
        let content = line.octets.drop { $0.isBlank }
        guard content.first == .dollar else { return nil }
        let name = content.dropFirst().prefix { $0.isNameCharacter }
        guard !name.isEmpty, content[name.endIndex...].first == UInt8(ascii: "=") else { return nil }
        return (String(decoding: name, as: UTF8.self), trimmed(content[(name.endIndex + 1)...]))
    }

    private func trimmed(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        let start = octets.firstIndex { !$0.isBlank } ?? octets.endIndex
        let end = octets.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? start
        return Array(octets[start..<end])
    }
}

// MARK: - Includes

extension Substitution {
    /// `include` and its stricter relatives, which insist that something is there.
    private static let includeKeywords: Set<String> = [
        "include", "includer", "includem", "includew", "includeb", "includea",
    ]

    /// The lines of the files that a line includes; nil when it includes nothing.
    private mutating func included(by line: SourceLine) -> [SourceLine]? {
        let content = trimmed(line.octets[...])
        let keyword = String(decoding: content.prefix { !$0.isBlank }, as: UTF8.self)
        guard Self.includeKeywords.contains(keyword) else { return nil }
        let start = line.octets.firstIndex { !$0.isBlank } ?? 0
        let location = line.location(at: start)
        var pattern = String(decoding: trimmed(content[keyword.utf8.count...]), as: UTF8.self)
        if pattern.count > 1, pattern.first == "\"", pattern.last == "\"" {
            pattern = String(pattern.dropFirst().dropLast())
        }
        guard !pattern.isEmpty else {
            diagnostics.error(
                "'\(keyword)' is missing a file name", at: location, category: .missingParameter)
            return []
        }
        guard openFiles.count <= Self.maximumIncludeDepth else {
            diagnostics.error("files are included more than \(Self.maximumIncludeDepth) deep - ignoring", at: location)
            return []
        }
        let files = load(pattern, line.file)
        if files.isEmpty { reportMissing(pattern, isRequired: keyword != "include", at: location) }
        return files.flatMap { include($0, at: location) }
    }

    private mutating func include(_ file: ConfigurationFile, at location: SourceLocation) -> [SourceLine] {
        guard !openFiles.contains(file.name) else {
            diagnostics.error("'\(file.name)' includes itself - ignoring", at: location)
            return []
        }
        fileCount += 1
        guard fileCount <= Self.maximumFiles else {
            diagnostics.error("more than \(Self.maximumFiles) files are included - ignoring the rest", at: location)
            return []
        }
        let lines = lines(of: file)
        variables.define("_PWD", as: Array(directory(of: location.file).utf8))
        return lines
    }

    private mutating func reportMissing(_ pattern: String, isRequired: Bool, at location: SourceLocation) {
        let isPattern = pattern.contains { "*?[{".contains($0) }
        let message = isPattern ? "No config files matched '\(pattern)'." : "Config files missing '\(pattern)'."
        if isRequired {
            diagnostics.error(message, at: location, category: .requiredFileNotFound)
        } else if isPattern {
            diagnostics.note(message, at: location)
        } else {
            diagnostics.warning(message, at: location, category: .fileNotFound)
        }
    }
}
