/// What a program wrote before it ended, as far as it says why.
enum LastWords {
    private static let count = 4
    /// What daemons say at every end.
    private static let farewells = ["CPU usage", "Stopped", "Stopping", "exited with permanent error", "Released DBus"]

    /// The last lines that tell anything, without the daemon's own time.
    static func telling(_ lines: [String]) -> [String] {
        lines.map(withoutTime).filter { line in !farewells.contains { line.contains($0) } }.suffix(count)
    }

    /// Takes away a time such as `Sat Nov 28 12:24:18 2026: `.
    static func withoutTime(_ line: String) -> String {
        let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
        guard words.count == 6, words[3].contains(":"), words[4].hasSuffix(":"),
            words[4].dropLast().allSatisfy(\.isNumber)
        else { return line }
        return String(words[5])
    }
}
