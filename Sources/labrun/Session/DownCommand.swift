import ArgumentParser
import Glibc
import LinuxSystem
import Wire

/// `labrun down`.
struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the lab that is up, and make sure that nothing of it is left.")

    @OptionGroup var session: SessionOptions

    func run() throws {
        let directory = try SessionDirectory.opened()
        let names = directory.names
        guard let name = try session.name ?? only(of: names, directory), names.contains(name) else {
            Terminal.complain(session.name.map { "no lab '\($0)' is up" } ?? "no lab is up")
            throw ExitCode(ExitStatus.nothingRan.rawValue)
        }
        guard directory.isAlive(name) else {
            directory.clear(name)
            return Terminal.say("'\(name)' had died without being taken down; what it left is cleared")
        }
        guard let server = directory.server(of: name) else {
            Terminal.complain("'\(name)' is being started this very moment: try again")
            throw ExitCode(ExitStatus.nothingRan.rawValue)
        }
        let processes = ProcessTree.all(below: server)
        try end(name, server, directory)
        let left = processes.filter { process in
            // Who is dead and waits to be collected is somebody else's business.
            ProcessIdentity(process.pid).map { $0.start == process.start && !$0.isZombie } ?? false
        }
        guard left.isEmpty else {
            Terminal.complain("still there: " + left.map { "\($0.name) (\($0.pid))" }.joined(separator: ", "))
            throw ExitCode(ExitStatus.failed.rawValue)
        }
        Terminal.say("'\(name)' is down: \(processes.count) processes have ended, and nothing is left")
    }

    private func only(of names: [String], _ directory: SessionDirectory) throws -> String? {
        let alive = names.filter(directory.isAlive)
        if alive.count > 1 {
            throw ValidationError("several labs are up: say which with --name: \(alive.joined(separator: ", "))")
        }
        return alive.first ?? names.first
    }

    /// How long an orderly end may take before it is a disorderly one.
    private static let patience: Duration = .seconds(10)

    private func end(_ name: String, _ server: Int32, _ directory: SessionDirectory) throws {
        guard let handle = try? ProcessHandle(server) else { return }
        // One that is not listening yet is asked by signal.
        if let connection = try? LocalConnection(to: directory.socket(of: name)) {
            try connection.send(SessionRequest.end)
            _ = try? connection.receive()
        } else {
            kill(server, SIGTERM)
        }
        let loop = try EventLoop()
        try loop.watch(handle.descriptor, as: 0)
        if try loop.wait(until: MonotonicClock.now + Self.patience).isEmpty {
            kill(server, SIGKILL)
            _ = try loop.wait(until: MonotonicClock.now + Self.patience)
            directory.clear(name)
        }
    }
}

/// Processes by their parents.
private enum ProcessTree {
    /// A process and all that it started, and those that they did, as far as they can be seen now.
    static func all(below root: Int32) -> [ProcessIdentity] {
        let known = Dictionary(grouping: ProcessIdentity.allNumbers.compactMap { ProcessIdentity($0) }, by: \.parent)
        var found = ProcessIdentity(root).map { [$0] } ?? []
        var next = 0
        while next < found.count {
            found += known[found[next].pid] ?? []
            next += 1
        }
        return found
    }
}
