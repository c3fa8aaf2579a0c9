import LinuxSystem
import NetnsKit
import Timeline

/// What a daemon's own test of a configuration says, as in `keepalived -t`.
public struct ConfigurationTest: Hashable, Sendable {
    public var node: String
    public var lines: [String]
    /// nil when it did not end by itself.
    public var exit: Int32?

    fileprivate init(_ node: String, _ result: CommandResult?) {
        self.node = node
        lines = result?.lines ?? []
        guard let result, case .exited(code: let code) = result.status else { return }
        exit = code
    }
}

extension LabStep {
    /// Has a daemon test somebody's configurations, each in the node that it is for.
    public func configurationTests(
        of written: [SourceFile], by program: DaemonProgram
    ) async throws -> [ConfigurationTest] {
        guard let scenario = scenarios(.yours, files: written).first else { return [] }
        var topology = scenario.topology
        for index in topology.nodes.indices {
            topology.nodes[index].exposedPaths += [program.hiddenDirectory].compactMap(\.self)
        }
        return try await Lab.run(topology) { lab in
            for file in scenario.files { try lab[file.node].write(file) }
            var tests: [ConfigurationTest] = []
            for file in files where file.role == .configuration && written.contains(where: { $0.path == file.path }) {
                for node in file.nodes {
                    let result = try await lab[node].run(program.path, ["-t", "-f", file.path])
                    tests.append(ConfigurationTest(node, result))
                }
            }
            return tests
        }
    }
}
