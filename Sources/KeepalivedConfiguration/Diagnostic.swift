/// One sentence about one place in a configuration.
public struct Diagnostic: Hashable, Sendable {
    /// How much of the configuration survives.
    public enum Severity: Int, Hashable, Sendable, Comparable {
        /// Nothing is wrong: a word has no effect here.
        case note
        /// It works, but perhaps not as meant.
        case warning
        /// The word or line was dropped and the default stays.
        case error
        /// A virtual router cannot run.
        case fatal

        public static func < (left: Severity, right: Severity) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// keepalived's class of the message, which decides the exit status of a configuration test.
    public enum Category: Hashable, Sendable {
        case general
        /// keepalived says nothing here; the configuration test counts it only when it is strict.
        case advice
        case missingParameter
        case security
        case fileNotFound
        /// A file that had to exist (`includer`, `includea` …) does not.
        case requiredFileNotFound
    }

    public let severity: Severity
    public let category: Category
    public let location: SourceLocation
    /// In keepalived's words where keepalived has them.
    public let message: String

    public init(
        _ severity: Severity, _ message: String, at location: SourceLocation, category: Category = .general
    ) {
        self.severity = severity
        self.category = category
        self.location = location
        self.message = message
    }

    /// `FILE:LINE:COLUMN: error: …`, then the line and a caret under the word; control characters become `?`.
    public var rendered: String {
        let heading = "\(location): \(severity): \(message)"
        guard location.line > 0, !location.text.isEmpty else { return printable(heading) }
        let indentation = location.text.unicodeScalars.prefix(location.column - 1).map { $0 == "\t" ? "\t" : " " }
        return [heading, location.text, indentation.joined() + "^"].map(printable).joined(separator: "\n")
    }
}

extension Diagnostic: CustomStringConvertible {
    public var description: String { "\(location): \(severity): \(message)" }
}

extension Diagnostic.Severity: CustomStringConvertible {
    public var description: String {
        switch self {
        case .note: "note"
        case .warning: "warning"
        case .error: "error"
        case .fatal: "fatal error"
        }
    }
}

/// A terminal must not obey what a file contains.
private func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) || $0 == UInt8(ascii: "\t") }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
        result.append(isControl ? "?" : scalar)
    }
    return String(result)
}
