import ArgumentParser
import Glibc
import LinuxSystem

/// Somebody who talks to a standing lab.
struct SessionClient: ~Copyable {
    let name: String
    let connection: LocalConnection

    /// Finds a lab that is up: the named one, or the only one.
    ///
    /// - Throws: exit code 3, after one sentence, when there is none.
    init(named wanted: String?) throws {
        let directory = try SessionDirectory.opened()
        let name = try wanted ?? Self.only(in: directory)
        do {
            connection = try LocalConnection(to: directory.socket(of: name))
        } catch {
            if directory.isAlive(name) {
                try Self.refuse("'\(name)' is still being built: try again in a moment")
            }
            let hasDied = directory.names.contains(name)
            try Self.refuse(
                hasDied
                    ? "'\(name)' has died without being taken down: labrun down clears what it left"
                    : wanted == nil
                        ? "no lab is up: labrun up step4 builds one"
                        : "no lab '\(name)' is up: labrun up step4 --name \(name) builds one")
        }
        self.name = name
    }

    /// Whether there is a lab that would be found.
    static func isUp(_ name: String?) throws -> Bool {
        let directory = try SessionDirectory.opened()
        return directory.names.contains { (name == nil || $0 == name) && directory.isAlive($0) }
    }

    /// The name that is meant when nobody says one.
    private static func only(in directory: SessionDirectory) throws -> String {
        let alive = directory.names.filter(directory.isAlive)
        if alive.count > 1 {
            throw ValidationError("several labs are up: say which with --name: \(alive.joined(separator: ", "))")
        }
        return alive.first ?? directory.names.first ?? SessionDirectory.standardName
    }

    private static func refuse(_ sentence: String) throws -> Never {
        Terminal.complain(sentence)
        throw ExitCode(ExitStatus.nothingRan.rawValue)
    }

    /// Asks once and waits for the answer; a refusal is one sentence and an exit code.
    borrowing func ask(_ request: SessionRequest) throws -> SessionReply {
        try connection.send(request)
        return try answer()
    }

    /// Waits for the next answer.
    borrowing func answer() throws -> SessionReply {
        guard let message = try connection.receive() else { throw Self.lost() }
        let reply = try SessionMessage.value(SessionReply.self, from: message.octets)
        if case .refused(let sentence, let code) = reply {
            Terminal.complain(sentence)
            throw ExitCode(code)
        }
        return reply
    }

    /// The other side went in the middle.
    static func lost() -> ExitCode {
        Terminal.complain("the lab has ended")
        return ExitCode(ExitStatus.nothingRan.rawValue)
    }
}

extension SessionDirectory {
    /// The directory, or one sentence about why it cannot be used.
    static func opened() throws -> SessionDirectory {
        do throws(SystemError) {
            return try SessionDirectory()
        } catch {
            throw ValidationError(
                "standing labs have no place (\(error)): set \(SessionDirectory.variable) to a directory of your own")
        }
    }
}

/// Which of several standing labs is meant.
struct SessionOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Which lab, when several are up.", valueName: "name"))
    var name: String?

    func validate() throws {
        if let name, !SessionDirectory.isName(name) {
            throw ValidationError("--name \(name): up to 24 small letters, digits and dashes are wanted")
        }
    }
}
