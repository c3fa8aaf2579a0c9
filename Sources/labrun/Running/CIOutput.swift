import LabReport
import LinuxSystem
import NetnsKit
import Wire

/// What a job's log shows: each part folded where the system folds, and nothing that a program said taken for a
/// command.
struct CIOutput: Sendable {
    let system: CISystem
    /// Where text goes.
    let descriptor: Int32

    /// Shows lines that somebody else may have written, folded below a title.
    ///
    /// - Parameter isCollapsed: whether they are hidden until somebody asks for them, where there is a choice.
    func group(_ title: String, _ text: String, isCollapsed: Bool) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Terminal.printable(String($0)) }
        switch system {
        case .github:
            let token = GitHubCommand.token()
            say([GitHubCommand.group(title), GitHubCommand.stop(until: token)])
            say(lines.map(GitHubCommand.inert))
            say([GitHubCommand.resume(token), GitHubCommand.endGroup])
        case .gitlab:
            let section = GitLabSection(title)
            say([section.begin(title, at: Self.now, isCollapsed: isCollapsed)] + lines + [section.end(at: Self.now)])
        case .auto, .none, .plain:
            say([title] + lines)
        }
    }

    /// Shows one line in any case.
    func line(_ text: String) {
        let line = Terminal.printable(text)
        say([system == .github ? GitHubCommand.inert(line) : line])
    }

    /// Lets a body write what it wants, and takes no command from it.
    func quoting<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard system == .github else { return try body() }
        let token = GitHubCommand.token()
        say([GitHubCommand.stop(until: token)])
        defer { say([GitHubCommand.resume(token)]) }
        return try body()
    }

    /// A line of JSON with the same meaning in which no command is seen.
    func json(_ line: String) -> String {
        system == .github ? line.replacing("##[", with: #"#\u0023["#) : line
    }

    private func say(_ lines: [String]) {
        Terminal.say(lines.joined(separator: "\n"), to: descriptor)
    }

    /// In seconds since 1970.
    private static var now: Int {
        let now: Duration = (MonotonicClock.now - Instant.zero) + .nanoseconds(MonotonicClock.offsetToRealTime)
        return Int(now.components.seconds)
    }
}
