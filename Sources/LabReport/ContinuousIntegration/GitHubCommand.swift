/// The commands that GitHub Actions takes from a step's output, and output that is none.
public enum GitHubCommand {
    /// What begins something that is folded, until `endGroup`.
    public static func group(_ title: String) -> String { "::group::\(data(title))" }

    public static let endGroup = "::endgroup::"

    /// Has the runner take no commands until `resume` with the same token, which nobody else may guess.
    public static func stop(until token: String) -> String { "::stop-commands::\(token)" }

    /// Ends what `stop` began.
    public static func resume(_ token: String) -> String { "::\(token)::" }

    /// A token that no program under test can know.
    public static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        return "labrun-" + (0..<2).map { _ in String(generator.next() as UInt64, radix: 16) }.joined()
    }

    /// How loud an annotation is.
    public enum Level: String, Sendable {
        case error, warning, notice
    }

    /// A message beside the run, and beside the line of a file when one is given.
    ///
    /// - Parameter file: relative to the workspace.
    public static func annotation(
        _ level: Level, _ message: String, title: String, file: String? = nil, line: Int? = nil
    ) -> String {
        let values = [("file", file), ("line", line.map { "\($0)" }), ("title", title)]
        let properties = values.compactMap { key, value in value.map { "\(key)=\(property($0))" } }
        return "::\(level.rawValue) \(properties.joined(separator: ","))::\(data(message))"
    }

    /// A line that is no command, whoever wrote it: commands may be indented, and the older form may stand anywhere in
    /// a line.
    public static func inert(_ line: String) -> String {
        let text = line.replacing("##[", with: "# #[")
        guard text.drop(while: { $0.isWhitespace }).hasPrefix("::") else { return text }
        return text.replacing("::", with: ": :", maxReplacements: 1)
    }

    private static func data(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func property(_ text: String) -> String {
        data(text).unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case ":": escaped += "%3A"
            case ",": escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
