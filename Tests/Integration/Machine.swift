import LinuxSystem
import NetnsKit

/// A node that plays the machine of a user: the programs under test run in it, and what they leave is easy to count.
enum Machine {
    static let name = "machine"

    static let topology = Topology([
        NodeDescription(name, [], exposedPaths: hiddenDirectories)
    ])

    /// Two routers on a segment, as every failover test needs them.
    static let pair = Topology(
        [("node1", 11), ("node2", 12)].map { name, host in
            NodeDescription(
                name, [InterfaceDescription("eth0", on: "lan", ["192.168.1.\(host)/24"])],
                exposedPaths: hiddenDirectories)
        })

    /// A program that was built with the tests.
    static func program(_ name: String) -> String {
        "\(RunningProgram.directory)/\(name)"
    }

    /// The build directory, where a node's private directories would hide it.
    private static var hiddenDirectories: [String] {
        let directory = RunningProgram.directory
        let isHidden = NodeDescription.standardPrivateDirectories.contains { directory.hasPrefix($0 + "/") }
        return isHidden ? [directory] : []
    }

    /// Runs a program on a machine of its own.
    static func run(
        _ program: String, _ arguments: [String], within limit: Duration = .seconds(30),
        files: [String: String] = [:]
    ) async throws -> CommandResult? {
        try await Lab.run(topology) { lab in
            for (path, contents) in files { try lab[name].write(contents, to: path) }
            let path = program.hasPrefix("/") ? program : self.program(program)
            return try await lab[name].run(path, arguments, within: limit)
        }
    }
}
