import LinuxSystem

/// A program with its arguments, and as whom it runs.
struct PreparedScript: Hashable, Sendable {
    /// The program first.
    var arguments: [String]
    var account: UserAccount
    /// With script security on, nobody but root may be able to change what runs as root, also at the time of the start.
    var mustBeSafe = false

    /// A session and an environment of its own, nothing to read, nowhere to write.
    var request: ProgramRequest {
        var request = ProgramRequest(path, arguments)
        request.directory = "/"
        if account != .own { request.identity = (account.user, account.group) }
        return request
    }

    /// A name without a slash is looked up where programs are.
    var path: String {
        let program = arguments[0]
        guard !program.contains("/") else { return program }
        let directories = ProgramRequest.standardPath.split(separator: ":")
        return directories.lazy.map { "\($0)/\(program)" }.first { RunningProgram.isExecutable($0) } ?? program
    }

    /// `</path` in the place of a program only asks whether the file can be read.
    var testedFile: String? {
        arguments[0].hasPrefix("<") ? String(arguments[0].dropFirst()) : nil
    }

    /// Looks at the program once more: its way may have changed since the configuration was read.
    func checkSafety() throws(UnsafeScript) {
        guard mustBeSafe, let file = ScriptFile(at: path) else { return }
        guard file.isSafe(for: account) else { throw UnsafeScript(path: path) }
    }
}

/// A program that others than root have become able to change.
struct UnsafeScript: Error, Hashable, Sendable, CustomStringConvertible {
    let path: String

    var description: String { "others than root can change \(path) or the way to it" }
}
