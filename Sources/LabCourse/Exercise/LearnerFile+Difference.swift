extension LearnerFile {
    /// How somebody's file becomes the solution.
    ///
    /// Comments, blank lines and the width of spaces are everybody's own business; only a script's first line is not.
    ///
    /// - Parameter written: the learner's; nil when there is none.
    public func difference(from written: SourceFile?) -> TextDifference {
        TextDifference(from: Self.lines(of: written?.text ?? ""), to: Self.lines(of: solution)) { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = words.first else { return nil }
            let isComment = first.hasPrefix("#") || (role == .configuration && first.hasPrefix("!"))
            return isComment && !first.hasPrefix("#!/") ? nil : words.joined(separator: " ")
        }
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
