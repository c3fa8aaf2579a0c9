/// Turns files into plain lines: comments gone, `@id` conditions decided, variables replaced, repetitions written out,
/// includes read.
struct Substitution {
    /// How deep variables may stand for variables, and what one line may grow to.
    private static let maximumDepth = 16
    private static let maximumReplacements = 10_000
    private static let maximumOctets = 65_536
    /// What all files together may come to.
    static let maximumLines = 200_000
    static let maximumTotal = 16 << 20

    let surroundings: ConfigurationSurroundings
    let load: ConfigurationLoader
    var variables: Variables
    var openFiles: [String] = []
    var fileCount = 0
    var octetsRead = 0
    /// Every include must match something (`include_check`, `--all-config`).
    var requiresFiles: Bool
    var diagnostics: Diagnostics
    private var replacements = 0
    private var output: [SourceLine] = []
    private var outputOctets = 0
    private(set) var isExhausted = false

    /// All lines that a file stands for, in reading order.
    static func lines(
        of file: ConfigurationFile, _ surroundings: ConfigurationSurroundings, load: @escaping ConfigurationLoader,
        _ diagnostics: inout Diagnostics
    ) -> [SourceLine] {
        var substitution = Substitution(surroundings, load: load, diagnostics: diagnostics)
        substitution.read(file)
        diagnostics = substitution.diagnostics
        return substitution.output
    }

    private init(
        _ surroundings: ConfigurationSurroundings, load: @escaping ConfigurationLoader, diagnostics: Diagnostics
    ) {
        self.surroundings = surroundings
        self.load = load
        self.diagnostics = diagnostics
        variables = Variables(environment: surroundings.environment)
        requiresFiles = surroundings.requiresIncludes
    }

    mutating func read(_ file: ConfigurationFile) {
        openFiles.append(file.name)
        defer { openFiles.removeLast() }
        variables.define("_PWD", as: Array(Self.directory(of: file.name).utf8))
        var rest = SourceLine.split(file.text, file: file.name, &diagnostics)[...]
        while !isExhausted, let line = rest.popFirst() {
            if line.isPlain {
                emit(line)
            } else if !take(definitionIn: line, continuedIn: &rest) {
                replacements = 0
                reportContinuation(of: line)
                expand(line, depth: 0)
            }
        }
    }

    /// keepalived keeps a backslash at the end of a line, even of a comment.
    private mutating func reportContinuation(of line: SourceLine) {
        guard let first = line.firstOctet, first == .hash || first == .exclamation,
            let last = line.octets.lastIndex(where: { !$0.isBlank }), line.octets[last] == .backslash
        else { return }
        diagnostics.warning(
            "the backslash at the end of this comment is a keyword for keepalived: take it away",
            at: line.location(at: last))
    }

    static func directory(of name: String) -> String {
        guard let slash = name.lastIndex(of: "/") else { return "." }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// Writes out what a line comes to. The value of a variable is read like the lines of a file: it may hold comments,
    /// conditions, definitions, includes and more variables.
    mutating func expand(_ written: SourceLine, depth: Int) {
        var line = written
        line.removeComment(unescaping: false, &diagnostics)
        guard !isExhausted, let kept = conditional(line).kept, !kept.isBlank else { return }
        if kept.firstOctet == .tilde { return repeatText(of: kept, depth: depth) }
        guard let parts = variables.replaced(in: kept) else {
            variables.reportUnreplaced(in: kept, &diagnostics)
            line = kept
            line.removeComment(unescaping: true, &diagnostics)
            return emit(line)
        }
        replacements += parts.count
        let length = parts.reduce(0) { $0 + $1.octets.count }
        guard depth < Self.maximumDepth, replacements <= Self.maximumReplacements, length <= Self.maximumOctets else {
            diagnostics.error("variables expand without end - ignoring the line", at: kept.location(at: 0))
            return
        }
        for part in parts {
            var none: ArraySlice<SourceLine> = []
            if !take(definitionIn: part, continuedIn: &none) { expand(part, depth: depth + 1) }
        }
    }

    /// `~SEQ` and `~LST`: the text after the parentheses, once for each value.
    private mutating func repeatText(of line: SourceLine, depth: Int) {
        let location = line.location(at: line.octets.firstIndex(of: .tilde) ?? 0)
        guard depth < Self.maximumDepth else {
            diagnostics.error("repetitions within more than \(Self.maximumDepth) others - ignoring", at: location)
            return
        }
        let repetition: Repetition
        do throws(RepetitionRefusal) {
            repetition = try Repetition(line, variables)
        } catch {
            diagnostics.error("\(error.reason) - ignoring the line", at: location)
            return
        }
        let former = repetition.names.map { variables.value(of: $0) }
        var round = 0
        while let values = repetition.values(in: round) {
            round += 1
            replacements = 0
            // A round without text costs time too.
            outputOctets += 64
            guard hasRoom(at: location) else { break }
            for (name, value) in zip(repetition.names, values) { variables.define(name, as: value) }
            expand(repetition.text, depth: depth + 1)
        }
        for (name, value) in zip(repetition.names, former) { variables.define(name, as: value) }
    }

    /// `@ID text` is kept where the configuration is known as ID, `@^ID text` everywhere else; a line without a
    /// condition is always kept.
    func conditional(_ line: SourceLine) -> (text: SourceLine, kept: SourceLine?) {
        guard let start = line.octets.firstIndex(where: { !$0.isBlank }), line.octets[start] == .at else {
            return (line, line)
        }
        let end = line.octets[start...].firstIndex { $0.isBlank } ?? line.octets.endIndex
        let condition = String(decoding: line.octets[(start + 1)..<end], as: UTF8.self)
        let id = surroundings.configID
        let isMet = condition.hasPrefix("^") ? String(condition.dropFirst()) != id : condition == id
        let text = line.dropping(end)
        return (text, isMet ? text : nil)
    }

    /// Gives out a plain line, unless it includes files.
    private mutating func emit(_ line: SourceLine) {
        guard let start = line.octets.firstIndex(where: { !$0.isBlank }), !isExhausted else { return }
        if line.octets[start...].starts(with: [UInt8(ascii: "i"), UInt8(ascii: "n")]), obey(line, from: start) {
            return
        }
        outputOctets += line.octets.count
        guard hasRoom(at: line.location(at: start)) else { return }
        output.append(line)
    }

    private mutating func hasRoom(at location: SourceLocation) -> Bool {
        guard isExhausted || output.count >= Self.maximumLines || outputOctets > Self.maximumTotal else { return true }
        if !isExhausted {
            diagnostics.fatal(
                "the configuration comes to more than \(Self.maximumLines) lines or \(Self.maximumTotal >> 20) MiB - "
                    + "nothing of it is used", at: location)
        }
        isExhausted = true
        output = []
        return false
    }
}
