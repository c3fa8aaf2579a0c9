/// What is folded in a job's log at GitLab.
public struct GitLabSection: Sendable {
    private let name: String

    /// - Parameter name: of letters, digits, `_`, `.` and `-`; others are replaced. Unique in the job.
    public init(_ name: String) {
        self.name = String(
            name.map { character in
                let isWord = character.isASCII && (character.isLetter || character.isNumber)
                return isWord || "_.-".contains(character) ? character : "_"
            })
    }

    /// The line that begins the section.
    ///
    /// - Parameters:
    ///   - title: stays visible.
    ///   - time: in seconds since 1970.
    public func begin(_ title: String, at time: Int, isCollapsed: Bool) -> String {
        "\u{1B}[0Ksection_start:\(time):\(name)\(isCollapsed ? "[collapsed=true]" : "")\r\u{1B}[0K\(title)"
    }

    /// The line that ends the section.
    public func end(at time: Int) -> String {
        "\u{1B}[0Ksection_end:\(time):\(name)\r\u{1B}[0K"
    }
}
