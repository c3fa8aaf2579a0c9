// Lines that are obeyed while files are read: `include` and its stricter relatives, and what changes how they work.
extension Substitution {
    private static let maximumIncludeDepth = 16
    private static let maximumFiles = 1000
    private static let maximumOctets = 16 << 20

    /// The words that insist that something is there stand beside the one that does not.
    private static let includeKeywords: Set<String> = [
        "include", "includer", "includem", "includew", "includeb", "includea",
    ]

    /// Does what a line says about files; false when it is for the parser.
    mutating func obey(_ line: SourceLine, from start: Int) -> Bool {
        let content = line.octets[start...]
        let keyword = String(decoding: content.prefix { !$0.isBlank }, as: UTF8.self)
        let argument = content.dropFirst(keyword.utf8.count).trimmed
        switch keyword {
        case "instance":
            // It is a keyword like others, but its value is known to the lines that follow.
            variables.define("_INSTANCE", as: argument)
            return false
        case "include_check":
            requiresFiles = true
            return false
        case _ where Self.includeKeywords.contains(keyword):
            include(String(decoding: argument, as: UTF8.self), keyword, from: line, at: line.location(at: start))
            return true
        default:
            return false
        }
    }

    private mutating func include(
        _ argument: String, _ keyword: String, from line: SourceLine, at location: SourceLocation
    ) {
        var pattern = argument
        if pattern.count > 1, pattern.first == "\"", pattern.last == "\"" {
            pattern = String(pattern.dropFirst().dropLast())
        }
        guard !pattern.isEmpty else {
            diagnostics.error("'\(keyword)' is missing a file name", at: location, category: .missingParameter)
            return
        }
        guard openFiles.count <= Self.maximumIncludeDepth else {
            diagnostics.error("files are included more than \(Self.maximumIncludeDepth) deep - ignoring", at: location)
            return
        }
        let files = load(pattern, line.file)
        if files.isEmpty { reportMissing(pattern, isRequired: requiresFiles || keyword != "include", at: location) }
        for file in files { include(file, at: location) }
    }

    private mutating func include(_ file: ConfigurationFile, at location: SourceLocation) {
        guard !openFiles.contains(file.name) else {
            diagnostics.error("'\(file.name)' includes itself - ignoring", at: location)
            return
        }
        guard hasRoom(for: file, at: location) else { return }
        read(file)
        variables.define("_PWD", as: Array(Self.directory(of: location.file).utf8))
    }

    /// Whether one more file may be read; the first that may not is reported.
    private mutating func hasRoom(for file: ConfigurationFile, at location: SourceLocation) -> Bool {
        let hadRoom = fileCount <= Self.maximumFiles && octetsRead <= Self.maximumOctets
        fileCount += 1
        octetsRead += file.text.utf8.count
        if fileCount <= Self.maximumFiles, octetsRead <= Self.maximumOctets { return true }
        if hadRoom {
            let limit =
                fileCount > Self.maximumFiles
                ? "\(Self.maximumFiles) files" : "\(Self.maximumOctets >> 20) MiB of files"
            diagnostics.error("more than \(limit) are included - ignoring the rest", at: location)
        }
        return false
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
