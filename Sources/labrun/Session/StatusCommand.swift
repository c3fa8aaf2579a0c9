import ArgumentParser
import NetnsKit

/// `labrun status`.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which labs are up, since when, what runs in them, and which faults are in force.")

    @OptionGroup var session: SessionOptions

    @Flag(name: .long, help: "Write one JSON document, a list of labs.")
    var json = false

    func run() throws {
        let directory = try SessionDirectory.opened()
        let names = directory.names.filter { session.name == nil || $0 == session.name }
        var labs: [LabStatus] = []
        for name in names where directory.isAlive(name) {
            guard case .status(let status) = try SessionClient(named: name).ask(.status) else { continue }
            labs.append(status)
        }
        for name in names where !directory.isAlive(name) {
            Terminal.complain("'\(name)' has died without being taken down: labrun down --name \(name) clears up")
        }
        if json {
            Terminal.say(try JSONLines.line(labs))
        } else {
            for line in labs.flatMap(\.text) { Terminal.say(line) }
        }
        guard labs.isEmpty else { return }
        Terminal.complain("no lab is up: labrun up step4 builds one")
        throw ExitCode(ExitStatus.nothingRan.rawValue)
    }
}
