/// A path with `*` and `?` in its last parts, as an `include` line has it.
struct PathPattern: Hashable, Sendable {
    private let pattern: [Character]

    init(_ text: String) {
        pattern = Array(text)
    }

    /// Whether a path is meant; a star does not reach over a slash.
    func matches(_ path: String) -> Bool {
        matches(pattern[...], Array(path)[...])
    }

    private func matches(_ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "*":
            if matches(rest, path) { return true }
            guard let next = path.first, next != "/" else { return false }
            return matches(pattern, path.dropFirst())
        case "?":
            guard let next = path.first, next != "/" else { return false }
            return matches(rest, path.dropFirst())
        default:
            return path.first == first && matches(rest, path.dropFirst())
        }
    }
}
