import NetnsKit

extension Runner {
    /// Runs a step's network with its files, its daemons and the services that they watch, for as long as the body
    /// takes; nothing is judged.
    ///
    /// A daemon runs on every node for which the step has a configuration; a service is a program among the step's
    /// files that lies in `/run`.
    public func practice<Result: Sendable>(
        _ step: LabStep, _ body: @Sendable (Lab) async throws -> Result
    ) async throws -> Result? {
        guard let contents = step.variants[variant], var topology = contents.scenarios.first?.topology else {
            return nil
        }
        for index in topology.nodes.indices { topology.nodes[index].exposedPaths += daemons.hiddenDirectories }
        return try await Lab.run(topology) { lab in
            let run = ScenarioRun(lab: lab, daemons: daemons, files: contents.files)
            for file in contents.files { try lab[file.node].write(file.contents, to: file.path, mode: file.mode) }
            for file in contents.files where file.path.hasPrefix("/run/") { try lab[file.node].start(file.path) }
            for file in contents.files where file.path.hasSuffix(".conf") { try run.start(file.node) }
            return try await body(lab)
        }
    }
}
